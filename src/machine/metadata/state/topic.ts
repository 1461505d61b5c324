import { ConsumerGroup } from '../groups/consumer-group.js';
import type { OptionMap } from '../options/option-map.js';
import type { StorageSettings } from '../options/topic-settings.js';
import { TrafficCounters } from './counters.js';
import { Partition, type PartitionFields } from './partition.js';

/** Settings that an update can change; kept beside the options they came from. */
export interface TopicLimits {
  /** 1 none, 2 gzip; informational. */
  readonly compression: number;
  /** Microseconds; 2^64-1 = never. */
  readonly messageExpiry: bigint;
  /** Bytes; 2^64-1 = unlimited. */
  readonly maxTopicSize: bigint;
}

export interface TopicFields {
  readonly id: number;
  readonly streamId: number;
  readonly name: string;
  readonly createdAt: number;
  readonly limits: TopicLimits;
  readonly options: OptionMap;
  readonly storage: StorageSettings;
}

/** A topic with its partitions and consumer groups. */
export class Topic {
  readonly id: number;
  readonly streamId: number;
  readonly createdAt: number;
  name: string;
  limits: TopicLimits;
  options: OptionMap;
  readonly storage: StorageSettings;
  readonly counters: TrafficCounters;
  /** By ascending id; ids are dense because only the last ones are ever deleted. */
  readonly partitions: Partition[] = [];
  /** By ascending id, since ids only grow. */
  readonly groups = new Map<number, ConsumerGroup>();
  readonly #groupsByName = new Map<string, ConsumerGroup>();
  #nextGroupId = 0;
  #partitionIds: readonly number[] | undefined;

  constructor(fields: TopicFields, streamCounters: TrafficCounters) {
    this.id = fields.id;
    this.streamId = fields.streamId;
    this.name = fields.name;
    this.createdAt = fields.createdAt;
    this.limits = fields.limits;
    this.options = fields.options;
    this.storage = fields.storage;
    this.counters = new TrafficCounters(streamCounters);
  }

  get nextGroupId(): number {
    return this.#nextGroupId;
  }

  /** One above the highest live partition id. */
  get nextPartitionId(): number {
    const last = this.partitions.at(-1);
    return last === undefined ? 0 : last.id + 1;
  }

  partition(id: number): Partition | undefined {
    const dense = this.partitions[id];
    if (dense === undefined || dense.id === id) return dense;
    return this.partitions.find((partition) => partition.id === id);
  }

  /** Ids of the partitions, ascending. */
  get partitionIds(): readonly number[] {
    this.#partitionIds ??= this.partitions.map((partition) => partition.id);
    return this.#partitionIds;
  }

  addPartition(fields: PartitionFields): Partition {
    const partition = new Partition(fields, this.counters);
    this.partitions.push(partition);
    this.#partitionIds = undefined;
    return partition;
  }

  /** Removes the partition with the highest id. */
  removeLastPartition(): Partition | undefined {
    const partition = this.partitions.pop();
    this.#partitionIds = undefined;
    partition?.counters.detach();
    return partition;
  }

  group(identifier: number | string): ConsumerGroup | undefined {
    return typeof identifier === 'number'
      ? this.groups.get(identifier)
      : this.#groupsByName.get(identifier);
  }

  createGroup(name: string): ConsumerGroup {
    const place = { stream: this.streamId, topic: this.id };
    const group = new ConsumerGroup(this.#nextGroupId, name, place);
    this.restoreGroup(group, this.#nextGroupId + 1);
    return group;
  }

  restoreGroup(group: ConsumerGroup, nextId: number): void {
    this.groups.set(group.id, group);
    this.#groupsByName.set(group.name, group);
    this.reserveGroupIds(nextId);
  }

  reserveGroupIds(nextId: number): void {
    if (nextId > this.#nextGroupId) this.#nextGroupId = nextId;
  }

  removeGroup(group: ConsumerGroup): void {
    this.groups.delete(group.id);
    this.#groupsByName.delete(group.name);
  }
}
