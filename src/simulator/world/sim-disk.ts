import { concatBytes } from '../../base/index.js';
import {
  type Disk,
  type DiskDone,
  DiskError,
  type DiskFailure,
  type FileContent,
} from '../../ports/index.js';
import { decodeBatch } from '../../wire/index.js';
import { type Dice, domain } from '../random/draw.js';
import { SimFile } from './sim-file.js';

/** What a disk tells the world. */
export interface DiskHooks {
  /** Runs later, after `ticks`; dropped when the disk lost power since. */
  later(ticks: number, run: () => void): void;
  /** Bytes of a file became durable (`from` = 0 after a replacement), or it was removed. */
  durable(path: string, file: SimFile | undefined, from: number): void;
  /** A sync was answered with an error. */
  syncFailed(path: string): void;
  /** What the disk is asked for, and does; `about` counts bytes or says how work ended. */
  record(kind: 'write' | 'sync' | 'io', path: string, about: number | string): void;
}

/** What is wrong with a disk at the moment. */
export interface DiskTrouble {
  /** Syncs of appended files that will fail. */
  syncFailures: number;
  isFull: boolean;
  replaceFails: boolean;
  /** Files of the metadata cannot be read. */
  readFails: boolean;
  /** Factor on all delays. */
  slowness: number;
}

/** Kinds of work that complete later. */
export type DiskWork = 'sync' | 'replace' | 'truncate' | 'remove';

/** Told of work that begins and of work that is done; true holds up what begins. */
export type DiskStrike = (work: DiskWork, path: string, isDone: boolean) => boolean;

/** Delays of a disk in ticks. */
export interface DiskTiming {
  readonly minDelay: number;
  readonly meanDelay: number;
  /** Chance of a long stall, millionths. */
  readonly stall: number;
  /** 1: names are not durable by themselves; a power cut leaves what a replacement began, or nothing. */
  readonly names?: number;
}

interface Pending {
  readonly path: string;
  /** What a replacement writes under another name first. */
  readonly content?: Uint8Array | undefined;
  readonly apply: () => void;
}

const sectorBytes = 512;

/** The files of one replica in memory, with what a crash and a power cut do to them. */
export class SimDisk implements Disk {
  readonly trouble: DiskTrouble = {
    syncFailures: 0,
    isFull: false,
    replaceFails: false,
    readFails: false,
    slowness: 1,
  };
  readonly #files = new Map<string, SimFile>();
  readonly #dice: Dice;
  readonly #node: number;
  readonly #timing: DiskTiming;
  readonly #hooks: DiskHooks;
  /** Changes of whole files that are under way. */
  #pending: Pending[] = [];
  /** Operations that were answered with an error since the last boot. */
  failures = 0;
  /** What crashes and power cuts left behind so far, by its name. */
  readonly remains = new Map<string, number>();
  /** Waits for a certain piece of work. */
  strike: DiskStrike | undefined;
  /** Places of files that are read instead of others. */
  readonly #wrongPlaces = new Map<string, { readonly at: number; readonly from: number }>();
  /** Files that were made and not synced since. */
  readonly #created = new Set<string>();
  readonly #busyUntil = new Map<string, number>();
  #operations = 0;
  #clock = 0;

  constructor(dice: Dice, node: number, timing: DiskTiming, hooks: DiskHooks) {
    this.#dice = dice;
    this.#node = node;
    this.#timing = timing;
    this.#hooks = hooks;
  }

  /** The world says what tick it is. */
  set now(tick: number) {
    this.#clock = tick;
  }

  file(path: string): SimFile | undefined {
    return this.#files.get(path);
  }

  paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  list(directory: string): readonly string[] {
    const prefix = directory === '' ? '' : `${directory}/`;
    const names = new Set<string>();
    for (const path of this.#files.keys()) {
      if (!path.startsWith(prefix)) continue;
      const end = path.indexOf('/', prefix.length);
      names.add(path.slice(prefix.length, end < 0 ? path.length : end));
    }
    return [...names].sort();
  }

  size(path: string): number | undefined {
    return this.#files.get(path)?.length;
  }

