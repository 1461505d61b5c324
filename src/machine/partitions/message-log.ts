import { encodeIndexEntry } from '../../wire/index.js';
import { type CacheBudget, RecentBatches } from './batch-cache.js';
import { indexFileOf, logFile } from './partition-files.js';
import type { PartitionStore } from './partition-store.js';
import { Segment } from './segment.js';
import { SegmentIndex } from './segment-index.js';
import { nextOffsetOf, type StoredBatch, sizeOf, storedBatch } from './stored-batch.js';

/** Loaded indexes of sealed segments; the active one's is always there. */
const loadedIndexes = 8;

export interface MessageLogSettings {
  /** Bytes after which a segment is sealed. */
  readonly segmentSize: number;
  /** Whether the file of a segment takes up that size from its first batch on. */
  readonly reserves?: boolean;
  readonly budget: CacheBudget;
}

/**
 * The committed messages of a partition: segment files, an unwritten tail in memory, and a cache
 * of what was written last. Where segments end depends on the committed bytes alone, so that it is
 * the same on all replicas whenever they write.
 */
export class MessageLog {
  readonly store: PartitionStore;
  readonly #segmentSize: number;
  readonly #reserves: boolean;
  readonly recent: RecentBatches;
  /** Ascending; the last one is active. Never empty. */
  #segments: Segment[];
  #tail: StoredBatch[] = [];
  #tailBytes = 0;
  #tailMessages = 0;
  /** Empty segments that were skipped by a jump of offsets; their files are of no use. */
  #abandoned: Segment[] = [];
  /** Sealed segments with a loaded index, the last used one last. */
  #indexed: Segment[] = [];

