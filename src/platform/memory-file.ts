/** The bytes of one file in memory: a list of blocks, so that growing never copies the whole. */
export class MemoryFile {
  readonly #blocks: { readonly start: number; readonly bytes: Uint8Array; used: number }[] = [];
  #length = 0;
  /** Up to here the content survives a crash. */
  synced = 0;
  /** Whether the file itself survives a crash. */
  durable = false;

  get length(): number {
    return this.#length;
  }

  append(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      let last = this.#blocks.at(-1);
      if (last === undefined || last.used === last.bytes.length) {
        const size = Math.max(rest.length, Math.min(Math.max(4096, this.#length), 1 << 20));
        last = { start: this.#length, bytes: new Uint8Array(size), used: 0 };
        this.#blocks.push(last);
      }
      const count = Math.min(rest.length, last.bytes.length - last.used);
      last.bytes.set(rest.subarray(0, count), last.used);
      last.used += count;
      this.#length += count;
      rest = rest.subarray(count);
    }
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#length);
    const out = new Uint8Array(Math.max(0, end - offset));
    for (let i = this.#blockOf(offset); i < this.#blocks.length; i++) {
      const block = this.#blocks[i];
      if (block === undefined || block.start >= end) break;
      const from = Math.max(offset, block.start);
      const to = Math.min(end, block.start + block.used);
      out.set(block.bytes.subarray(from - block.start, to - block.start), from - offset);
    }
    return out;
  }

  truncate(length: number): void {
    while (this.#length > length) {
      const last = this.#blocks.at(-1);
      if (last === undefined) break;
      if (last.start >= length) this.#blocks.pop();
      else last.used = length - last.start;
      this.#length = Math.max(length, last.start);
    }
    // A shorter file never has zeros appended, so longer is not an option here.
    this.synced = Math.min(this.synced, this.#length);
  }

  #blockOf(offset: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
