import { PartitionCounters, type TrafficCounters } from './counters.js';

/** What a new partition starts with. */
export interface PartitionFields {
  readonly id: number;
  readonly consensusGroupId: number;
  readonly createdAt: number;
  readonly createdRevision: number;
  readonly deletedUpToOffset?: number;
  readonly purgeGeneration?: number;
}

/** The replicated description of one partition; its data is elsewhere. */
export class Partition {
  readonly id: number;
  readonly consensusGroupId: number;
  readonly createdAt: number;
  /** Tells incarnations of a reused id apart. */
  readonly createdRevision: number;
  /** Sealed segments ending at or below this offset shall go; 0 = none. */
  deletedUpToOffset: number;
  purgeGeneration: number;
  readonly counters: PartitionCounters;

  constructor(fields: PartitionFields, parent: TrafficCounters) {
    this.id = fields.id;
    this.consensusGroupId = fields.consensusGroupId;
    this.createdAt = fields.createdAt;
    this.createdRevision = fields.createdRevision;
    this.deletedUpToOffset = fields.deletedUpToOffset ?? 0;
    this.purgeGeneration = fields.purgeGeneration ?? 0;
    this.counters = new PartitionCounters(parent, this.purgeGeneration);
  }

  /** Moves on to the next purge and forgets what reads report. */
  purge(): void {
    this.purgeGeneration += 1;
    this.deletedUpToOffset = 0;
    this.counters.purge(this.purgeGeneration);
  }
}
