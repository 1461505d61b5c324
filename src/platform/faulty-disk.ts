import { type DiskDone, DiskError, type FileContent } from '../ports/index.js';
import type { CrashableDisk } from './crashable-disk.js';

/** What a disk can be made to do wrong. */
export const diskFaultKinds = ['torn', 'bitflip', 'enospc', 'slow', 'fsync-fail'] as const;
export type DiskFaultKind = (typeof diskFaultKinds)[number];

/** The files a fault concerns. */
export const diskFaultTargets = ['wal', 'superblock', 'segment'] as const;
export type DiskFaultTarget = (typeof diskFaultTargets)[number];

export interface DiskFault {
  readonly kind: DiskFaultKind;
  /** Absent: every file. */
  readonly target?: DiskFaultTarget;
  /** Gone after it hit once. */
  readonly once?: boolean;
  /** How much later completions of a slow disk come; 50 ms if absent. */
  readonly delayMillis?: number;
}

const patterns: Readonly<Record<DiskFaultTarget, RegExp>> = {
  wal: /(^|\/)journal\.wal$/,
  superblock: /(^|\/)superblock\.[ab]$/,
  segment: /\.(log|index)$/,
};

/**
 * A disk that misbehaves on demand. `torn`: an append keeps its first half only and its sync fails.
 * `bitflip`: one bit of every stored file changes, or of the next write where there is none yet, and
 * nobody is told. `enospc`: no room. `slow`: late completions. `fsync-fail`: nothing becomes durable,
 * and the caller is told.
 */
export class FaultyDisk implements CrashableDisk {
  readonly #disk: CrashableDisk;
  #faults: DiskFault[] = [];
  /** Paths with a torn append: their next sync fails. */
  readonly #torn = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(disk: CrashableDisk) {
    this.#disk = disk;
  }

  get faults(): readonly DiskFault[] {
    return this.#faults;
  }

  /** Resolves once the fault is in force; a bit flip at rest takes a moment. */
  async inject(fault: DiskFault): Promise<void> {
    const stored = fault.kind === 'bitflip' ? this.#stored('', fault) : [];
    if (stored.length === 0) this.#faults.push(fault);
    await Promise.all(stored.map((path) => this.#flipStored(path)));
  }

  /** Takes all faults away; gives how many there were. */
  heal(): number {
    const count = this.#faults.length;
    this.#faults = [];
    this.#torn.clear();
    return count;
  }

  list(directory: string): readonly string[] {
    return this.#disk.list(directory);
  }

  size(path: string): number | undefined {
    return this.#disk.size(path);
  }

  read(path: string, offset: number, length: number): Uint8Array {
    return this.#disk.read(path, offset, length);
  }

  view(path: string, offset: number, length: number): Uint8Array | undefined {
    return this.#disk.view?.(path, offset, length);
  }

  append(path: string, chunks: readonly Uint8Array[]): void {
    if (this.#take('enospc', path) !== undefined) {
      throw new DiskError({ operation: 'append', path, code: 'ENOSPC' });
    }
    if (this.#take('torn', path) !== undefined) {
      this.#torn.add(path);
      this.#disk.append(path, firstHalf(chunks));
      return;
    }
    const flipped = this.#take('bitflip', path) !== undefined;
    this.#disk.append(path, flipped ? [withOneBitFlipped(chunks)] : chunks);
  }

  reserve(path: string, length: number): void {
    this.#disk.reserve?.(path, length);
  }

  sync(path: string, done: DiskDone): void {
    const torn = this.#torn.delete(path);
    if (torn || this.#take('fsync-fail', path) !== undefined) {
      // The first half of a torn write is on disk; of a failed sync nothing need be.
      const failure = { operation: 'sync', path, code: 'EIO' } as const;
      if (torn) this.#disk.sync(path, () => done(failure));
      else setImmediate(done, failure);
      return;
    }
    this.#disk.sync(path, this.#delayed(path, done));
  }

  replace(path: string, content: FileContent, done: DiskDone): void {
    const code =
      this.#take('enospc', path) !== undefined
        ? 'ENOSPC'
        : this.#take('fsync-fail', path) !== undefined || this.#take('torn', path) !== undefined
          ? 'EIO'
          : undefined;
    if (code !== undefined) {
      setImmediate(done, { operation: 'replace', path, code });
      return;
    }
    const flipped = this.#take('bitflip', path) !== undefined;
    const chunks = content instanceof Uint8Array ? [content] : content;
    const written = flipped ? withOneBitFlipped(chunks) : chunks;
    this.#disk.replace(path, written, this.#delayed(path, done));
  }

  truncate(path: string, length: number, done: DiskDone): void {
    this.#disk.truncate(path, length, this.#delayed(path, done));
  }

  move(from: string, to: string, done: DiskDone): void {
    this.#disk.move(from, to, this.#delayed(from, done));
  }

  remove(path: string, done: DiskDone): void {
    this.#disk.remove(path, this.#delayed(path, done));
  }

  crash(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#torn.clear();
    this.#disk.crash();
  }

  settled(): Promise<void> {
    return this.#disk.settled();
  }

  close(): void {
    this.#disk.close();
  }

  /** Files that are not empty and that the fault concerns. */
  #stored(directory: string, fault: DiskFault): string[] {
    return this.#disk.list(directory).flatMap((name) => {
      const path = directory === '' ? name : `${directory}/${name}`;
      const size = this.#disk.size(path);
      if (size === undefined) return this.#stored(path, fault);
      return size > 0 && concerns(fault, path) ? [path] : [];
    });
  }

  /** In the first half, so that it is no damage of a last write. */
  #flipStored(path: string): Promise<void> {
    const bytes = this.#disk.read(path, 0, this.#disk.size(path) ?? 0);
    flipBit(bytes, bytes.length >> 2);
    return new Promise((resolve) => this.#disk.replace(path, bytes, () => resolve()));
  }

  #take(kind: DiskFaultKind, path: string): DiskFault | undefined {
    if (this.#faults.length === 0) return undefined;
    const index = this.#faults.findIndex((fault) => fault.kind === kind && concerns(fault, path));
    const fault = this.#faults[index];
    if (fault?.once === true) this.#faults.splice(index, 1);
    return fault;
  }

  #delayed(path: string, done: DiskDone): DiskDone {
    const slow = this.#take('slow', path);
    if (slow === undefined) return done;
    return (failure) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        done(failure);
      }, slow.delayMillis ?? 50);
      this.#timers.add(timer);
    };
  }
}

function concerns({ target }: DiskFault, path: string): boolean {
  return target === undefined || patterns[target].test(path);
}

function flipBit(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

function joined(chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat(chunks);
}

function firstHalf(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const whole = joined(chunks);
  return [whole.subarray(0, whole.length >> 1)];
}

function withOneBitFlipped(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = joined(chunks);
  flipBit(whole, whole.length >> 1);
  return whole;
}