  constructor(store: PartitionStore, settings: MessageLogSettings) {
    this.store = store;
    this.#segmentSize = settings.segmentSize;
    this.#reserves = settings.reserves === true;
    this.recent = new RecentBatches(settings.budget);
    this.#segments = [new Segment(0)];
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get active(): Segment {
    return this.#segments[this.#segments.length - 1] ?? new Segment(0);
  }

  /** Offset the next committed message gets. */
  get nextOffset(): number {
    return this.active.nextOffset;
  }

  /** Offset of the oldest message that is still there; `nextOffset` when there is none. */
  get firstOffset(): number {
    return this.#segments[0]?.startOffset ?? 0;
  }

  get tail(): readonly StoredBatch[] {
    return this.#tail;
  }

  get tailBytes(): number {
    return this.#tailBytes;
  }

  get tailMessages(): number {
    return this.#tailMessages;
  }

  /** Offset of the first message that is in memory only; `nextOffset` when there is none. */
  get writtenNextOffset(): number {
    return this.#tail[0]?.baseOffset ?? this.nextOffset;
  }

  /** Adopts segments found on disk: ascending, not empty, the last one becomes active. */
  adopt(segments: readonly Segment[]): void {
    this.#segments = [...segments];
    this.recent.clear();
    this.#tail = [];
    this.#tailBytes = 0;
    this.#tailMessages = 0;
    this.#indexed = [];
    const active = this.active;
    if (active.size >= this.#segmentSize) this.#roll(active.nextOffset);
  }

  /**
   * Adds a committed batch; its bytes are kept. A base offset above the next one begins a new
   * segment, so that within each the offsets stay dense.
   * @returns whether a segment was sealed
   */
  append(bytes: Uint8Array): boolean {
    const batch = storedBatch(bytes, 0, bytes.length);
    const before = this.#segments.length;
    if (batch.baseOffset > this.nextOffset) this.#roll(batch.baseOffset);
    const segment = this.active;
    segment.size += sizeOf(batch);
    segment.nextOffset = nextOffsetOf(batch);
    segment.newestTimestamp = batch.timestamp;
    this.#tail.push(batch);
    this.#tailBytes += sizeOf(batch);
    this.#tailMessages += batch.count;
    if (segment.size >= this.#segmentSize) this.#roll(segment.nextOffset);
    return this.#segments.length > before;
  }

  /**
   * Writes the tail to the segment files, unsynced: one index entry for each run of batches of one
   * segment. Files that were written are added to `written`. May throw what the store throws; what
   * was not written stays in the tail.
   */
  write(written: Set<string>): void {
    while (this.#tail.length > 0) {
      const first = this.#tail[0];
      if (first === undefined) return;
      const segment = this.segmentOf(first.baseOffset);
      let count = 0;
      while (this.#belongs(this.#tail[count], segment)) count += 1;
      this.#writeRun(segment, this.#tail.slice(0, count), written);
    }
  }

  /** Makes sure that the active segment's file is there, so that its name tells the next offset. */
  ensureActiveFile(written: Set<string>): void {
    const active = this.active;
    if (active.hasFile) return;
    const name = logFile(active.startOffset);
    this.store.append(name, []);
    active.hasFile = true;
    written.add(name);
  }

  /** Segments whose files shall go because a jump of offsets skipped them; told once. */
  takeAbandoned(): readonly Segment[] {
    const abandoned = this.#abandoned;
    this.#abandoned = [];
    return abandoned;
  }

  /** The segment that holds an offset, or the nearest one below it. */
  segmentOf(offset: number): Segment {
    return this.#segments[this.segmentIndexOf(offset)] ?? this.active;
  }

  /** Place of {@link segmentOf} in the list. */
  segmentIndexOf(offset: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle]?.startOffset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** The index of a segment, loaded when needed. May throw what the store throws. */
  indexOf(segment: Segment): SegmentIndex {
    if (!segment.isSealed) {
      segment.index ??= this.#load(segment);
      return segment.index;
    }
    this.#indexed = this.#indexed.filter((each) => each !== segment);
    this.#indexed.push(segment);
    if (this.#indexed.length > loadedIndexes) {
      const oldest = this.#indexed.shift();
      if (oldest !== undefined) oldest.index = undefined;
    }
    segment.index ??= this.#load(segment);
    return segment.index;
  }

  /** Removes the oldest segments; never the active one. */
  dropOldest(count: number): readonly Segment[] {
    const dropped = this.#segments.slice(0, Math.min(count, this.#segments.length - 1));
    this.#segments = this.#segments.slice(dropped.length);
    this.#indexed = this.#indexed.filter((each) => !dropped.includes(each));
    return dropped;
  }

  /** Forgets everything and starts again at an offset; gives the segments that were there. */
  reset(nextOffset: number): readonly Segment[] {
    const dropped = this.#segments;
    this.adopt([new Segment(nextOffset)]);
    return dropped;
  }

  /**
   * Forgets everything from the batch at `position` of the segment on, because the file is not
   * intact there. Later segments go with it and are returned; the file itself is cut by the caller.
   */
  cut(segment: Segment, position: number, nextOffset: number): readonly Segment[] {
    const at = this.#segments.indexOf(segment);
    const dropped = this.#segments.slice(at + 1);
    this.#segments = this.#segments.slice(0, at + 1);
    segment.size = position;
    segment.written = position;
    segment.nextOffset = nextOffset;
    segment.isSealed = false;
    segment.isReserved = false;
    segment.index?.cut(position);
    this.recent.clear();
    this.#tail = [];
    this.#tailBytes = 0;
    this.#tailMessages = 0;
    this.#indexed = this.#indexed.filter((each) => each !== segment && !dropped.includes(each));
    return dropped;
  }

  #belongs(batch: StoredBatch | undefined, segment: Segment): boolean {
    return (
      batch !== undefined &&
      batch.baseOffset >= segment.startOffset &&
      batch.baseOffset < segment.nextOffset
    );
  }

  #writeRun(segment: Segment, run: readonly StoredBatch[], written: Set<string>): void {
    const [first] = run;
    if (first === undefined) return;
    const log = logFile(segment.startOffset);
    const position = segment.written;
    if (this.#reserves && !segment.isSealed && !segment.isReserved) {
      this.store.reserve?.(log, this.#segmentSize);
      segment.isReserved = true;
    }
    this.store.append(
      log,
      run.map((batch) => batch.bytes),
    );
    segment.hasFile = true;
    written.add(log);
    const { baseOffset: offset, timestamp } = first;
    this.#tail = this.#tail.slice(run.length);
    for (const batch of run) {
      segment.written += sizeOf(batch);
      this.#tailBytes -= sizeOf(batch);
      this.#tailMessages -= batch.count;
      this.recent.add(batch);
    }
    const index = indexFileOf(segment.startOffset);
    const entry = { offset, timestamp, position };
    (segment.isSealed ? segment.index : this.indexOf(segment))?.add(entry);
    this.store.append(index, [encodeIndexEntry(entry)]);
    written.add(index);
  }

  #load(segment: Segment): SegmentIndex {
    // What lies under its name is of a segment that was purged, and about to be removed.
    if (segment.written === 0) return new SegmentIndex();
    const name = indexFileOf(segment.startOffset);
    const size = this.store.size(name) ?? 0;
    return size === 0 ? new SegmentIndex() : SegmentIndex.of(this.store.read(name, 0, size));
  }

  #roll(startOffset: number): void {
    const active = this.active;
    if (active.isEmpty) {
      // Only the last segment may be empty, so this one is given up.
      if (active.startOffset === startOffset) return;
      if (active.hasFile) this.#abandoned.push(active);
      this.#segments.pop();
    } else {
      active.isSealed = true;
      if (active.index !== undefined) this.#indexed.push(active);
    }
    this.#segments.push(new Segment(startOffset));
  }
}
