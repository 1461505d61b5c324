import { IggyctlError } from '../base/index.js';

/** Why a disk operation failed; `code` is the errno name (`ENOSPC`, `EIO`, …). */
export interface DiskFailure {
  readonly code: string;
  readonly path: string;
  readonly operation: 'append' | 'sync' | 'replace' | 'truncate' | 'move' | 'remove' | 'read';
  /** Set when bytes of a failed append could not be cut away again. */
  readonly tornTail?: true;
}

/** What {@link Disk.read} and {@link Disk.append} throw. */
export class DiskError extends IggyctlError<'DISK_FAILED'> {
  readonly failure: DiskFailure;

  constructor(failure: DiskFailure, options?: ErrorOptions) {
    super(
      'DISK_FAILED',
      `cannot ${failure.operation} ${failure.path}: ${failure.code}`,
      { ...failure },
      options,
    );
    this.failure = failure;
  }
}

/** Called exactly once, never from inside the call that was given it. `undefined` means success. */
export type DiskDone = (failure?: DiskFailure) => void;

/** What a file is to hold: all its bytes, or pieces of them in order. */
export type FileContent = Uint8Array | readonly Uint8Array[];

/**
 * The files of one node. Paths are relative to the node's directory and use `/`.
 *
 * Reads are synchronous and see everything appended so far, synced or not. Writes become durable
 * only when the `done` of the `sync` or `replace` that covers them reports success; a crash may keep
 * any part of what was not synced. Operations of one path that report through `done` run in the order
 * of their calls; nothing is appended to a path while one of its replaces or truncates is under way.
 */
export interface Disk {
  /** Names of the entries of a directory in ascending byte order; empty when it does not exist. */
  list(directory: string): readonly string[];
  /** Length of a file in bytes, or `undefined` when there is none. */
  size(path: string): number | undefined;
  /** Up to `length` bytes from `offset`; shorter at the end of the file. @throws DISK_FAILED */
  read(path: string, offset: number, length: number): Uint8Array;
  /**
   * The bytes from `offset` on as they lie in memory, not to be changed: at most `length`, fewer
   * where a piece ends. Absent, or `undefined`, where nothing lies in memory.
   */
  view?(path: string, offset: number, length: number): Uint8Array | undefined;
  /**
   * Adds bytes at the end of a file, creating it (and its directories) when needed. The chunks may be
   * kept, so they must not be changed afterwards. A failed append leaves the file as it was, unless
   * the failure says `tornTail`. @throws DISK_FAILED
   */
  append(path: string, chunks: readonly Uint8Array[]): void;
  /**
   * Makes a file, or finds it, and has it take up `length` bytes at once, so that appends do not make
   * it longer one by one. {@link size} and reads go on to know of what was appended only; after a
   * crash zeros may follow that. Absent where it means nothing. @throws DISK_FAILED
   */
  reserve?(path: string, length: number): void;
  /** Makes all earlier appends to the file, and its directory entry, durable. */
  sync(path: string, done: DiskDone): void;
  /**
   * Replaces a whole file atomically: temporary file, sync, rename, sync of the directory. Content
   * in pieces may be kept like that of {@link append}.
   */
  replace(path: string, content: FileContent, done: DiskDone): void;
  /** Cuts a file to `length` bytes, durably. */
  truncate(path: string, length: number, done: DiskDone): void;
  /**
   * Gives a file or a directory another name, durably; the directories of the new name are made when
   * needed. What has the new name is an error, and so is a missing source. A disk without it cannot
   * put damaged files aside; they are removed instead.
   */
  move?(from: string, to: string, done: DiskDone): void;
  /** Removes a file or a whole directory, durably; a missing one is success. */
  remove(path: string, done: DiskDone): void;
}
