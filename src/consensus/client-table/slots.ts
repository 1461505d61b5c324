import type { LiveEntry } from './entry.js';

/**
 * The numbered places of the live entries. Positions are replicated state: a new entry takes the
 * lowest free one, and checkpoints keep them. The array may be longer than configured while a
 * decoded table holds a higher slot; it shrinks back as entries leave.
 */
export class Slots {
  readonly #configured: number;
  readonly #places: (LiveEntry | undefined)[] = [];
  #count = 0;
  /** Every place below this one is taken. */
  #lowestMaybeFree = 0;

  constructor(configured: number) {
    this.#configured = configured;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= Math.max(this.#configured, this.#places.length);
  }

  at(slot: number): LiveEntry | undefined {
    return this.#places[slot];
  }

  /** Lowest free place; only when not full. */
  lowestFree(): number {
    let slot = this.#lowestMaybeFree;
    while (this.#places[slot] !== undefined) slot++;
    this.#lowestMaybeFree = slot;
    return slot;
  }

  put(entry: LiveEntry): void {
    while (this.#places.length < entry.slot) this.#places.push(undefined);
    this.#places[entry.slot] = entry;
    this.#count++;
  }

  remove(entry: LiveEntry): void {
    this.#places[entry.slot] = undefined;
    this.#count--;
    this.#lowestMaybeFree = Math.min(this.#lowestMaybeFree, entry.slot);
    while (this.#places.length > 0 && this.#places.at(-1) === undefined) this.#places.pop();
  }

  /** Smallest `latestCommit`; ties cannot occur between distinct commits, else the lowest slot. */
  oldest(): LiveEntry | undefined {
    let oldest: LiveEntry | undefined;
    for (const entry of this.#places) {
      if (
        entry !== undefined &&
        (oldest === undefined || entry.latestCommit < oldest.latestCommit)
      ) {
        oldest = entry;
      }
    }
    return oldest;
  }

  /** Live entries in slot order. */
  *[Symbol.iterator](): IterableIterator<LiveEntry> {
    for (const entry of this.#places) if (entry !== undefined) yield entry;
  }
}
