/**
 * The files of one partition, as its machine uses them. Names are relative to the partition's
 * directory. Reads see everything appended so far, synced or not; what has to become durable, or
 * goes away, is asked for with {@link PartitionEffect}s.
 */
export interface PartitionStore {
  /** Names in a directory (`''` = the partition's own), in any order; empty when there is none. */
  list(directory: string): readonly string[];
  /** Length of a file in bytes, or `undefined` when there is none. */
  size(file: string): number | undefined;
  /** Up to `length` bytes from `offset`; shorter at the end of the file. May throw. */
  read(file: string, offset: number, length: number): Uint8Array;
  /**
   * The bytes from `offset` on as they lie in memory, not to be changed: at most `length`, fewer
   * where a piece ends. Absent, or `undefined`, where nothing lies in memory.
   */
  view?(file: string, offset: number, length: number): Uint8Array | undefined;
  /** Adds bytes at the end, creating the file when needed. The bytes are not kept. May throw. */
  append(file: string, chunks: readonly Uint8Array[]): void;
  /**
   * Has a file take up `length` bytes ahead of its appends; its size stays what was appended. Zeros
   * may be left behind them by a crash. Absent where it means nothing. May throw.
   */
  reserve?(file: string, length: number): void;
}

/**
 * What a partition asks its host to do, to be begun in list order. Effects with an `id` are
 * answered by one `effectDone`; those of one file complete in the order in which they were begun.
 */
export type PartitionEffect =
  /** Make all earlier appends to the file durable. */
  | { readonly kind: 'sync'; readonly id: number; readonly file: string }
  /** Replace a whole file atomically and durably. */
  | {
      readonly kind: 'replace';
      readonly id: number;
      readonly file: string;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'truncate';
      readonly id: number;
      readonly file: string;
      readonly length: number;
    }
  /** Give a file another name, durably; nothing has the new one. */
  | { readonly kind: 'move'; readonly id: number; readonly from: string; readonly to: string }
  /** A missing file is success. */
  | { readonly kind: 'remove'; readonly id: number; readonly file: string }
  /** Have the replica write a superblock record with the present `offsetFrontier()`. */
  | { readonly kind: 'persist-frontier'; readonly id: number }
  /** Tell the replica that the effects of all ops up to `op` are on disk. */
  | { readonly kind: 'flushed'; readonly op: number }
  /** Tell the replica that the received files are in place, or that the swap failed. */
  | { readonly kind: 'installed'; readonly ok: boolean }
  /** A poll ended at a batch that cannot be decrypted: another key, or none, when it was sent. */
  | { readonly kind: 'unreadable'; readonly offset: number }
  /** Storage failed or replicas have diverged: this replica must stop. */
  | {
      readonly kind: 'halt';
      readonly reason: 'sync_failed' | 'divergence';
      readonly detail: string;
    };
