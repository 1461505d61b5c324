import { concatBytes } from '../../base/index.js';
import { sliceBatch } from '../../wire/index.js';
import type { MessageLog } from './message-log.js';
import { type WalkEnd, walkSegment } from './segment-reader.js';
import { seekOffset, seekTime } from './segment-seek.js';
import { nextOffsetOf, type StoredBatch, sizeOf } from './stored-batch.js';

/** Which messages are wanted. */
export interface MessageRange {
  readonly fromOffset: number;
  /** At least 1. */
  readonly count: number;
  /** Most bytes of batches; a first batch that is larger is cut. */
  readonly maxBytes: number;
  /** Gives a batch as it is to be read; `undefined` when that fails. Absent = as it is stored. */
  readonly open?: (batch: Uint8Array) => Uint8Array | undefined;
}

/** Messages in batch form, as a poll reply carries them. */
export interface ReadMessages {
  readonly chunks: readonly Uint8Array[];
  readonly count: number;
  readonly byteLength: number;
  /** Offset of the last message, -1 without messages. */
  readonly lastOffset: number;
  /** Base offset of a batch that could not be opened and ended the result. */
  readonly unreadable?: number | undefined;
}

/** Collects batches until enough messages are there; cuts the first and the last to size. */
class Collector {
  readonly chunks: Uint8Array[] = [];
  readonly #range: MessageRange;
  #next: number;
  count = 0;
  byteLength = 0;
  lastOffset = -1;
  unreadable: number | undefined;

  constructor(range: MessageRange) {
    this.#range = range;
    this.#next = range.fromOffset;
  }

  isWanted(batch: StoredBatch): boolean {
    return nextOffsetOf(batch) > this.#next;
  }

  /** False when nothing more is wanted. */
  take(batch: StoredBatch): boolean {
    const skip = Math.max(0, this.#next - batch.baseOffset);
    const left = this.#range.count - this.count;
    const messages = Math.min(batch.count - skip, left);
    if (this.count > 0 && this.byteLength + sizeOf(batch) > this.#range.maxBytes) return false;
    const pieces = piecesOf(batch, skip, messages);
    if (this.#range.open === undefined) for (const piece of pieces) this.#add(piece);
    else {
      const opened = this.#range.open(concatBytes(pieces));
      if (opened === undefined) {
        this.unreadable = batch.baseOffset;
        return false;
      }
      this.#add(opened);
    }
    this.count += messages;
    this.lastOffset = batch.baseOffset + skip + messages - 1;
    this.#next = this.lastOffset + 1;
    return this.count < this.#range.count;
  }

  #add(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.byteLength += bytes.length;
  }
}

/** A batch, or some of its messages behind a header of their own. */
function piecesOf(batch: StoredBatch, skip: number, messages: number): readonly Uint8Array[] {
  const { bytes, start, end } = batch;
  if (messages === batch.count) return [bytes.subarray(start, end)];
  const part = sliceBatch(bytes, start, end, { skip, take: messages });
  return [part.header, part.messages];
}

/**
 * Messages from an offset on, in order and without a gap, from memory where possible. Those that
 * were removed are passed over; damage ends the result early. What a read of the store throws ends
 * it too, because a reply with less is always right.
 */
export function readMessages(log: MessageLog, range: MessageRange): ReadMessages {
  const collector = new Collector(range);
  const from = Math.max(range.fromOffset, log.firstOffset);
  const memoryFrom = log.recent.firstOffset ?? log.writtenNextOffset;
  if (from < memoryFrom && !readFiles(log, collector, { from, until: memoryFrom, range })) {
    return collector;
  }
  const isOpen = log.recent.visit(Math.max(from, memoryFrom), (batch) => take(collector, batch));
  if (isOpen) readTail(log, collector, from);
  return collector;
}

function take(collector: Collector, batch: StoredBatch): boolean {
  return collector.isWanted(batch) ? collector.take(batch) : true;
}

function readTail(log: MessageLog, collector: Collector, from: number): void {
  for (const batch of log.tail) {
    if (nextOffsetOf(batch) > from && !take(collector, batch)) return;
  }
}

interface FileSpan {
  readonly from: number;
  /** Batches from this offset on are in memory. */
  readonly until: number;
  readonly range: MessageRange;
}

/** Reads from segment files; true when it came to what is in memory and wants more. */
function readFiles(log: MessageLog, collector: Collector, span: FileSpan): boolean {
  const { from, until, range } = span;
  try {
    for (let i = log.segmentIndexOf(from); i < log.segments.length; i++) {
      const segment = log.segments[i];
      if (segment === undefined || segment.startOffset >= until) break;
      const average = segment.size / Math.max(1, segment.messages);
      const seen = { memory: false };
      const end: WalkEnd = walkSegment(log.store, {
        segment,
        position: seekOffset(log, segment, from),
        expectedBytes: Math.min(range.maxBytes, Math.ceil(range.count * average) + 4_096),
        isWanted: (batch) => collector.isWanted(batch),
        visit(batch) {
          seen.memory = batch.baseOffset >= until;
          return !seen.memory && collector.take(batch);
        },
      });
      if (seen.memory) return true;
      if (end !== 'end') return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** First offset of the first batch whose time is at or after `timestamp`; -1 when there is none. */
export function findTimestamp(log: MessageLog, timestamp: number): number {
  try {
    const written = findInFiles(log, timestamp);
    if (written >= 0) return written;
  } catch {
    return -1;
  }
  return log.tail.find((batch) => batch.timestamp >= timestamp)?.baseOffset ?? -1;
}

function findInFiles(log: MessageLog, timestamp: number): number {
  for (const segment of log.segments) {
    const newest = segment.newestTimestamp;
    if (segment.isEmpty || (newest !== undefined && newest < timestamp)) continue;
    let found = -1;
    walkSegment(log.store, {
      segment,
      position: seekTime(log, segment, timestamp),
      expectedBytes: 0,
      isWanted: (batch) => batch.timestamp >= timestamp,
      visit: (batch) => {
        found = batch.baseOffset;
        return false;
      },
    });
    if (found >= 0) return found;
  }
  return -1;
}
