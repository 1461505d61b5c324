import { encodeOffsetFile } from '../../wire/index.js';
import { offsetFileOf } from './partition-files.js';
import type { ConsumerKind } from './poll-query.js';

/** A key without an offset. */
export const noOffset = -1;

/** One stored offset. */
export interface StoredOffsetEntry {
  readonly kind: ConsumerKind;
  readonly key: number;
  readonly offset: number;
}

/** A file that no longer says what is stored; without bytes it shall go. */
export interface OffsetFileChange {
  readonly file: string;
  readonly bytes: Uint8Array | undefined;
}

/** An offset that this node alone knows. */
interface LocalOffset {
  /** `noOffset` = deleted here. */
  readonly offset: number;
  /**
   * Auto-commits up to this one say nothing new when they commit: they were on their way when the
   * offset was stored without a quorum. `noOffset` = it was not.
   */
  readonly outdated: number;
}

class OffsetTable {
  readonly kind: ConsumerKind;
  /** What the log says. */
  readonly committed = new Map<number, number>();
  /** Auto-commits that are still on their way and offsets stored without a quorum. */
  readonly local = new Map<number, LocalOffset>();

  constructor(kind: ConsumerKind) {
    this.kind = kind;
  }

  get(key: number): number {
    return this.local.get(key)?.offset ?? this.committed.get(key) ?? noOffset;
  }
}

/** The offsets that consumers and groups have stored in one partition. */
export class ConsumerOffsets {
  readonly #tables = { consumer: new OffsetTable('consumer'), group: new OffsetTable('group') };
  readonly #dirty = new Map<string, { readonly kind: ConsumerKind; readonly key: number }>();

  /** What the consumer would read here, or -1. */
  get(kind: ConsumerKind, key: number): number {
    return this.#tables[kind].get(key);
  }

  /** A committed store: may go back. */
  store(kind: ConsumerKind, key: number, offset: number): void {
    const table = this.#tables[kind];
    table.committed.set(key, offset);
    table.local.delete(key);
    this.#touch(kind, key);
  }

  /** A committed auto-commit: never goes back. */
  advance(kind: ConsumerKind, key: number, offset: number): void {
    const table = this.#tables[kind];
    const advanced = Math.max(table.committed.get(key) ?? noOffset, offset);
    table.committed.set(key, advanced);
    const local = table.local.get(key);
    const isBehind = local !== undefined && offset > local.outdated && local.offset <= advanced;
    if (isBehind) table.local.delete(key);
    this.#touch(kind, key);
  }

  /** A committed deletion; of two in a row the second has nothing left to do. */
  delete(kind: ConsumerKind, key: number): void {
    const table = this.#tables[kind];
    table.committed.delete(key);
    table.local.delete(key);
    this.#touch(kind, key);
  }

  /** An auto-commit of a poll served here, before it is replicated. */
  advanceLocally(kind: ConsumerKind, key: number, offset: number): void {
    const table = this.#tables[kind];
    if (offset <= table.get(key)) return;
    const outdated = table.local.get(key)?.outdated ?? noOffset;
    table.local.set(key, { offset, outdated });
  }

  /** Stored or deleted (`noOffset`) on this node alone, behind every auto-commit of before. */
  storeLocally(kind: ConsumerKind, key: number, offset: number): void {
    const { committed, local } = this.#tables[kind];
    const before = local.get(key) ?? { offset: noOffset, outdated: noOffset };
    const outdated = Math.max(before.offset, before.outdated, committed.get(key) ?? noOffset);
    local.set(key, { offset, outdated });
    this.#touch(kind, key);
  }

  /** Puts an offset found on disk. */
  restore(entry: StoredOffsetEntry): void {
    this.#tables[entry.kind].committed.set(entry.key, entry.offset);
  }

  /** Everybody's offsets go. */
  clear(): void {
    for (const { kind, key } of this.#keys()) this.delete(kind, key);
  }

  /** Groups that have stored an offset here. */
  groups(): readonly number[] {
    return this.#keys().flatMap(({ kind, key }) => (kind === 'group' ? [key] : []));
  }

  /** Offsets above the last message that was recovered are lowered to it. */
  clamp(lastOffset: number): void {
    for (const { kind, key, offset } of [...this.committed()]) {
      if (offset <= lastOffset) continue;
      if (lastOffset < 0) this.delete(kind, key);
      else this.store(kind, key, lastOffset);
    }
  }

  /** The lowest offset anybody has stored: nothing above it may be removed. -1 when nobody has. */
  minimum(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { kind, key } of this.#keys()) {
      const offset = this.get(kind, key);
      if (offset !== noOffset && offset < lowest) lowest = offset;
    }
    return lowest === Number.POSITIVE_INFINITY ? noOffset : lowest;
  }

  /** What the log says, consumers before groups, by ascending key. */
  *committed(): IterableIterator<StoredOffsetEntry> {
    for (const { kind, committed } of Object.values(this.#tables)) {
      for (const [key, offset] of [...committed].sort(([a], [b]) => a - b)) {
        yield { kind, key, offset };
      }
    }
  }

  get hasChanges(): boolean {
    return this.#dirty.size > 0;
  }

  /** Files that have to follow what changed since the last call. */
  takeChanges(): readonly OffsetFileChange[] {
    const changes = Array.from(this.#dirty, ([file, { kind, key }]) => {
      const offset = this.get(kind, key);
      return { file, bytes: offset === noOffset ? undefined : encodeOffsetFile(offset) };
    });
    this.#dirty.clear();
    return changes;
  }

  #touch(kind: ConsumerKind, key: number): void {
    this.#dirty.set(offsetFileOf(kind, key), { kind, key });
  }

  #keys(): { readonly kind: ConsumerKind; readonly key: number }[] {
    return Object.values(this.#tables).flatMap(({ kind, committed, local }) =>
      [...new Set([...committed.keys(), ...local.keys()])].map((key) => ({ kind, key })),
    );
  }
}
