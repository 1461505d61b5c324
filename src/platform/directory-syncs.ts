import { mkdirSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './errno.js';

/**
 * Makes the entries of directories durable. Whoever asks while a sync of a directory is under way
 * shares the next one: thousands of files may be made in one directory at a time.
 */
export class DirectorySyncs {
  readonly #root: string;
  readonly #syncOne: (directory: string) => Promise<void>;
  /** Directories with entries that no sync has begun for. */
  readonly #dirty = new Set<string>();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /** @param root the directory that is there already; nothing above it is synced */
  constructor(root: string, sync: (directory: string) => Promise<void>) {
    this.#root = root;
    this.#syncOne = sync;
  }

  /** Makes a directory and those above it, as far as they are missing. */
  make(directory: string): void {
    const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    for (let made = directory; made.length >= first.length; made = dirname(made)) {
      this.#dirty.add(dirname(made));
    }
  }

  /** An entry was made in the directory. */
  touch(directory: string): void {
    this.#dirty.add(directory);
  }

  /** Forgets what was touched. */
  clear(): void {
    this.#dirty.clear();
  }

  /**
   * Makes everything durable that leads to a file in the directory.
   * @param isTouched an entry of it was made or has gone
   * @throws the error of the system call; the directory stays to be synced then
   */
  async settle(directory: string, isTouched = false): Promise<void> {
    if (isTouched) this.#dirty.add(directory);
    const waits: Promise<void>[] = [];
    for (let at = directory; at.length >= this.#root.length; at = dirname(at)) {
      const sync = this.#dirty.has(at) ? this.#sync(at) : this.#underWay.get(at);
      if (sync !== undefined) waits.push(sync);
      if (at === dirname(at)) break;
    }
    await Promise.all(waits);
  }

  #sync(directory: string): Promise<void> {
    const shared = this.#next.get(directory);
    if (shared !== undefined) return shared;
    const before = this.#underWay.get(directory)?.catch(() => undefined) ?? Promise.resolve();
    const mine = before.then(() => this.#begin(directory));
    this.#next.set(directory, mine);
    return mine;
  }

  async #begin(directory: string): Promise<void> {
    this.#next.delete(directory);
    this.#dirty.delete(directory);
    const sync = this.#syncOne(directory);
    this.#underWay.set(directory, sync);
    try {
      await sync;
    } catch (error) {
      this.#dirty.add(directory);
      throw error;
    } finally {
      if (this.#underWay.get(directory) === sync) this.#underWay.delete(directory);
    }
  }
}

/** Syncs a file or a directory; Windows cannot open directories, and needs no such sync. */
export async function syncPath(path: string): Promise<void> {
  if (process.platform === 'win32' && (await stat(path)).isDirectory()) return;
  const handle = await open(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Syncs the directory, or the nearest one above that exists. */
export async function syncNearest(directory: string, root: string): Promise<void> {
  try {
    await syncPath(directory);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || directory === root) throw error;
    await syncNearest(dirname(directory), root);
  }
}
