import { TrafficCounters } from './counters.js';
import { IdSlab } from './id-slab.js';
import { Topic, type TopicFields } from './topic.js';

/** Ids are below these, because a partition's group packs them into 20, 12 and 20 bits. */
export const idCeilings = { streams: 1_048_576, topics: 4_096, partitions: 1_000_000 } as const;

/** A stream with its topics. */
export class Stream {
  readonly id: number;
  readonly createdAt: number;
  name: string;
  readonly counters: TrafficCounters;
  readonly topics = new IdSlab<Topic>();
  readonly #topicsByName = new Map<string, Topic>();

  constructor(id: number, name: string, createdAt: number, totals: TrafficCounters) {
    this.id = id;
    this.name = name;
    this.createdAt = createdAt;
    this.counters = new TrafficCounters(totals);
  }

  topic(identifier: number | string): Topic | undefined {
    return typeof identifier === 'number'
      ? this.topics.get(identifier)
      : this.#topicsByName.get(identifier);
  }

  createTopic(fields: Omit<TopicFields, 'id' | 'streamId'>): Topic {
    const topic = this.topics.add(
      (id) => new Topic({ id, streamId: this.id, ...fields }, this.counters),
    );
    this.#topicsByName.set(topic.name, topic);
    return topic;
  }

  restoreTopic(fields: Omit<TopicFields, 'streamId'>): Topic {
    const topic = new Topic({ streamId: this.id, ...fields }, this.counters);
    this.topics.restore(topic.id, topic);
    this.#topicsByName.set(topic.name, topic);
    return topic;
  }

  renameTopic(topic: Topic, name: string): void {
    this.#topicsByName.delete(topic.name);
    topic.name = name;
    this.#topicsByName.set(name, topic);
  }

  removeTopic(topic: Topic): void {
    this.topics.remove(topic.id);
    this.#topicsByName.delete(topic.name);
    topic.counters.detach();
  }
}

/** All streams. */
export class StreamTable {
  readonly #slab = new IdSlab<Stream>();
  readonly #byName = new Map<string, Stream>();
  /** Sums over all streams. */
  readonly totals = new TrafficCounters();

  get size(): number {
    return this.#slab.size;
  }

  get nextId(): number {
    return this.#slab.nextId;
  }

  find(identifier: number | string): Stream | undefined {
    return typeof identifier === 'number'
      ? this.#slab.get(identifier)
      : this.#byName.get(identifier);
  }

  /** Streams by ascending id. */
  values(): Iterable<Stream> {
    return this.#slab.values();
  }

  create(name: string, createdAt: number): Stream {
    const stream = this.#slab.add((id) => new Stream(id, name, createdAt, this.totals));
    this.#byName.set(name, stream);
    return stream;
  }

  restore(id: number, name: string, createdAt: number): Stream {
    const stream = new Stream(id, name, createdAt, this.totals);
    this.#slab.restore(id, stream);
    this.#byName.set(name, stream);
    return stream;
  }

  rename(stream: Stream, name: string): void {
    this.#byName.delete(stream.name);
    stream.name = name;
    this.#byName.set(name, stream);
  }

  remove(stream: Stream): void {
    this.#slab.remove(stream.id);
    this.#byName.delete(stream.name);
    stream.counters.detach();
  }
}
