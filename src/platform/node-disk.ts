import { ftruncateSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assert, concatBytes, LimitedTasks } from '../base/index.js';
import { type DiskDone, DiskError, type DiskFailure, type FileContent } from '../ports/index.js';
import type { CrashableDisk } from './crashable-disk.js';
import { DirectorySyncs, syncNearest, syncPath } from './directory-syncs.js';
import { errnoOf, isOutOfDescriptors } from './errno.js';
import { makeDirectories } from './make-directories.js';
import { appendAll, OpenFiles, readAt, reserveUpTo, syncData } from './open-files.js';

/**
 * Slow operations at a time. More would only wait for the threads, and each holds a descriptor
 * meanwhile: thousands of partitions may be made at once.
 */
const slowAtOnce = 32;

/** From this size on a piece of a file is written from where it lies. */
const ownWriteFrom = 64 * 1024;

/**
 * Files under a real directory. Appends go to the page cache at once and in order; syncs, replaces
 * and removals run on the thread pool and report through their callback. New files have mode 0600,
 * new directories 0700.
 */
export class NodeDisk implements CrashableDisk {
  readonly #root: string;
  readonly #directories: DirectorySyncs;
  readonly #files: OpenFiles;
  readonly #slow = new LimitedTasks(slowAtOnce);
  /** The last operation of each path that has one under way, for their order. */
  readonly #lastOf = new Map<string, Promise<void>>();
  #underWay = 0;
  #idleWaiters: (() => void)[] = [];
  /** Raised by a crash: completions of an earlier life are not reported. */
  #life = 0;

  /** @param root directory of the node; made (mode 0700) when it does not exist */
  constructor(root: string) {
    this.#root = root;
    this.#directories = new DirectorySyncs(root, (path) => this.#withRoom(() => syncPath(path)));
    this.#files = new OpenFiles(this.#directories);
    makeDirectories(root);
  }

  list(directory: string): readonly string[] {
    try {
      const names = readdirSync(this.#full(directory)).map((name) => Buffer.from(name));
      return names.sort(Buffer.compare).map((name) => name.toString());
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw failed('read', directory, error);
    }
  }

  size(path: string): number | undefined {
    const known = this.#files.get(this.#full(path));
    if (known !== undefined) return known.length;
    const found = statSync(this.#full(path), { throwIfNoEntry: false });
    return found?.isFile() === true ? found.size : undefined;
  }

  read(path: string, offset: number, length: number): Uint8Array {
    try {
      const file = this.#files.open(this.#full(path), false);
      if (file === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return readAt(file, offset, length);
    } catch (error) {
      throw failed('read', path, error);
    }
  }

  append(path: string, chunks: readonly Uint8Array[]): void {
    const full = this.#full(path);
    try {
      const file = this.#files.open(full, true);
      assert(file !== undefined, 'a created file is open');
      if (file.torn) throw Object.assign(new Error('torn'), { code: 'EIO' });
      appendAll(file, chunks);
    } catch (error) {
      throw failed('append', path, error, this.#files.get(full)?.torn === true);
    }
  }

  reserve(path: string, length: number): void {
    try {
      const file = this.#files.open(this.#full(path), true);
      assert(file !== undefined, 'a created file is open');
      reserveUpTo(file, length);
    } catch (error) {
      throw failed('append', path, error);
    }
  }

  sync(path: string, done: DiskDone): void {
    const full = this.#full(path);
    const life = this.#life;
    const report = (code?: string) => {
      this.#finish();
      if (life !== this.#life) return;
      done(code === undefined ? undefined : { operation: 'sync', path, code });
    };
    this.#begin();
    let file: ReturnType<OpenFiles['open']>;
    try {
      file = this.#files.open(full, false);
    } catch (error) {
      setImmediate(report, errnoOf(error));
      return;
    }
    if (file === undefined) {
      setImmediate(report, 'ENOENT');
      return;
    }
    const opened = file;
    syncData(opened, (code) => {
      if (code !== undefined || !opened.fresh) return report(code);
      this.#directories.settle(dirname(full)).then(
        () => {
          opened.fresh = false;
          report();
        },
        (error: unknown) => report(errnoOf(error)),
      );
    });
  }

  replace(path: string, content: FileContent, done: DiskDone): void {
    this.#inOrder('replace', path, done, async (full, alive) => {
      const temporary = `${full}.tmp`;
      this.#directories.make(dirname(full));
      await rm(temporary, { force: true });
      const handle = await this.#withRoom(() => open(temporary, 'wx', 0o600));
      try {
        for (const bytes of fewerPieces(content)) await writeWhole(handle, bytes);
        await handle.sync();
      } catch (error) {
        // A temporary file whose sync failed is never synced again: the next try makes a new one.
        await handle.close();
        await rm(temporary, { force: true });
        throw error;
      }
      await handle.close();
      if (!alive()) return;
      await rename(temporary, full);
      this.#files.detach(full);
      await this.#directories.settle(dirname(full), true);
    });
  }

  truncate(path: string, length: number, done: DiskDone): void {
    this.#inOrder('truncate', path, done, async (full, alive) => {
      if (!alive()) return;
      await truncate(full, length);
      this.#files.forget(full);
      await syncPath(full);
    });
  }

