import type { PartitionWork } from './partition-work.js';

/**
 * Requests handed to other nodes, by a number that each of them carries there and back. The client's
 * own number would not do: it names the next change of metadata, so several requests in a row have
 * the same one, and a late answer to the first would pass for one to the second.
 */
export class HandedOn {
  readonly #works = new Map<bigint, PartitionWork>();
  #last: bigint;

  /** @param boot a random number, so that answers to an earlier life of the node are told apart */
  constructor(boot: bigint) {
    this.#last = BigInt.asUintN(64, boot);
  }

  get size(): number {
    return this.#works.size;
  }

  /** Waits for the answer to a request; gives the number it has to carry, which is not 0. */
  add(work: PartitionWork): bigint {
    this.#last = BigInt.asUintN(64, this.#last + 1n) || 1n;
    this.#works.set(this.#last, work);
    return this.#last;
  }

  get(number: bigint): PartitionWork | undefined {
    return this.#works.get(number);
  }

  /** Waits no longer; `undefined` when it was answered or given up in the meantime. */
  remove(number: bigint): PartitionWork | undefined {
    const work = this.#works.get(number);
    this.#works.delete(number);
    return work;
  }
}
