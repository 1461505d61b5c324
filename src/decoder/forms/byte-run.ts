import type { FormSink, Side } from './form.js';

const capacity = 65_536;

/** Collects single bytes and hands them to a sink in runs. */
export class ByteRun {
  readonly #sink: FormSink;
  readonly #bytes = new Uint8Array(capacity);
  #length = 0;
  #side: Side = undefined;

  constructor(sink: FormSink) {
    this.#sink = sink;
  }

  /** The side that bytes added from now on belong to. */
  setSide(side: Side): void {
    if (side === this.#side) return;
    this.flush();
    this.#side = side;
  }

  add(byte: number): void {
    if (this.#length === capacity) this.flush();
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  addAll(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#length === capacity) this.flush();
      const part = bytes.subarray(from, from + capacity - this.#length);
      this.#bytes.set(part, this.#length);
      this.#length += part.length;
      from += part.length;
    }
  }

  flush(): void {
    if (this.#length === 0) return;
    const length = this.#length;
    this.#length = 0;
    this.#sink.bytes(this.#bytes.subarray(0, length), this.#side);
  }
}
