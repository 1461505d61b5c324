import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writevSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { DirectorySyncs } from './directory-syncs.js';
import { errnoOf, isOutOfDescriptors } from './errno.js';

/** A file kept open for appending and reading. */
export interface OpenFile {
  readonly fd: number;
  length: number;
  /** Bytes the file takes up, if that was asked for; more than its length until it is full. */
  reserved: number;
  /** Up to here a sync reported success. */
  synced: number;
  /** Did not exist before, and its directory entry is not durable yet. */
  fresh: boolean;
  /** Syncs under way; the descriptor stays open until they are back. */
  syncing: number;
  /** No longer the file of its path: closed with its last sync. */
  detached: boolean;
  /** A failed append left bytes behind. */
  torn: boolean;
}

/** Descriptors of the files in use, at most `limit` idle ones, least recently used closed first. */
export class OpenFiles {
  #limit: number;
  readonly #files = new Map<string, OpenFile>();
  readonly #directories: DirectorySyncs;

  constructor(directories: DirectorySyncs, limit = 512) {
    this.#directories = directories;
    this.#limit = limit;
  }

  get(path: string): OpenFile | undefined {
    return this.#files.get(path);
  }

  /** Opens for reading and appending; without `create` a missing file gives `undefined`. */
  open(path: string, create: boolean): OpenFile | undefined {
    const known = this.#files.get(path);
    if (known !== undefined) {
      // Moved to the end, so that the map runs from the least to the most recently used.
      this.#files.delete(path);
      this.#files.set(path, known);
      return known;
    }
    const opened = this.#withRoom(() => {
      return openExisting(path) ?? (create ? this.#create(path) : undefined);
    });
    if (opened === undefined) return undefined;
    // Before it is one of them: where all others are in use, it would be the one to go.
    this.#shrink(this.#limit - 1);
    this.#files.set(path, opened);
    return opened;
  }

  /** The path names another file from now on, or none. What was reserved and not used is given back. */
  detach(path: string): void {
    const file = this.#files.get(path);
    if (file !== undefined && file.reserved > file.length) giveBack(file);
    this.forget(path);
  }

  /** The same for a file whose length was changed by others. */
  forget(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    file.detached = true;
    closeIfDone(file);
  }

  detachUnder(directory: string): void {
    for (const path of [...this.#files.keys()]) {
      if (path === directory || path.startsWith(`${directory}/`)) this.detach(path);
    }
  }

  entries(): readonly (readonly [string, OpenFile])[] {
    return [...this.#files];
  }

  /**
   * The process has no descriptors left: from now on half as many stay open.
   * @returns whether some were closed
   */
  makeRoom(): boolean {
    const before = this.#files.size;
    this.#limit = Math.max(1, Math.floor(Math.min(this.#limit, before) / 2));
    this.#shrink(this.#limit);
    return this.#files.size < before;
  }

  /** Other users of descriptors come and go, so a failure for want of them is tried once more. */
  #withRoom<T>(opening: () => T): T {
    try {
      return opening();
    } catch (error) {
      if (!isOutOfDescriptors(error) || !this.makeRoom()) throw error;
      return opening();
    }
  }

  #create(path: string): OpenFile {
    const directory = dirname(path);
    this.#directories.make(directory);
    const fd = openSync(path, constants.O_CREAT | constants.O_RDWR, 0o600);
    this.#directories.touch(directory);
    return { ...atRest, fd, length: 0, synced: 0, fresh: true };
  }

  #shrink(limit: number): void {
    if (this.#files.size <= limit) return;
    for (const [path, file] of this.#files) {
      if (this.#files.size <= limit) return;
      if (file.syncing === 0 && file.synced === file.length && !file.fresh) this.detach(path);
    }
  }
}

const atRest = { reserved: 0, syncing: 0, detached: false, torn: false } as const;

/** Appends all chunks or none. @throws the error of the system call, with `torn` set if none failed */
export function appendAll(file: OpenFile, chunks: readonly Uint8Array[]): void {
  let total = 0;
  for (const chunk of chunks) total += chunk.length;
  try {
    // Not opened for appending: what was reserved lies behind the end.
    let written = writevSync(file.fd, chunks, file.length);
    if (written < total) {
      // Rare: room for a part only. The next call says why.
      let skipped = 0;
      for (const chunk of chunks) {
        if (skipped + chunk.length > written) {
          const rest = chunk.subarray(written - skipped);
          written += writevSync(file.fd, [rest], file.length + written);
        }
        skipped += chunk.length;
      }
      if (written < total) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
    }
    file.length += total;
  } catch (error) {
    try {
      ftruncateSync(file.fd, file.length);
      file.reserved = 0;
    } catch {
      file.torn = true;
    }
    throw error;
  }
}

/** Has the file take up so many bytes; nothing is cut off. */
export function reserveUpTo(file: OpenFile, length: number): void {
  if (length <= Math.max(file.length, file.reserved)) return;
  ftruncateSync(file.fd, length);
  file.reserved = length;
}

/** Cuts off what was reserved and not used; left where it is, the next start cuts it. */
function giveBack(file: OpenFile): void {
  try {
    ftruncateSync(file.fd, file.length);
  } catch {
    // Zeros behind the data are allowed.
  }
}

/** Makes what was appended so far durable; `done` gets the errno name of a failure. */
export function syncData(file: OpenFile, done: (code?: string) => void): void {
  const covered = file.length;
  file.syncing += 1;
  fdatasync(file.fd, (error) => {
    file.syncing -= 1;
    if (error === null) file.synced = Math.max(file.synced, covered);
    closeIfDone(file);
    done(error === null ? undefined : errnoOf(error));
  });
}

/** Up to `length` bytes from `offset`. */
export function readAt(file: OpenFile, offset: number, length: number): Uint8Array {
  // Filled by the reads below, and cut to what they gave: zeros first would cost as much as reading.
  const room = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, file.length - offset)));
  const bytes = new Uint8Array(room.buffer);
  let got = 0;
  while (got < bytes.length) {
    const count = readSync(file.fd, bytes, got, bytes.length - got, offset + got);
    if (count === 0) break;
    got += count;
  }
  return got === bytes.length ? bytes : bytes.subarray(0, got);
}

function openExisting(path: string): OpenFile | undefined {
  try {
    const fd = openSync(path, constants.O_RDWR);
    const { size } = fstatSync(fd);
    return { ...atRest, fd, length: size, synced: size, fresh: false };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function closeIfDone(file: OpenFile): void {
  if (file.detached && file.syncing === 0) closeSync(file.fd);
}
