import { getU32, tryGetU64Number } from '../../base/index.js';
import { batchAt, batchHeaderSize, Operation } from '../../wire/index.js';
import type { LogEntry } from '../log-entry.js';
import { purgeGenerationOf } from './purge-barrier.js';

interface TailEntry {
  /** Next offset behind this entry; absent when it does not change it. */
  readonly next?: number;
  /** Purge that this entry marks, or 0. */
  readonly generation: number;
}

const plainEntry: TailEntry = { generation: 0 };

/** What the uncommitted entries of the log do to the next offset. */
export class LogTail {
  readonly #entries = new Map<number, TailEntry>();
  #appliedOp = 0;

  /** An entry entered the log; ops may come in any order. */
  logged(entry: LogEntry): void {
    if (entry.op > this.#appliedOp) this.#entries.set(entry.op, tailEntryOf(entry));
  }

  unlogged(op: number): void {
    this.#entries.delete(op);
  }

  /** Entries up to `op` are in the committed state now. */
  applied(op: number): void {
    if (op === this.#appliedOp + 1) this.#entries.delete(op);
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

  /** The highest purge that is marked in the log and not applied yet, or 0. */
  get purgeGeneration(): number {
    let highest = 0;
    for (const { generation } of this.#entries.values()) highest = Math.max(highest, generation);
    return highest;
  }

  /** Starts anew behind `op`: a state transfer replaced the log. */
  reset(op: number): void {
    this.#entries.clear();
    this.#appliedOp = op;
  }

  #forget(op: number): void {
    for (const each of [...this.#entries.keys()]) if (each <= op) this.#entries.delete(each);
  }
}

function tailEntryOf(entry: LogEntry): TailEntry {
  if (entry.operation === Operation.SendMessages) {
    const { body } = entry;
    const base = tryGetU64Number(body, batchAt.baseOffset);
    if (body.length < batchHeaderSize || base < 0) return plainEntry;
    return { next: base + getU32(body, batchAt.messageCount), generation: 0 };
  }
  const generation = purgeGenerationOf(entry);
  return generation === 0 ? plainEntry : { next: 0, generation };
}
