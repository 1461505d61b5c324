import { emptyBytes, zeroedBytes } from '../../base/index.js';

/** Most files stay small. */
const firstBytes = 1024;

/** One file: its bytes, and how many of them a power cut cannot touch. */
export class SimFile {
  #bytes: Uint8Array;
  #length: number;
  /** Bytes below this survive everything. */
  durable: number;

  /** @param bytes what it holds; nobody else may change them from now on. */
  constructor(bytes: Uint8Array = emptyBytes, durable = bytes.length) {
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.durable = durable;
  }

  get length(): number {
    return this.#length;
  }

  /** All bytes; valid until the next change. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  append(chunk: Uint8Array): void {
    const end = this.#length + chunk.length;
    if (end > this.#bytes.length) {
      const grown = zeroedBytes(Math.max(firstBytes, 2 * end));
      grown.set(this.bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = end;
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
    this.durable = Math.min(this.durable, length);
  }

  /** A fault: bits change at rest. */
  flip(offset: number, bit: number): void {
    if (offset < this.#length) this.#bytes[offset] = (this.#bytes[offset] ?? 0) ^ (1 << bit);
  }

  /** A fault: a range holds what is written elsewhere in the file. False when it did so before. */
  overwrite(to: number, from: number, length: number): boolean {
    const isSame = this.#bytes
      .subarray(to, to + length)
      .every((byte, i) => byte === this.#bytes[from + i]);
    if (!isSame) this.#bytes.copyWithin(to, from, from + length);
    return !isSame;
  }

  /** A fault: a range is overwritten. */
  fill(from: number, to: number, value: number): void {
    this.#bytes.fill(value, from, Math.min(to, this.#length));
  }
}
