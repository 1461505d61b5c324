import type { ProposalOutcome } from './proposal.js';
import type { ReplicaTrace } from './trace.js';

/** Numbers a replica wants durable before it speaks for them; encoded by the host. */
export interface SuperblockWrite {
  readonly view: number;
  readonly logView: number;
  readonly commitMax: number;
  readonly checkpointOp: number;
  readonly checkpointChecksum: bigint;
  readonly offsetFrontier: number;
  readonly lostUpTo: number;
  /** Valid prepare headers (256 bytes each) of the log of `logView`, highest op first. */
  readonly viewHeaders: readonly Uint8Array[];
}

/** Why a replica stopped itself. */
export type HaltReason = 'log_frontier' | 'superblock_wedged' | 'sync_failed' | 'divergence';

/**
 * What a replica asks its host to do. The host performs effects in list order. Sends that depend on
 * durability are not emitted before the completion event of the write they depend on.
 *
 * Write numbers are unique per replica and grow; every write is answered by exactly one event.
 */
export type ReplicaEffect =
  /** Best effort; `frame` is complete and sealed and must not be changed. */
  | { readonly kind: 'send'; readonly to: number; readonly frame: Uint8Array }
  /** Append prepares to the journal and sync; one batch, one sync. */
  | {
      readonly kind: 'journal-append';
      readonly write: number;
      readonly entries: readonly Uint8Array[];
    }
  /**
   * Rewrite the journal to hold exactly these entries (drain, discard, truncate): temporary file,
   * sync, rename, directory sync. Appends emitted later go to the new file.
   */
  | {
      readonly kind: 'journal-rewrite';
      readonly write: number;
      readonly entries: readonly Uint8Array[];
      /** Bare header of the last drained op (partitions), or absent. */
      readonly anchor?: Uint8Array;
    }
  /** Write the record to the other superblock slot. */
  | {
      readonly kind: 'superblock-write';
      readonly write: number;
      readonly record: SuperblockWrite;
    }
  /** Write the snapshot file (payload; the host adds the trailer), atomically and durably. */
  | { readonly kind: 'snapshot-write'; readonly write: number; readonly bytes: Uint8Array }
  /** Answer to a `propose` event. */
  | { readonly kind: 'outcome'; readonly token: number; readonly outcome: ProposalOutcome }
  /** Answer to a `read` event; `code` 0 = confirmed, serve now in this same step. */
  | { readonly kind: 'read-outcome'; readonly token: number; readonly code: number }
  /** A record with the offset frontier asked for by `persist-frontier` is durable. */
  | { readonly kind: 'frontier-durable'; readonly token: number }
  /** A node marked `joining` has caught up in this group; the mark may go once all groups have. */
  | { readonly kind: 'rejoined' }
  /** Only while tracing is on. */
  | { readonly kind: 'trace'; readonly event: ReplicaTrace }
  /** The replica stopped for good: drop it as a power cut would. No further effect follows. */
  | { readonly kind: 'halt'; readonly reason: HaltReason; readonly detail: string };
