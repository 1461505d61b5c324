/**
 * Hands out zeroed pieces of larger arrays. A small typed array of its own costs several times the
 * work that is done with it, and most frames are small. A piece keeps its whole slab alive, so
 * things that live equally long should share one.
 */
export class Slab {
  readonly #max: number;
  #next: number;
  #bytes: Uint8Array;
  #used = 0;

  /** The first slab has `first` bytes, each further one twice as many, up to `max`. */
  constructor(first: number, max: number) {
    this.#next = first;
    this.#max = max;
    this.#bytes = new Uint8Array(0);
  }

  take(size: number): Uint8Array {
    if (size > this.#max / 4) return new Uint8Array(size);
    if (this.#used + size > this.#bytes.length) this.#grow(size);
    const start = this.#used;
    this.#used = (start + size + 7) & ~7;
    return this.#bytes.subarray(start, start + size);
  }

  /** A piece with these bytes in it. */
  copy(bytes: Uint8Array): Uint8Array {
    const piece = this.take(bytes.length);
    piece.set(bytes);
    return piece;
  }

  #grow(size: number): void {
    while (this.#next < size) this.#next *= 2;
    this.#bytes = new Uint8Array(this.#next);
    this.#used = 0;
    this.#next = Math.min(this.#next * 2, this.#max);
  }
}
