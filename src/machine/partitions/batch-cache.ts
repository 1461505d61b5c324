import { nextOffsetOf, type StoredBatch, sizeOf } from './stored-batch.js';

/** Bytes of written batches that all partitions of a node together keep in memory. */
export const defaultCacheBytes = 32 * 1024 * 1024;

/** Shared by the partitions of a node: keeps their newest batches within one budget. */
export class CacheBudget {
  readonly #limit: number;
  #used = 0;
  /** One mark per cached batch, oldest first; whose turn it is to give one up. */
  #turns: RecentBatches[] = [];
  #head = 0;

  constructor(limitBytes: number = defaultCacheBytes) {
    this.#limit = limitBytes;
  }

  get used(): number {
    return this.#used;
  }

  added(owner: RecentBatches, size: number): void {
    this.#used += size;
    this.#turns.push(owner);
    while (this.#used > this.#limit && this.#head < this.#turns.length) this.#next()?.evict();
  }

  removed(size: number): void {
    this.#used -= size;
  }

  #next(): RecentBatches | undefined {
    const owner = this.#turns[this.#head];
    this.#head += 1;
    if (this.#head > 1_024 && this.#head * 2 > this.#turns.length) {
      this.#turns = this.#turns.slice(this.#head);
      this.#head = 0;
    }
    return owner;
  }
}

/** The newest written batches of one partition, without a gap up to the unwritten ones. */
export class RecentBatches {
  readonly #budget: CacheBudget;
  #batches: StoredBatch[] = [];
  #head = 0;

  constructor(budget: CacheBudget) {
    this.#budget = budget;
  }

  /** Adds the next written batch. One that does not continue the last starts anew. */
  add(batch: StoredBatch): void {
    const last = this.#batches.at(-1);
    if (last !== undefined && nextOffsetOf(last) !== batch.baseOffset) this.clear();
    this.#batches.push(batch);
    this.#budget.added(this, sizeOf(batch));
  }

  /** Gives the oldest batch up; without one nothing happens. */
  evict(): void {
    const oldest = this.#batches[this.#head];
    if (oldest === undefined) return;
    this.#budget.removed(sizeOf(oldest));
    this.#head += 1;
    if (this.#head * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#head);
      this.#head = 0;
    }
  }

  clear(): void {
    for (const batch of this.#batches.slice(this.#head)) this.#budget.removed(sizeOf(batch));
    this.#batches = [];
    this.#head = 0;
  }

  /** First offset held, or nothing. */
  get firstOffset(): number | undefined {
    return this.#batches[this.#head]?.baseOffset;
  }

  /** Visits held batches from the one with `offset` on, until `visit` says stop. */
  visit(offset: number, visit: (batch: StoredBatch) => boolean): boolean {
    let low = this.#head;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const batch = this.#batches[middle];
      if (batch !== undefined && nextOffsetOf(batch) <= offset) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < this.#batches.length; i++) {
      const batch = this.#batches[i];
      if (batch !== undefined && !visit(batch)) return false;
    }
    return true;
  }
}