  read(path: string, offset: number, length: number): Uint8Array {
    const file = this.#files.get(path);
    if (file === undefined) throw new DiskError({ code: 'ENOENT', path, operation: 'read' });
    if (this.trouble.readFails && path.startsWith('metadata/')) {
      this.failures += 1;
      throw new DiskError({ code: 'EIO', path, operation: 'read' });
    }
    const bytes = file.bytes.slice(offset, offset + length);
    const wrong = this.#wrongPlaces.get(path);
    if (wrong === undefined) return bytes;
    const sector = file.bytes.slice(wrong.from, wrong.from + sectorBytes);
    for (const [i, byte] of sector.entries()) {
      const at = wrong.at + i - offset;
      if (at >= 0 && at < bytes.length) bytes[at] = byte;
    }
    return bytes;
  }

  /**
   * From now on one sector of the journal's interior, which ends at `end`, is read from another place.
   * False where that makes no difference.
   */
  misdirectReads(value: number, end: number): boolean {
    const path = 'metadata/journal.wal';
    const file = this.#files.get(path);
    const sectors = Math.floor(end / sectorBytes);
    if (file === undefined || sectors < 2) return false;
    const at = sectorBytes * (value % sectors);
    const from = sectorBytes * ((value + 1 + ((value >> 4) % (sectors - 1))) % sectors);
    const isSame = file.bytes
      .subarray(at, at + sectorBytes)
      .every((byte, i) => byte === file.bytes[from + i]);
    if (at === from || isSame) return false;
    this.#wrongPlaces.set(path, { at, from });
    return true;
  }

  readRightly(): void {
    this.#wrongPlaces.clear();
  }

  append(path: string, chunks: readonly Uint8Array[]): void {
    if (this.trouble.isFull && chunks.length > 0) {
      this.failures += 1;
      throw new DiskError({ code: 'ENOSPC', path, operation: 'append' });
    }
    let file = this.#files.get(path);
    if (file === undefined) {
      file = new SimFile();
      this.#files.set(path, file);
      this.#created.add(path);
    }
    let written = 0;
    for (const chunk of chunks) {
      file.append(chunk);
      written += chunk.length;
    }
    this.#hooks.record('write', path, written);
  }

