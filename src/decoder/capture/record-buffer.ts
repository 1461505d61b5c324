/** Gathers an input of records whose length is known only once their beginning is there. */
export class RecordBuffer {
  #bytes = new Uint8Array(4096);
  #length = 0;
  #start = 0;

  get available(): number {
    return this.#length - this.#start;
  }

  append(chunk: Uint8Array): void {
    const kept = this.available;
    if (this.#start > 0) {
      this.#bytes.copyWithin(0, this.#start, this.#length);
      this.#start = 0;
      this.#length = kept;
    }
    if (kept + chunk.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(kept + chunk.length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, kept));
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, kept);
    this.#length = kept + chunk.length;
  }

  /** The first `size` bytes, still kept; the caller made sure that they are there. */
  peek(size: number): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#start + size);
  }

  skip(size: number): void {
    this.#start += Math.min(size, this.available);
  }
}
