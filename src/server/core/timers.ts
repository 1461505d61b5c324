/** Deadlines in ticks. Entries are not cancelled: who set one checks whether it still matters. */
export class Timers<T> {
  readonly #due = new Map<number, T[]>();
  #tick = 0;

  /** Ticks passed since the start. */
  get tick(): number {
    return this.#tick;
  }

  /** Makes `entry` due after `ticks` more ticks (at least one). */
  after(ticks: number, entry: T): void {
    const at = this.#tick + Math.max(1, Math.ceil(ticks));
    const entries = this.#due.get(at);
    if (entries === undefined) this.#due.set(at, [entry]);
    else entries.push(entry);
  }

  /** Moves one tick on and returns what is due, in the order it was set. */
  advance(): readonly T[] {
    this.#tick += 1;
    const entries = this.#due.get(this.#tick);
    if (entries === undefined) return none;
    this.#due.delete(this.#tick);
    return entries;
  }
}

const none: readonly never[] = [];
