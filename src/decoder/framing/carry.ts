const smallest = 4096;
const kept = 1 << 20;

/** Bytes of a stream that could not be used yet. Grows with what arrives, never by a promise. */
export class Carry {
  #bytes = new Uint8Array(smallest);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes themselves; they change with the next call. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  append(chunk: Uint8Array, from = 0, to = chunk.length): void {
    const size = this.#length + to - from;
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(
      from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to),
      this.#length,
    );
    this.#length = size;
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    if (count < this.#length) this.#bytes.copyWithin(0, count, this.#length);
    this.#length = Math.max(0, this.#length - count);
    // One huge frame must not keep its memory for the rest of the input.
    if (this.#length === 0 && this.#bytes.length > kept) this.#bytes = new Uint8Array(smallest);
  }
}
