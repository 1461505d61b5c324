import type { ConsumerKind, PollAnswer, PollQuery, PollStart } from '../machine/index.js';
import type { GroupStatus } from './consensus-view.js';

export type { ConsumerKind, PollAnswer, PollQuery, PollStart };

/** One partition served by this node. */
export interface PartitionView {
  readonly status: GroupStatus;
  poll(query: PollQuery): PollAnswer;
  /** Stored offset of a consumer, or -1. */
  storedOffset(kind: ConsumerKind, consumer: number): number;
  /** Highest offset a poll may return, 0 for an empty partition. */
  readonly currentOffset: number;
  /** Highest offset ever served to a group on this replica, or -1. */
  lastPolled(group: number): number;
  /** Forgets what was served to a group. */
  forgetPolled(group: number): void;
  /** Applies an offset operation with ack level 0 to this replica only; 0 or the denial's status. */
  applyLocally(operation: number, body: Uint8Array): number;
  /**
   * End offset of the `count`-th oldest sealed segment, 0 when nothing is to be deleted, or
   * `undefined` while this replica cannot tell.
   */
  truncationOffset(count: number): number | undefined;
}

/** The partitions of this node by group (`stream << 32 | topic << 20 | partition`). */
export interface PartitionsView {
  /** `undefined` while the partition is not materialised or being removed. */
  find(group: number): PartitionView | undefined;
  /** Its files cannot be trusted, so it is left alone: whatever it holds, this node cannot tell. */
  isRefused(group: number): boolean;
}
