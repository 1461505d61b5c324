import type { SuperblockWrite } from './effects.js';

/** A snapshot file whose trailer verified. */
export interface RecoveredSnapshot {
  /** Checkpoint op: the last op whose effects are in it. */
  readonly op: number;
  /** XXH3-64 of the payload. */
  readonly checksum: bigint;
  /** The file without its trailer. Kept by the replica to serve state transfers. */
  readonly payload: Uint8Array;
}

/**
 * What the host found on disk, after it checked everything that needs no knowledge of consensus
 * (slot verification and identity of the superblock, the snapshot's trailer, batch frames and
 * checksums of the journal). An empty object but for `incarnation` is a node that never lived.
 */
export interface RecoveredState {
  /** Random non-zero u64, new at every start: the boot half of view probe nonces. */
  readonly incarnation: bigint;
  /** The newest valid superblock record. */
  readonly superblock?: SuperblockWrite;
  readonly snapshot?: RecoveredSnapshot;
  /** Intact journal entries in file order; of two with one op the later wins. Kept, not copied. */
  readonly entries: readonly Uint8Array[];
  /** Partitions: header of the last drained op, from the anchor batch of the journal. */
  readonly anchor?: Uint8Array;
  /** Partitions: this group lived before, but its journal did not survive (or is in memory). */
  readonly journalLost?: boolean;
  /**
   * The group existed before this boot, whatever is left of it: a replica whose files are gone must
   * not take itself for the first primary of a new group.
   */
  readonly isKnown?: boolean;
  /** The node was wiped on purpose and has not rejoined; it must not vote or acknowledge. */
  readonly joining?: boolean;
}
