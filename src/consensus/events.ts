import type { Proposal } from './proposal.js';

/** How a journal write ended. */
export type JournalResult = 'ok' | 'append-failed' | 'sync-failed';

/**
 * Everything that can happen to a replica. `now` is wall time in microseconds; it is used for
 * prepare timestamps only, timeouts count ticks of 10 ms.
 */
export type ReplicaEvent =
  /** 10 ms went by. */
  | { readonly kind: 'tick'; readonly now: number }
  /**
   * One whole frame of this group from another replica. The bytes are kept, so they must not be
   * changed and should not alias a large receive buffer. `from` is the sending end of the link.
   */
  | {
      readonly kind: 'frame';
      readonly frame: Uint8Array;
      readonly now: number;
      readonly from?: number;
    }
  /** Gets exactly one `outcome` effect, possibly in a later step. */
  | { readonly kind: 'propose'; readonly proposal: Proposal; readonly now: number }
  /**
   * Completion of a `journal-append` or `journal-rewrite`. Completions come in the order of the
   * effects, except that failed appends of one batch are reported highest write first, so that a
   * primary can hand its claimed ops back one by one. `append-failed` promises that nothing of it
   * is in the file and no sync was issued; everything else that fails is `sync-failed`, after which
   * the replica stops.
   */
  | { readonly kind: 'journal-done'; readonly write: number; readonly result: JournalResult }
  /** Completion of a `superblock-write`; at most one is outstanding. */
  | { readonly kind: 'superblock-done'; readonly write: number; readonly ok: boolean }
  /** Completion of a `snapshot-write`; `ok` = the file is durably in place. */
  | { readonly kind: 'snapshot-done'; readonly write: number; readonly ok: boolean }
  /** Asks for a confirmed read point (linearizable read); answered by one `read-outcome`. */
  | { readonly kind: 'read'; readonly token: number; readonly now: number }
  /** Operator: give up primaryship by starting a view change. */
  | { readonly kind: 'step-down'; readonly now: number }
  /**
   * Partitions: bit i of `up` is set when frames can leave towards replica i. A new group does not
   * wait for the heartbeat of a primary that is not there.
   */
  | { readonly kind: 'links'; readonly up: number }
  /** Partitions: effects of all ops up to `op` are synced, so their entries may leave the journal. */
  | { readonly kind: 'flushed'; readonly op: number }
  /** Partitions: write a superblock record with the machine's current offset frontier. */
  | { readonly kind: 'persist-frontier'; readonly token: number }
  /** Partitions: the files handed to `ArtifactSource.install` are in place, or the swap failed. */
  | { readonly kind: 'installed'; readonly ok: boolean }
  /** Partitions: the group is no more; whoever waits is told. Nothing comes after it. */
  | { readonly kind: 'removed' };
