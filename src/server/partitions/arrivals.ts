import type { PartitionWork } from './partition-work.js';

/** Bytes of requests that may wait at once; as much as one client may have queued. */
const bytesMax = 64 * 1024 * 1024;

/**
 * Requests another node admitted for partitions that are not there yet: metadata is committed at that
 * node a little earlier than here. They wait by group, in the order in which they came.
 */
export class Arrivals {
  readonly #groups = new Map<number, PartitionWork[]>();
  #bytes = 0;

  /** Whether requests for a group wait, so that later ones have to stand behind them. */
  has(group: number): boolean {
    return this.#groups.has(group);
  }

  /** False when there is no room; it has to be refused then. */
  add(work: PartitionWork): boolean {
    const { group, frame } = work;
    if (this.#bytes + frame.length > bytesMax) return false;
    this.#bytes += frame.length;
    const works = this.#groups.get(group);
    if (works === undefined) this.#groups.set(group, [work]);
    else works.push(work);
    return true;
  }

  /** Gives the requests of a group back and forgets them. */
  take(group: number): readonly PartitionWork[] {
    const works = this.#groups.get(group) ?? [];
    this.#groups.delete(group);
    for (const { frame } of works) this.#bytes -= frame.length;
    return works;
  }
}
