import { compareBytes, encodeUtf8 } from '../base/index.js';
import { type DiskDone, DiskError, type DiskFailure, type FileContent } from '../ports/index.js';
import type { CrashableDisk } from './crashable-disk.js';
import { MemoryFile } from './memory-file.js';

/** Runs a callback soon, never inside the call. */
export type Defer = (callback: () => void) => void;

/**
 * Files in memory, for as long as the process lives. A sync is a marker that completes at once,
 * which is to say through `defer`; a crash keeps what was synced, as a real disk does.
 */
export class MemoryDisk implements CrashableDisk {
  readonly #defer: Defer;
  readonly #files = new Map<string, MemoryFile>();
  /** Names of the entries of every directory. */
  readonly #directories = new Map<string, Set<string>>();
  #life = 0;
  #underWay = 0;
  #idleWaiters: (() => void)[] = [];

  constructor(defer: Defer = setImmediate) {
    this.#defer = defer;
  }

  list(directory: string): readonly string[] {
    const names = [...(this.#directories.get(normal(directory)) ?? [])];
    return names
      .map((name) => ({ name, key: encodeUtf8(name) }))
      .sort((a, b) => compareBytes(a.key, b.key))
      .map(({ name }) => name);
  }

  size(path: string): number | undefined {
    return this.#files.get(path)?.length;
  }

  read(path: string, offset: number, length: number): Uint8Array {
    const file = this.#files.get(path);
    if (file === undefined) throw new DiskError({ operation: 'read', path, code: 'ENOENT' });
    return file.read(offset, length);
  }

  view(path: string, offset: number, length: number): Uint8Array | undefined {
    return this.#files.get(path)?.view(offset, length);
  }

  append(path: string, chunks: readonly Uint8Array[]): void {
    let file = this.#files.get(path);
    if (file === undefined) {
      file = new MemoryFile();
      this.#link(path, file);
    }
    for (const chunk of chunks) file.append(chunk);
  }

  sync(path: string, done: DiskDone): void {
    const file = this.#files.get(path);
    const covered = file?.length ?? 0;
    this.#complete(done, () => {
      if (file === undefined) return { operation: 'sync', path, code: 'ENOENT' };
      file.synced = Math.max(file.synced, Math.min(covered, file.length));
      file.durable = true;
      return undefined;
    });
  }

  replace(path: string, content: FileContent, done: DiskDone): void {
    const file = new MemoryFile();
    for (const chunk of content instanceof Uint8Array ? [content] : content) file.append(chunk);
    file.synced = file.length;
    file.durable = true;
    this.#complete(done, () => {
      this.#link(path, file);
      return undefined;
    });
  }

  truncate(path: string, length: number, done: DiskDone): void {
    this.#complete(done, () => {
      const file = this.#files.get(path);
      if (file === undefined) return { operation: 'truncate', path, code: 'ENOENT' };
      file.truncate(length);
      file.synced = file.length;
      return undefined;
    });
  }

  move(from: string, to: string, done: DiskDone): void {
    this.#complete(done, () => {
      const code = this.#moveFailure(from, to);
      if (code !== undefined) return { operation: 'move', path: from, code };
      for (const [path, file] of [...this.#files]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        this.#link(to + path.slice(from.length), file);
      }
      this.#unlink(from);
      return undefined;
    });
  }

  remove(path: string, done: DiskDone): void {
    this.#complete(done, () => {
      this.#unlink(path);
      return undefined;
    });
  }

  crash(): void {
    this.#life += 1;
    for (const [path, file] of [...this.#files]) {
      if (file.durable) file.truncate(file.synced);
      else this.#unlink(path);
    }
  }

  settled(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  close(): void {
    // Nothing is held open.
  }

  #moveFailure(from: string, to: string): string | undefined {
    const isThere = (path: string) => this.#files.has(path) || this.#directories.has(path);
    if (isThere(to)) return 'EEXIST';
    return isThere(from) ? undefined : 'ENOENT';
  }

  #complete(done: DiskDone, work: () => DiskFailure | undefined): void {
    const life = this.#life;
    this.#underWay += 1;
    this.#defer(() => {
      this.#underWay -= 1;
      if (life === this.#life) done(work());
      if (this.#underWay > 0) return;
      for (const waiter of this.#idleWaiters.splice(0)) waiter();
    });
  }

  #link(path: string, file: MemoryFile): void {
    this.#files.set(path, file);
    let entry = path;
    while (entry !== '') {
      const cut = entry.lastIndexOf('/');
      const parent = cut < 0 ? '' : entry.slice(0, cut);
      const names = this.#directories.get(parent) ?? new Set();
      this.#directories.set(parent, names.add(entry.slice(cut + 1)));
      entry = parent;
    }
  }

  #unlink(path: string): void {
    for (const name of this.#directories.get(path) ?? []) this.#unlink(`${path}/${name}`);
    this.#directories.delete(path);
    this.#files.delete(path);
    const cut = path.lastIndexOf('/');
    this.#directories.get(cut < 0 ? '' : path.slice(0, cut))?.delete(path.slice(cut + 1));
  }
}

/** A path without a trailing slash; the root is the empty text. */
function normal(directory: string): string {
  const trimmed = directory.replace(/\/+$/, '');
  return trimmed === '.' ? '' : trimmed;
}
