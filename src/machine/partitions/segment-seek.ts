import { tryGetU64Number } from '../../base/index.js';
import { batchAt, batchHeaderSize, type IndexEntry } from '../../wire/index.js';
import type { MessageLog } from './message-log.js';
import { logFile } from './partition-files.js';
import type { Segment } from './segment.js';

// An index file has no checksum, and a wrong entry leads behind what is looked for. So what it says
// counts only where the batch it leads to says the same; else a segment is read from its start.

/** Position from which on to look for an offset in a segment. */
export function seekOffset(log: MessageLog, segment: Segment, offset: number): number {
  return positionOf(log, segment, log.indexOf(segment).entryOfOffset(offset));
}

/** Position from which on to look for the first batch at or after a time. */
export function seekTime(log: MessageLog, segment: Segment, time: number): number {
  return positionOf(log, segment, log.indexOf(segment).entryOfTime(time));
}

function positionOf(log: MessageLog, segment: Segment, entry: IndexEntry | undefined): number {
  if (entry === undefined || entry.position <= 0) return 0;
  if (entry.position + batchHeaderSize > segment.written) return 0;
  const file = logFile(segment.startOffset);
  const viewed = log.store.view?.(file, entry.position, batchHeaderSize);
  const isViewed = viewed !== undefined && viewed.length >= batchHeaderSize;
  const header = isViewed ? viewed : log.store.read(file, entry.position, batchHeaderSize);
  if (header.length < batchHeaderSize) return 0;
  const isSame =
    tryGetU64Number(header, batchAt.baseOffset) === entry.offset &&
    tryGetU64Number(header, batchAt.baseTimestamp) === entry.timestamp;
  return isSame ? entry.position : 0;
}
