import { getU32, tryGetU64Number } from '../../base/index.js';
import { batchAt, batchHeaderSize, Operation } from '../../wire/index.js';
import type { LogEntry } from '../log-entry.js';
import { purgeGenerationOf } from './purge-barrier.js';

interface TailEntry {
  /** First offset of a batch. */
  readonly base?: number;
  /** Next offset behind this entry; absent when it does not change it. */
  readonly next?: number;
  /** Purge that this entry marks, or 0. */
  readonly generation: number;
}

const plainEntry: TailEntry = { generation: 0 };

/** What the uncommitted entries of the log do to the next offset. */
export class LogTail {
  readonly #entries = new Map<number, TailEntry>();
  /** Generations of the purges among them, by op. */
  readonly #purges = new Map<number, number>();
  #appliedOp = 0;

  /** An entry entered the log; ops may come in any order. */
  logged(entry: LogEntry): void {
    if (entry.op <= this.#appliedOp) return;
    const found = tailEntryOf(entry);
    this.#entries.set(entry.op, found);
    if (found.generation > 0) this.#purges.set(entry.op, found.generation);
    else this.#purges.delete(entry.op);
  }

  unlogged(op: number): void {
    this.#entries.delete(op);
    this.#purges.delete(op);
  }

  /** Entries up to `op` are in the committed state now. */
  applied(op: number): void {
    if (op === this.#appliedOp + 1) this.unlogged(op);
    else this.#forget(op);
    this.#appliedOp = Math.max(this.#appliedOp, op);
  }

  /**
   * The offset a batch at `op` has to begin with, from the entries below it; `committed` is what
   * the applied state says. `undefined` when an entry in between is missing.
   */
  expectedAt(op: number, committed: number): number | undefined {
    for (let below = op - 1; below > this.#appliedOp; below--) {
      const entry = this.#entries.get(below);
      if (entry === undefined) return undefined;
      if (entry.next !== undefined) return entry.next;
    }
    return committed;
  }

  /** Whether a batch below `op` begins at or above this offset; missing entries count as none. */
  names(op: number, offset: number): boolean {
    for (let below = op - 1; below > this.#appliedOp; below--) {
      if ((this.#entries.get(below)?.base ?? -1) >= offset) return true;
    }
    return false;
  }

  /** Next offset behind the entry at `op`, if it is there and changes it. */
  nextBehind(op: number): number | undefined {
    return this.#entries.get(op)?.next;
  }

  /** No entry gives an offset at or above this. */
  end(committed: number): number {
    let end = committed;
    for (const { next = 0 } of this.#entries.values()) end = Math.max(end, next);
    return end;
  }

  /** The highest purge that is marked in the log and not applied yet, or 0. */
  get purgeGeneration(): number {
    return Math.max(0, ...this.#purges.values());
  }

  /** Whether an entry above `op` marks a purge up to `generation`. */
  isPurgedAbove(op: number, generation: number): boolean {
    for (const [at, marked] of this.#purges) if (at > op && marked <= generation) return true;
    return false;
  }

  /** Starts anew behind `op`: a state transfer replaced the log. */
  reset(op: number): void {
    this.#entries.clear();
    this.#purges.clear();
    this.#appliedOp = op;
  }

  #forget(op: number): void {
    for (const each of [...this.#entries.keys()]) if (each <= op) this.unlogged(each);
  }
}

function tailEntryOf(entry: LogEntry): TailEntry {
  if (entry.operation === Operation.SendMessages) {
    const { body } = entry;
    const base = tryGetU64Number(body, batchAt.baseOffset);
    if (body.length < batchHeaderSize || base < 0) return plainEntry;
    return { base, next: base + getU32(body, batchAt.messageCount), generation: 0 };
  }
  const generation = purgeGenerationOf(entry);
  return generation === 0 ? plainEntry : { next: 0, generation };
}
