import { emptyBytes } from '../../base/index.js';

const smallest = 4096;
const kept = 1 << 20;

/** Bytes of a stream that could not be used yet. Grows with what arrives, never by a promise. */
export class Carry {
  /** Empty at first: a capture can have thousands of streams that never hold anything back. */
  #bytes: Uint8Array = emptyBytes;
  /** What lies before was dropped; it is moved away only when room is needed. */
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** The bytes themselves; they change with the next call. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  append(chunk: Uint8Array, from = 0, to = chunk.length): void {
    const added = to - from;
    if (added > this.#bytes.length - this.#end) this.#makeRoom(added);
    this.#bytes.set(added === chunk.length ? chunk : chunk.subarray(from, to), this.#end);
    this.#end += added;
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    this.#start += Math.min(count, this.length);
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    // One huge frame must not keep its memory for the rest of the input.
    if (this.#bytes.length > kept) this.#bytes = emptyBytes;
  }

  #makeRoom(added: number): void {
    const length = this.length;
    // Moving what is left pays only when at least as much was dropped; otherwise it would be moved
    // again and again.
    const fits = length + added <= this.#bytes.length && this.#start >= length;
    const target = fits
      ? this.#bytes
      : new Uint8Array(Math.max(smallest, length + added, this.#bytes.length, length * 2));
    target.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = target;
    this.#start = 0;
    this.#end = length;
  }
}
