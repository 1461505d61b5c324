import type { Binding } from '../core/connection.js';
import type { Request } from '../core/request.js';

/** What a connection with correlated frames needs beyond any other. */
export class CorrelatedState {
  /** Requests without an answer, by the id the client gave them. */
  readonly outstanding = new Map<bigint, Request>();
  /** Those that run one at a time and wait for their turn. */
  readonly waiting: Request[] = [];
  /** Bytes of all outstanding requests. */
  bytes = 0;
  #numbered: Binding | undefined;
  #mutations = 0n;
  #others = 1n << 63n;

  add(id: bigint, request: Request): void {
    this.outstanding.set(id, request);
    this.bytes += request.frame.length;
  }

  remove(id: bigint): void {
    const request = this.outstanding.get(id);
    if (request === undefined) return;
    this.outstanding.delete(id);
    this.bytes -= request.frame.length;
  }

  /** The number of the session's next mutation: 1, 2, 3 … in the order in which they start. */
  nextMutation(binding: Binding): bigint {
    if (this.#numbered !== binding) this.#mutations = 0n;
    this.#numbered = binding;
    this.#mutations += 1n;
    return this.#mutations;
  }

  /** The last mutation was refused before it could be recorded; its number is free again. */
  takeBackMutation(): void {
    this.#mutations -= 1n;
  }

  /** A number for everything that is not de-duplicated; no two are equal. */
  nextOther(): bigint {
    this.#others += 1n;
    return this.#others;
  }
}
