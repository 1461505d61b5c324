import { committedEntryOf, prepareChecksum, prepareOp, prepareParent } from './frame/prepare.js';
import type { CommittedEntry } from './state-machine.js';

/** A prepare this replica holds. */
export interface LogEntry {
  readonly op: number;
  /** Header and body as stored. */
  readonly frame: Uint8Array;
  readonly checksum: bigint;
  readonly parent: bigint;
  /** Its journal write was completed. */
  durable: boolean;
  content: CommittedEntry | undefined;
}

/** The log position everything above hangs from: an applied entry, or a checkpoint's header. */
export interface LogAnchor {
  readonly op: number;
  readonly checksum: bigint;
}

/** What the state machine sees of an entry; read from the frame once. */
export function contentOf(entry: LogEntry): CommittedEntry {
  entry.content ??= committedEntryOf(entry.frame);
  return entry.content;
}

export function logEntry(frame: Uint8Array, durable: boolean): LogEntry {
  return {
    op: prepareOp(frame),
    frame,
    checksum: prepareChecksum(frame),
    parent: prepareParent(frame),
    durable,
    content: undefined,
  };
}

/** How many of the last changes a log remembers; a power of two. */
const recentMax = 32;

/** The prepares held in memory, one per op; the journal on disk holds the same ones. */
export class Log {
  readonly #entries = new Map<number, LogEntry>();
  #bytes = 0;
  #puts = 0;
  readonly #recent: number[] = [];

  /** Entries put so far. */
  get puts(): number {
    return this.#puts;
  }

  /** Ops put since there were `puts`, for checks of what changed; all held ones if too many were. */
  putSince(puts: number): readonly number[] {
    if (this.#puts - puts > recentMax) return this.ops();
    const ops: number[] = [];
    for (let i = puts; i < this.#puts; i++) ops.push(this.#recent[i & (recentMax - 1)] ?? 0);
    return ops;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all held prepares. */
  get bytes(): number {
    return this.#bytes;
  }

  get(op: number): LogEntry | undefined {
    return this.#entries.get(op);
  }

  has(op: number): boolean {
    return this.#entries.has(op);
  }

  /** True when exactly this prepare is held; occupancy alone proves nothing. */
  holds(op: number, checksum: bigint): boolean {
    return this.#entries.get(op)?.checksum === checksum;
  }

  put(entry: LogEntry): void {
    this.remove(entry.op);
    this.#entries.set(entry.op, entry);
    this.#bytes += entry.frame.length;
    this.#recent[this.#puts & (recentMax - 1)] = entry.op;
    this.#puts += 1;
  }

  remove(op: number): LogEntry | undefined {
    const entry = this.#entries.get(op);
    if (entry === undefined) return undefined;
    this.#entries.delete(op);
    this.#bytes -= entry.frame.length;
    return entry;
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  /** Removes everything below `op`. */
  dropBelow(op: number): void {
    for (const held of this.ops()) {
      if (held >= op) return;
      this.remove(held);
    }
  }

  /** Held ops in ascending order. */
  ops(): readonly number[] {
    return [...this.#entries.keys()].sort((a, b) => a - b);
  }

  /** Held entries in ascending order of op. */
  entries(): readonly LogEntry[] {
    return [...this.#entries.values()].sort((a, b) => a.op - b.op);
  }
}