  sync(path: string, done: DiskDone): void {
    const file = this.#files.get(path);
    const end = file?.length ?? 0;
    this.#hooks.record('sync', path, end);
    this.#finish(
      path,
      'sync',
      () => {
        if (this.trouble.syncFailures > 0) {
          this.trouble.syncFailures -= 1;
          this.#hooks.syncFailed(path);
          return { code: 'EIO', path, operation: 'sync' };
        }
        const current = this.#files.get(path);
        this.#created.delete(path);
        if (file !== undefined && current === file) {
          const from = file.durable;
          file.durable = Math.max(file.durable, Math.min(end, file.length));
          this.#hooks.durable(path, file, from);
        }
        return undefined;
      },
      done,
    );
  }

  replace(path: string, bytes: FileContent, done: DiskDone): void {
    const content = bytes instanceof Uint8Array ? bytes.slice() : concatBytes(bytes);
    this.#hooks.record('write', path, content.length);
    const apply = () => {
      const file = new SimFile(content);
      this.#files.set(path, file);
      this.#hooks.durable(path, file, 0);
    };
    this.#change(path, 'replace', apply, done, content);
  }

  truncate(path: string, length: number, done: DiskDone): void {
    const apply = () => {
      const file = this.#files.get(path);
      file?.truncate(length);
      if (file !== undefined) file.durable = file.length;
      this.#hooks.durable(path, file, 0);
    };
    this.#change(path, 'truncate', apply, done);
  }

  remove(path: string, done: DiskDone): void {
    const apply = () => {
      const below = `${path}/`;
      const removed = [...this.#files.keys()].filter((n) => n === path || n.startsWith(below));
      for (const name of removed.sort()) {
        this.#files.delete(name);
        this.#hooks.durable(name, undefined, 0);
      }
    };
    this.#change(path, 'remove', apply, done);
  }

  /** The process died: completed writes stay, a change under way happened or not. */
  crash(): void {
    for (const { path, apply, content } of this.#pending) {
      this.#operations += 1;
      const draw = [this.#node, this.#operations, path.length] as const;
      if (this.#dice.chance(500_000, domain.diskCrash, ...draw)) {
        apply();
        continue;
      }
      if (path.startsWith('metadata/superblock.')) this.#remains('superblock fallback');
      if (content !== undefined) this.#leave(path, content);
    }
    this.#pending = [];
    this.#busyUntil.clear();
  }

  /** Power was lost: in addition, what was not synced is kept, lost or torn. Gives how many tore. */
  powerCut(): number {
    this.crash();
    let torn = 0;
    for (const path of this.paths()) {
      const file = this.#files.get(path);
      if (file === undefined || file.durable >= file.length) continue;
      this.#operations += 1;
      if (this.#hasVanished(path, file)) continue;
      const isGroup = path.endsWith('journal.wal') && isSeveral(file);
      if (this.#tear(file)) {
        torn += 1;
        if (isGroup) this.#remains('torn group cut');
      }
      file.durable = file.length;
      this.#hooks.durable(path, file, 0);
    }
    return torn;
  }

  /** Everything is gone but the named empty file, which is durable. */
  wipe(mark: string): void {
    for (const path of this.paths()) {
      this.#files.delete(path);
      this.#hooks.durable(path, undefined, 0);
    }
    this.#files.set(mark, new SimFile());
  }

  /** A replacement that did not come to its end may leave its temporary file, or a part of it. */
  #leave(path: string, content: Uint8Array): void {
    if (this.#timing.names !== 1) return;
    const draw = (n: number, salt: number) =>
      this.#dice.below(n, domain.names, this.#node, this.#operations, salt);
    if (draw(2, 1) === 0) return;
    this.#files.set(`${path}.tmp`, new SimFile(content.slice(0, draw(content.length + 1, 2))));
    this.#remains('temporary file left');
  }

  /** A file whose name was never synced may be gone after a power cut, also when later ones stay. */
  #hasVanished(path: string, { durable }: SimFile): boolean {
    if (this.#timing.names !== 1 || durable > 0 || !this.#created.has(path)) return false;
    if (this.#dice.below(2, domain.names, this.#node, this.#operations) === 0) return false;
    this.#files.delete(path);
    this.#hooks.durable(path, undefined, 0);
    this.#remains('file without a durable name');
    return true;
  }

  #remains(name: string): void {
    this.remains.set(name, (this.remains.get(name) ?? 0) + 1);
  }

  #tear(file: SimFile): boolean {
    const { durable, length } = file;
    const draw = (salt: number, n: number) =>
      this.#dice.below(n, domain.diskTear, this.#node, this.#operations, salt);
    switch (draw(0, 4)) {
      case 0:
        return false;
      case 1:
        file.truncate(durable);
        return false;
      case 2:
        file.truncate(durable + draw(1, length - durable));
        return true;
      default: {
        // Some sectors are new, others still hold what was there before: zeros or garbage.
        const value = draw(2, 2) === 0 ? 0 : 0xa5;
        for (let at = durable, n = 3; at < length; n++) {
          const end = Math.min(length, (Math.floor(at / sectorBytes) + 1) * sectorBytes);
          if (draw(n, 2) === 0) file.fill(at, end, value);
          at = end;
        }
        return true;
      }
    }
  }

  #change(
    path: string,
    operation: 'replace' | 'truncate' | 'remove',
    apply: () => void,
    done: DiskDone,
    content?: Uint8Array,
  ): void {
    const pending = { path, apply, content };
    this.#pending.push(pending);
    this.#finish(
      path,
      operation,
      () => {
        this.#pending = this.#pending.filter((other) => other !== pending);
        if (this.trouble.replaceFails && operation === 'replace') {
          return { code: 'EIO', path, operation };
        }
        apply();
        return undefined;
      },
      done,
    );
  }

  #finish(
    path: string,
    work: DiskWork,
    complete: () => DiskFailure | undefined,
    done: DiskDone,
  ): void {
    const heldUp = this.strike?.(work, path, false) === true ? 3 : 0;
    const at = Math.max(this.#clock + this.#delay(), this.#busyUntil.get(path) ?? 0) + heldUp;
    this.#busyUntil.set(path, at);
    this.#hooks.later(at - this.#clock, () => {
      const failure = complete();
      if (failure !== undefined) this.failures += 1;
      this.#hooks.record('io', path, `${work}${failure === undefined ? '' : ` ${failure.code}`}`);
      done(failure);
      this.strike?.(work, path, true);
    });
  }

  #delay(): number {
    this.#operations += 1;
    const { minDelay, meanDelay, stall } = this.#timing;
    const node = this.#node;
    const number = this.#operations;
    let ticks = minDelay + this.#dice.exponential(meanDelay, domain.diskDelay, node, number, 1);
    if (this.#dice.chance(stall, domain.diskDelay, node, number, 2)) ticks += 100;
    return ticks * this.trouble.slowness;
  }
}

/** Whether the first batch that is not durable holds several entries, written with one sync. */
function isSeveral(file: SimFile): boolean {
  return (decodeBatch(file.bytes, file.durable)?.entries.length ?? 0) > 1;
}
