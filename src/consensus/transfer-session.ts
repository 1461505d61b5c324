import type { TransferArtifact } from './snapshot-source.js';

/** One artifact on its way in. */
export interface IncomingArtifact {
  readonly kind: number;
  readonly frontier: number;
  readonly length: number;
  readonly checksum: bigint;
  /** Fetched at all; a state that is not needed is skipped. */
  readonly isWanted: boolean;
  /** Metadata; the files of partitions are kept by their machine. */
  readonly chunks: Uint8Array[];
  received: number;
}

/** A state transfer from the receiver's side. */
export interface TransferSession {
  readonly nonce: bigint;
  readonly peer: number;
  /** The accepted offer, once there is one. */
  commitOp: number;
  commitMax: number;
  /** View of the primary that made it. */
  view: number;
  artifacts: readonly IncomingArtifact[];
  idleTicks: number;
  /** Consecutive stalls. */
  stalls: number;
}

/** A state offered to one receiver. */
export interface Offer {
  readonly nonce: bigint;
  readonly commitOp: number;
  readonly manifest: Uint8Array;
  readonly artifacts: readonly TransferArtifact[];
  /** Tick at which it is forgotten. */
  expiresAt: number;
}

/** Offers of a serving primary by nonce: the same nonce always gets the same offer. */
export class Offers {
  readonly #byNonce = new Map<bigint, Offer>();

  get(nonce: bigint): Offer | undefined {
    return this.#byNonce.get(nonce);
  }

  add(offer: Offer): void {
    this.#byNonce.set(offer.nonce, offer);
  }

  remove(nonce: bigint): void {
    this.#byNonce.delete(nonce);
  }

  expire(tick: number): void {
    if (this.#byNonce.size === 0) return;
    for (const [nonce, offer] of [...this.#byNonce]) {
      if (offer.expiresAt <= tick) this.#byNonce.delete(nonce);
    }
  }
}
