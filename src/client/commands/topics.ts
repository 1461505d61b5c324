import type { Identifier, TopicDetails, TopicRecord } from '../../wire/index.js';
import type { CommandCaller } from '../caller.js';
import type { CallOptions } from '../options.js';
import { type NewTopicSettings, type TopicSettings, topicOptions } from './topic-options.js';

/** What a new topic is like. */
export interface NewTopic extends NewTopicSettings {
  readonly name: string;
  /** 0 to 1,000. */
  readonly partitions: number;
}

/** Commands on topics. */
export class TopicCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  /** The topics of a stream. */
  async list(stream: Identifier, options?: CallOptions): Promise<readonly TopicRecord[]> {
    return (await this.#caller.call('get_topics', { stream_id: stream }, options)).topics;
  }

  /** One topic and its partitions; `null` when there is none. */
  get(stream: Identifier, topic: Identifier, options?: CallOptions): Promise<TopicDetails | null> {
    return this.#caller.call('get_topic', target(stream, topic), options);
  }

  /** Creates a topic; the server chooses its id. */
  create(stream: Identifier, topic: NewTopic, options?: CallOptions): Promise<TopicDetails> {
    const { name, partitions, ...settings } = topic;
    const request = { stream_id: stream, partitions_count: partitions, name };
    return this.#caller.call(
      'create_topic',
      { ...request, options: topicOptions(settings) },
      options,
    );
  }

  /** Gives a topic a name (the current one to keep it) and changes the settings that are given. */
  async update(
    stream: Identifier,
    topic: Identifier,
    change: TopicSettings & { readonly name: string },
    options?: CallOptions,
  ): Promise<void> {
    const { name, ...settings } = change;
    const request = { ...target(stream, topic), name, options: topicOptions(settings) };
    await this.#caller.call('update_topic', request, options);
  }

  async delete(stream: Identifier, topic: Identifier, options?: CallOptions): Promise<void> {
    await this.#caller.call('delete_topic', target(stream, topic), options);
  }

  /** Removes all messages of a topic; offsets start at 0 again. */
  async purge(stream: Identifier, topic: Identifier, options?: CallOptions): Promise<void> {
    await this.#caller.call('purge_topic', target(stream, topic), options);
  }
}

/** Commands on the partitions of a topic. */
export class PartitionCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  /** Adds 1 to 1,000 partitions. */
  async create(
    stream: Identifier,
    topic: Identifier,
    count: number,
    options?: CallOptions,
  ): Promise<void> {
    const request = { ...target(stream, topic), partitions_count: count };
    await this.#caller.call('create_partitions', request, options);
  }

  /** Removes the partitions with the highest ids, with their messages. */
  async delete(
    stream: Identifier,
    topic: Identifier,
    count: number,
    options?: CallOptions,
  ): Promise<void> {
    const request = { ...target(stream, topic), partitions_count: count };
    await this.#caller.call('delete_partitions', request, options);
  }
}

/** Commands on the segments of a partition. */
export class SegmentCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  /** Removes the oldest sealed segments of a partition. */
  async delete(
    stream: Identifier,
    topic: Identifier,
    segments: { readonly partition: number; readonly count: number },
    options?: CallOptions,
  ): Promise<void> {
    const { partition, count } = segments;
    const request = { ...target(stream, topic), partition_id: partition, segments_count: count };
    await this.#caller.call('delete_segments', request, options);
  }
}

/** First fields of every request about a topic. */
export function target(stream: Identifier, topic: Identifier) {
  return { stream_id: stream, topic_id: topic };
}
