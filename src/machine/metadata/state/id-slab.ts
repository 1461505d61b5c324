import { assert } from '../../../base/index.js';

/**
 * Items under small ids of which the lowest free one is always taken next. Which id that is
 * depends on the set of taken ids only, never on the order of removals, so that a restored replica
 * chooses the same one. Adding and removing cost the logarithm of the number of free ids.
 */
export class IdSlab<T> {
  readonly #items: (T | undefined)[] = [];
  /** Free ids below the length of the list, as a binary min-heap. */
  readonly #free: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The id the next added item gets. */
  get nextId(): number {
    return this.#free[0] ?? this.#items.length;
  }

  get(id: number): T | undefined {
    return this.#items[id];
  }

  /** Adds an item under {@link nextId}. */
  add(make: (id: number) => T): T {
    const id = this.nextId;
    if (id < this.#items.length) this.#popFree();
    const item = make(id);
    this.#items[id] = item;
    this.#size += 1;
    return item;
  }

  /** Puts an item under a given id; ids must ascend from call to call. Used for snapshots. */
  restore(id: number, item: T): void {
    assert(id >= this.#items.length, 'ids of restored items ascend', { id });
    // The pushed ids ascend, which is a valid heap as it stands.
    for (let hole = this.#items.length; hole < id; hole++) {
      this.#items.push(undefined);
      this.#free.push(hole);
    }
    this.#items.push(item);
    this.#size += 1;
  }

  remove(id: number): T | undefined {
    const item = this.#items[id];
    if (item === undefined) return undefined;
    this.#items[id] = undefined;
    this.#size -= 1;
    this.#pushFree(id);
    return item;
  }

  /** Items by ascending id. */
  *values(): IterableIterator<T> {
    for (const item of this.#items) if (item !== undefined) yield item;
  }

  #pushFree(id: number): void {
    const heap = this.#free;
    let at = heap.length;
    heap.push(id);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] ?? 0;
      if (above <= id) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = id;
  }

  #popFree(): void {
    const heap = this.#free;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const left = heap[child] ?? 0;
      const right = heap[child + 1] ?? Number.POSITIVE_INFINITY;
      if (right < left) child += 1;
      const least = Math.min(left, right);
      if (least >= last) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
  }
}
