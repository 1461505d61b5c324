import type { ArtifactSource, SnapshotSource } from './snapshot-source.js';

/** What consensus needs from the state machine it replicates; implemented in `machine`. */

/** A client's request as the primary is about to turn it into a prepare. */
export interface AdmissionRequest {
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
export type Admission =
  | {
      readonly kind: 'accept';
      readonly operation: number;
      readonly body: Uint8Array;
      /**
       * The body lies behind a header's worth of free bytes in an array that nobody else has: the
       * prepare is built there instead of in a copy.
       */
      readonly hasRoom?: boolean;
      /** Low 64 bits of `checksum_body`; absent = XXH3-64 of the body. */
      readonly bodyChecksum?: bigint;
    }
  /** Denied with a status code before replication; leaves no trace in the log. */
  | { readonly kind: 'deny'; readonly status: number }
  /** The session is not at fault but the operation is not allowed: eviction reason. */
  | { readonly kind: 'evict'; readonly reason: number };

/** One committed log entry, given to the machine in op order on every replica. */
export interface CommittedEntry {
  readonly op: number;
  readonly operation: number;
  readonly client: bigint;
  readonly userId: number;
  readonly request: bigint;
  readonly timestamp: number;
  /** Aliases the stored prepare; must not be kept or changed. */
  readonly body: Uint8Array;
}

/** What applying an entry produced. */
export interface Applied {
  /** Reply body: result section and payload exactly as the client shall see them. */
  readonly body: Uint8Array;
  /** Users whose live and retired sessions end in this same apply (deleted or deactivated). */
  readonly endedUsers?: readonly number[];
  /**
   * Clients will notice when the others hear of it late: a primary does not wait for its next
   * heartbeat to say that this is committed.
   */
  readonly isUrgent?: boolean;
}

/** A deterministic state machine: equal entries in equal order give equal states and replies. */
export interface StateMachine {
  /**
   * Primary only: validates and rewrites a request just before its prepare is built. `accept` is
   * always followed by `logged` for the same op, or by the replica's stop.
   */
  admit(request: AdmissionRequest): Admission;
  /**
   * Backup and repair: whether a received body is what its header says (partitions: batch stamps
   * and messages). Absent = `checksum_body` is the XXH3-64 of the body.
   */
  verifyBody?(entry: CommittedEntry, bodyChecksum: bigint): boolean;
  /**
   * The part of {@link verifyBody} that depends on nothing else: for an entry whose place among the
   * others is not settled yet.
   */
  isBodyIntact?(entry: CommittedEntry, bodyChecksum: bigint): boolean;
  /** An entry entered the log of this replica, not yet committed. Ops may come out of order. */
  logged?(entry: CommittedEntry): void;
  /** An uncommitted entry left the log again: handed back, superseded or swept. */
  unlogged?(op: number): void;
  /** Executes one committed entry. Business rejections are results, never exceptions. */
  apply(entry: CommittedEntry): Applied;
  /** A session left the table (logout, eviction, ended user): drops its group memberships. */
  endSession(client: bigint, timestamp: number): void;
  /**
   * Partitions: whether everything up to `floor` is represented by the own files, given the
   * complete log above it. A peer no longer retains those entries.
   */
  connects?(floor: number, window: readonly CommittedEntry[]): boolean;
  /** Partitions: a committed purge is not carried out yet; nothing is acknowledged or served. */
  isPurgePending?(): boolean;
  /** Partitions: next offset this replica would mint; written into every superblock record. */
  offsetFrontier?(): number;
  /**
   * Partitions without a journal: next offset of a log that names none yet; 0 = it does. A log that
   * begins after all replicas lost theirs must not give an offset again.
   */
  offsetFloor?(): number;
  /** This replica takes part in a log whose offsets begin there; 0 = its entries say where. */
  takeOffsetFloor?(floor: number): void;
  /** All replicas lost the log; what was reserved here stays reserved. */
  forgetOffsets?(): void;
  /** Whether what a held entry gives away is durably reserved here, so that it may be acknowledged. */
  mayAcknowledge?(op: number): boolean;
  /** Metadata: checkpoints and state transfer as one file. Absent = no checkpoints. */
  readonly snapshots?: SnapshotSource;
  /** Partitions: state transfer as files. */
  readonly artifacts?: ArtifactSource;
}
