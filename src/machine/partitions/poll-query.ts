/** Consumer tables of a partition: individual consumers and groups never share an offset. */
export type ConsumerKind = 'consumer' | 'group';

/** Where a poll starts; `value` is an offset or microseconds, and ignored by the other three. */
export interface PollStart {
  readonly strategy: 'offset' | 'timestamp' | 'first' | 'last' | 'next';
  readonly value: bigint;
}

/** A poll after its target and its permission were checked. */
export interface PollQuery {
  readonly consumerKind: ConsumerKind;
  readonly consumer: number;
  readonly start: PollStart;
  /** Most messages wanted. */
  readonly count: number;
  readonly autoCommit: boolean;
}

/** What a poll gave. */
export interface PollAnswer {
  /** Reply body: partition id, current offset, count and batches. */
  readonly body: Uint8Array;
  /** Offset to replicate because of auto-commit; absent = nothing to store. */
  readonly autoCommitOffset?: number;
  /** The body lies behind a header's worth of zeros in an array that nobody else has. */
  readonly hasRoom?: boolean;
}

/** What a poll gave, in pieces that alias stored batches; to be copied before the next call. */
export interface PollParts {
  readonly currentOffset: number;
  /** Messages in all chunks. */
  readonly count: number;
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  /** Offset of the last message, -1 without messages. */
  readonly lastOffset: number;
}
