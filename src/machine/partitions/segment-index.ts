import {
  decodeIndexFile,
  type IndexEntry,
  indexEntrySize,
  writeIndexEntry,
} from '../../wire/index.js';

const fields = 3;
const firstCapacity = 16;

/** Entries closer together than this in the segment are not kept in memory. */
const indexSpacing = 64 * 1024;

/**
 * Where batches begin in one segment: sparse, so that a search ends close before what it looks
 * for. Takes 24 bytes for each 64 KiB of the segment, whatever the index file holds.
 */
export class SegmentIndex {
  #numbers = new Float64Array(firstCapacity * fields);
  #length = 0;

  /** The entries of an index file. */
  static of(bytes: Uint8Array): SegmentIndex {
    const index = new SegmentIndex();
    for (const entry of decodeIndexFile(bytes)) index.add(entry);
    return index;
  }

  get length(): number {
    return this.#length;
  }

  get last(): IndexEntry | undefined {
    return this.#length === 0 ? undefined : this.#entry(this.#length - 1);
  }

  /** Keeps the entry unless one close before it is there. Entries must ascend. */
  add(entry: IndexEntry): void {
    const last = this.#numbers[(this.#length - 1) * fields + 2];
    if (this.#length > 0 && last !== undefined && entry.position - last < indexSpacing) return;
    if ((this.#length + 1) * fields > this.#numbers.length) this.#grow();
    const at = this.#length * fields;
    this.#numbers[at] = entry.offset;
    this.#numbers[at + 1] = entry.timestamp;
    this.#numbers[at + 2] = entry.position;
    this.#length += 1;
  }

  /** The entries kept here in the form of an index file. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(this.#length * indexEntrySize);
    for (let i = 0; i < this.#length; i++)
      writeIndexEntry(bytes, i * indexEntrySize, this.#entry(i));
    return bytes;
  }

  /** Forgets entries at or behind this position of the segment. */
  cut(position: number): void {
    while (this.#length > 0 && (this.last?.position ?? 0) >= position) this.#length -= 1;
  }

  /** The last known batch whose first offset is at most `offset`, if there is one. */
  entryOfOffset(offset: number): IndexEntry | undefined {
    return this.#search(0, offset);
  }

  /** The last known batch whose time is at most `timestamp`. */
  entryOfTime(timestamp: number): IndexEntry | undefined {
    return this.#search(1, timestamp);
  }

  #search(field: 0 | 1, value: number): IndexEntry | undefined {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle * fields + field] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : this.#entry(low - 1);
  }

  #entry(i: number): IndexEntry {
    const at = i * fields;
    return {
      offset: this.#numbers[at] ?? 0,
      timestamp: this.#numbers[at + 1] ?? 0,
      position: this.#numbers[at + 2] ?? 0,
    };
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
