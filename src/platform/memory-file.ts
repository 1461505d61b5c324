/** From this size on a chunk is kept as it is instead of being copied. */
const keptFrom = 16 * 1024;
const firstSlab = 4096;
const largestSlab = 1024 * 1024;

/** A run of bytes of the file. */
interface Block {
  readonly start: number;
  readonly bytes: Uint8Array;
  used: number;
  /** The bytes belong to whoever appended them. */
  readonly isKept: boolean;
}

/** The bytes of one file in memory: a list of blocks, so that growing never copies the whole. */
export class MemoryFile {
  readonly #blocks: Block[] = [];
  #length = 0;
  /** Where small chunks are copied to; blocks take their bytes from its front. */
  #slab = new Uint8Array(0);
  #slabUsed = 0;
  /** Up to here the content survives a crash. */
  synced = 0;
  /** Whether the file itself survives a crash. */
  durable = false;

  get length(): number {
    return this.#length;
  }

  /** Large chunks are kept, not copied. */
  append(chunk: Uint8Array): void {
    if (chunk.length >= keptFrom) this.#push(chunk, true);
    else if (chunk.length > 0) this.#copy(chunk);
  }

  #copy(chunk: Uint8Array): void {
    const last = this.#blocks.at(-1);
    // The last block may go on growing if it lies at the end of what the slab has given.
    const canGrow =
      last !== undefined &&
      !last.isKept &&
      last.bytes.buffer === this.#slab.buffer &&
      last.bytes.byteOffset + last.used === this.#slabUsed;
    const room = this.#slab.length - this.#slabUsed;
    if (chunk.length > room) {
      const size = Math.min(Math.max(firstSlab, this.#length), largestSlab);
      this.#slab = new Uint8Array(Math.max(size, chunk.length));
      this.#slabUsed = 0;
    }
    this.#slab.set(chunk, this.#slabUsed);
    this.#slabUsed += chunk.length;
    if (canGrow && chunk.length <= room) {
      last.used += chunk.length;
      this.#length += chunk.length;
    } else {
      const bytes = this.#slab.subarray(this.#slabUsed - chunk.length);
      this.#push(bytes, false, chunk.length);
    }
  }

  #push(bytes: Uint8Array, isKept: boolean, used = bytes.length): void {
    this.#blocks.push({ start: this.#length, bytes, used, isKept });
    this.#length += used;
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

  /** Up to `length` bytes from `offset` without a copy, as far as they lie in one block. */
  view(offset: number, length: number): Uint8Array | undefined {
    const block = this.#blocks[this.#blockOf(offset)];
    if (block === undefined) return undefined;
    const from = offset - block.start;
    if (from >= block.used) return undefined;
    return block.bytes.subarray(from, Math.min(block.used, from + length));
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
