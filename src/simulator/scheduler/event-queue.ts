/** Something that happens at a tick. */
export interface Scheduled<T> {
  readonly at: number;
  /** Order among the events of one tick; ties go by `sequence`. */
  readonly order: number;
  readonly sequence: number;
  readonly event: T;
}

/** A binary heap of events by time, order within the tick and number: no two are ever equal. */
export class EventQueue<T> {
  readonly #heap: Scheduled<T>[] = [];
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  push(at: number, event: T, order = 0): void {
    this.#sequence += 1;
    const item = { at, order, sequence: this.#sequence, event };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, item)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = item;
  }

  /** Takes the next event that is due at `now`. */
  take(now: number): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first.event;
  }

  /** Removes events, for instance what a wiped node had sent. */
  discard(isGone: (event: T) => boolean): void {
    const kept = this.#heap.filter(({ event }) => !isGone(event));
    kept.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#heap.splice(0, this.#heap.length, ...kept);
  }

  #sink(item: Scheduled<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let next = left;
      if (right !== undefined && isBefore(right, left)) {
        child += 1;
        next = right;
      }
      if (isBefore(item, next)) break;
      heap[index] = next;
      index = child;
    }
    heap[index] = item;
  }
}

function isBefore<T>(a: Scheduled<T>, b: Scheduled<T>): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.order !== b.order ? a.order < b.order : a.sequence < b.sequence;
}
