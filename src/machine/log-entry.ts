/**
 * The state-machine contract as the consensus layer states it. Repeated here because this layer
 * does not import consensus; the two are checked against each other structurally where they meet.
 */

/** A request as the primary is about to turn it into a prepare. */
export interface AdmissionInput {
  readonly operation: number;
  readonly userId: number;
  readonly client: bigint;
  /** Replicated timestamp the prepare will carry, microseconds. */
  readonly timestamp: number;
  /** Op the prepare will have. */
  readonly op: number;
  readonly body: Uint8Array;
}

/** The form in which a request enters the log, or the reason why it does not. */
export type AdmissionResult =
  | {
      readonly kind: 'accept';
      /** Operation of the log entry; it can differ from the one requested. */
      readonly operation: number;
      readonly body: Uint8Array;
      /** The body lies behind a header's worth of free bytes in an array that nobody else has. */
      readonly hasRoom?: boolean;
      /** Low 64 bits of `checksum_body`; absent = XXH3-64 of the body. */
      readonly bodyChecksum?: bigint;
    }
  /** Refused with a status code; leaves no trace in the log. */
  | { readonly kind: 'deny'; readonly status: number }
  /** The operation may not come from a client: eviction reason. */
  | { readonly kind: 'evict'; readonly reason: number };

/** One committed log entry. */
export interface LogEntry {
  readonly op: number;
  readonly operation: number;
  readonly client: bigint;
  /** Acting user, stamped by the primary. */
  readonly userId: number;
  readonly request: bigint;
  /** Replicated timestamp, microseconds; strictly increasing within a group. */
  readonly timestamp: number;
  /** Aliases the stored prepare; not kept and not changed. */
  readonly body: Uint8Array;
}

/** What applying an entry produced. */
export interface ApplyResult {
  /** Reply body exactly as the client shall see it. */
  readonly body: Uint8Array;
  /** Users whose sessions end in this same apply (deleted or set inactive). */
  readonly endedUsers?: readonly number[];
  /** The other nodes should hear of the commit at once: partitions wait for it. */
  readonly isUrgent?: boolean;
}
