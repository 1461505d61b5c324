import type { Pending } from '../core/pending.js';

/** A proposal that travels to the primary and was not answered yet. */
export interface Forward {
  readonly clientId: bigint;
  readonly pending: Pending;
}

const counterMask = (1n << 64n) - 1n;

/**
 * Registers and logouts handed to the primary of the metadata group, by nonce. The nonce carries the
 * replica in its high half and in its low half a counter that starts at a random number per boot, so
 * that an answer from before a restart cannot confirm another login.
 *
 * @source Iggy session protocol, forwarding from a backup
 */
export class Forwards {
  readonly #waiting = new Map<bigint, Forward>();
  readonly #high: bigint;
  #counter: bigint;

  constructor(node: number, bootIncarnation: bigint) {
    this.#high = BigInt(node) << 64n;
    this.#counter = bootIncarnation & counterMask;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Remembers a forward and gives it a nonce. */
  add(forward: Forward): bigint {
    if (this.#counter === 0n) this.#counter = 1n;
    const nonce = this.#high | this.#counter;
    this.#counter = (this.#counter + 1n) & counterMask;
    this.#waiting.set(nonce, forward);
    return nonce;
  }

  /** The forward an answer belongs to; one for another client is not an answer at all. */
  take(nonce: bigint, clientId: bigint): Forward | undefined {
    const forward = this.#waiting.get(nonce);
    if (forward === undefined || forward.clientId !== clientId) return undefined;
    this.#waiting.delete(nonce);
    return forward;
  }

  /** Gives up on a forward; `undefined` when it was answered in the meantime. */
  expire(nonce: bigint): Forward | undefined {
    const forward = this.#waiting.get(nonce);
    this.#waiting.delete(nonce);
    return forward;
  }
}