  move(from: string, to: string, done: DiskDone): void {
    const target = this.#full(to);
    this.#inOrder('move', from, done, async (full, alive) => {
      if (!alive()) return;
      this.#directories.make(dirname(target));
      if (statSync(target, { throwIfNoEntry: false }) !== undefined) {
        throw Object.assign(new Error('the name is taken'), { code: 'EEXIST' });
      }
      this.#files.detachUnder(full);
      await rename(full, target);
      await this.#directories.settle(dirname(target), true);
      await this.#directories.settle(dirname(full), true);
    });
  }

  remove(path: string, done: DiskDone): void {
    this.#inOrder('remove', path, done, async (full, alive) => {
      if (!alive()) return;
      this.#files.detachUnder(full);
      await rm(full, { recursive: true, force: true });
      await syncNearest(dirname(full), this.#root);
    });
  }

  crash(): void {
    this.#life += 1;
    for (const [path, file] of this.#files.entries()) {
      if (file.length > file.synced) ftruncateSync(file.fd, file.synced);
      // A power cut leaves zeros where a file took up more than it held.
      if (file.reserved > file.synced) ftruncateSync(file.fd, file.reserved);
      this.#files.forget(path);
      if (file.fresh) rmSync(path, { force: true });
    }
    this.#directories.clear();
  }

  settled(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  close(): void {
    for (const [path] of this.#files.entries()) this.#files.detach(path);
  }

  /** Runs a slow operation after the earlier ones of its path. */
  #inOrder(
    operation: DiskFailure['operation'],
    path: string,
    done: DiskDone,
    work: (full: string, alive: () => boolean) => Promise<void>,
  ): void {
    const life = this.#life;
    const alive = () => life === this.#life;
    const full = this.#full(path);
    this.#begin();
    const before = this.#lastOf.get(full) ?? Promise.resolve();
    const mine = before
      .then(() => this.#limited(() => work(full, alive)))
      .then(
        () => undefined,
        (error: unknown): DiskFailure => ({ operation, path, code: errnoOf(error) }),
      )
      .then((failure) => {
        if (this.#lastOf.get(full) === mine) this.#lastOf.delete(full);
        this.#finish();
        if (alive()) done(failure);
      });
    this.#lastOf.set(full, mine);
  }

  #limited(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#slow.run((finished) => {
        work().finally(finished).then(resolve, reject);
      });
    });
  }

  /** Idle files make room where descriptors are short. */
  async #withRoom<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isOutOfDescriptors(error) || !this.#files.makeRoom()) throw error;
      return work();
    }
  }

  #begin(): void {
    this.#underWay += 1;
  }

  #finish(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const waiter of waiters) setImmediate(waiter);
  }

  #full(path: string): string {
    assert(!path.split('/').includes('..'), 'a path stays below its root', { path });
    return join(this.#root, path);
  }
}

function failed(
  operation: DiskFailure['operation'],
  path: string,
  cause: unknown,
  torn = false,
): DiskError {
  const failure = {
    operation,
    path,
    code: errnoOf(cause),
    ...(torn && { tornTail: true as const }),
  };
  return new DiskError(failure, { cause });
}

/** Pieces worth a write of their own as they are; small ones are joined. */
function fewerPieces(content: FileContent): readonly Uint8Array[] {
  if (content instanceof Uint8Array) return [content];
  const pieces: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = () => {
    if (small.length > 0) pieces.push(concatBytes(small));
    small = [];
  };
  for (const piece of content) {
    if (piece.length < ownWriteFrom) {
      small.push(piece);
      continue;
    }
    join();
    pieces.push(piece);
  }
  join();
  return pieces;
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}
