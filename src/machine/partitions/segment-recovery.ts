import { emptyBytes, isZeroBytes } from '../../base/index.js';
import { decodeIndexFile, indexEntrySize, type LogExtent, scanSegment } from '../../wire/index.js';
import { indexFileOf, indexStartOffsetOf, logFile, startOffsetOf } from './partition-files.js';
import type { PartitionStore } from './partition-store.js';
import { Segment } from './segment.js';
import { SegmentIndex } from './segment-index.js';
import { isDense, walkSegment } from './segment-reader.js';
import { nextOffsetOf, type StoredBatch, sizeOf } from './stored-batch.js';

/** How the segments of a partition are to be read. */
export interface RecoverySettings {
  /** Bytes from the end of the log in which every checksum is verified. */
  readonly verifyBytes: number;
  /** Damage at or behind this offset is written again from the journal. */
  readonly journaledFrom?: number;
  /** Without an extent: what the journal does not hold was synced, so a torn end of it is damage. */
  readonly isJournalWhole?: boolean;
  /** Which offsets have to be there; absent where nobody noted it, and the files themselves have to say. */
  readonly extent?: LogExtent;
  /** Without an extent: whether offsets may jump from one segment to the next (`memory` only). */
  readonly allowsJumps: boolean;
  /** Bytes that the file of a segment takes up from its first batch on, if it does. */
  readonly reservedBytes?: number;
}

/** A file that holds more than its intact part, or an index to be written anew. */
export type FileRepair =
  | { readonly kind: 'truncate'; readonly file: string; readonly length: number }
  | { readonly kind: 'replace'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly file: string };

/** What the segment files of a partition hold. */
export type RecoveredSegments =
  | {
      readonly kind: 'intact';
      /** Ascending; empty when there are none. */
      readonly segments: readonly Segment[];
      readonly repairs: readonly FileRepair[];
    }
  /** Something committed cannot be read: the partition must not be served from these files. */
  | { readonly kind: 'damaged'; readonly file: string; readonly reason: string };

/** Loading this much for the search behind damage is enough for the largest batch. */
const damageWindow = 80 * 1024 * 1024;
/** Zeros are looked for in pieces of this size. */
const zeroWindow = 1024 * 1024;

/**
 * Reads the segments from their files: which offsets they hold, where the intact part ends. A torn
 * tail is cut, damage in front of intact data is reported and nothing is touched.
 * @source Iggy server, segment recovery
 */
export function recoverSegments(
  store: PartitionStore,
  settings: RecoverySettings,
): RecoveredSegments {
  const { extent, reservedBytes } = settings;
  const names = store.list('');
  const all = names.flatMap((name) => startOffsetOf(name) ?? []).sort((x, y) => x - y);
  const starts = all.slice(countGone(all, extent));
  const gone = all.slice(0, all.length - starts.length);
  const repairs: FileRepair[] = [...orphanIndexes(names, all), ...removals(gone)];
  const segments: Segment[] = [];
  const verifiedFrom = firstVerified(store, starts, settings.verifyBytes);
  for (const [i, start] of starts.entries()) {
    const next = starts[i + 1];
    const gap = extent && gapBefore(start, segments.at(-1), extent);
    if (gap !== undefined) {
      if (isLost(gap.offset, settings)) return { kind: 'damaged', ...gap };
      repairs.push(...removals(starts.slice(i)));
      break;
    }
    const how = { verify: i >= verifiedFrom, isLast: next === undefined, reservedBytes };
    const found = recoverSegment(store, start, how);
    const { segment } = found;
    if (isUseless(segment, next, extent)) {
      repairs.push(...removals([start]));
      continue;
    }
    segments.push(segment);
    const fault =
      found.fault ?? (extent === undefined ? unmarked(found, next, settings) : undefined);
    if (fault === undefined) {
      repairs.push(...found.repairs);
      continue;
    }
    if (isLost(segment.nextOffset, settings)) {
      return { kind: 'damaged', file: logFile(start), reason: fault };
    }
    // The journal has what counts from here on, so the rest is cut and applied again.
    segment.isSealed = false;
    repairs.push(...cutRepairs(store, segment), ...removals(starts.slice(i + 1)));
    break;
  }
  const short = extent && shortfall(segments.at(-1), extent, settings);
  if (short !== undefined) return { kind: 'damaged', ...short };
  for (const segment of segments.slice(0, -1)) {
    segment.isSealed = true;
    segment.index = undefined;
  }
  return { kind: 'intact', segments, repairs };
}

/** Leading segments that retention had begun to remove: another one begins at or below the start. */
function countGone(starts: readonly number[], extent: LogExtent | undefined): number {
  if (extent === undefined) return 0;
  return Math.max(
    0,
    starts.findLastIndex((start) => start <= extent.start),
  );
}

/** The last one to go, or one that was skipped by a jump before anything was written to it. */
function isUseless(
  segment: Segment,
  next: number | undefined,
  extent: LogExtent | undefined,
): boolean {
  if (extent === undefined) return false;
  if (segment.startOffset < extent.start && segment.nextOffset <= extent.start) return true;
  return segment.isEmpty && segment.written === 0 && next !== undefined;
}

/** What is missing in front of a segment, if something is. */
function gapBefore(
  start: number,
  previous: Segment | undefined,
  extent: LogExtent,
): { readonly offset: number; readonly file: string; readonly reason: string } | undefined {
  if (previous === undefined) {
    if (start <= extent.start) return undefined;
    const reason = `it is missing, the log begins at ${extent.start}`;
    return { offset: extent.start, file: logFile(extent.start), reason };
  }
  const { nextOffset: offset } = previous;
  const isJump = extent.jumps.some(({ from, to }) => from === offset && to === start);
  if (start === offset || isJump) return undefined;
  const reason = chainReason(previous, start);
  return { offset, file: logFile(previous.startOffset), reason };
}

/** What the mark says is there, and is not, behind the last segment. */
function shortfall(
  last: Segment | undefined,
  extent: LogExtent,
  settings: RecoverySettings,
): { readonly file: string; readonly reason: string } | undefined {
  const offset = last?.nextOffset ?? extent.start;
  if (!isLost(offset, settings)) return undefined;
  const file = logFile(last?.startOffset ?? offset);
  return { file, reason: `it ends at ${offset - 1}, but ${extent.end - 1} was synced` };
}

/** Whether what was at an offset is neither in the journal nor without anybody's word. */
function isLost(offset: number, { extent, journaledFrom }: RecoverySettings): boolean {
  const isJournaled = journaledFrom !== undefined && journaledFrom <= offset;
  return !isJournaled && (extent === undefined || offset < extent.end);
}

/** What is wrong with a segment as far as it shows without a mark. */
function unmarked(
  { segment, isTorn }: FoundSegment,
  next: number | undefined,
  settings: RecoverySettings,
): string | undefined {
  if (isTorn === true && isDrained(segment, settings)) return 'its last messages are damaged';
  return chainFault(segment, next, settings.allowsJumps);
}

interface FoundSegment {
  readonly segment: Segment;
  readonly repairs: readonly FileRepair[];
  /** Why the segment is not intact in the middle of the log. */
  readonly fault?: string;
  /** Its end was cut, and there was more than room that was never used. */
  readonly isTorn?: boolean;
}

function recoverSegment(
  store: PartitionStore,
  start: number,
  how: {
    readonly verify: boolean;
    readonly isLast: boolean;
    readonly reservedBytes: number | undefined;
  },
): FoundSegment {
  const segment = new Segment(start);
  const size = store.size(logFile(start)) ?? 0;
  segment.hasFile = true;
  // A walk reads what is written; how much of it counts is what the walk finds out.
  segment.written = size;
  let end = how.verify ? undefined : walkHeaders(store, segment);
  if (end?.position !== size) end = walkVerified(store, segment);
  segment.nextOffset = end.nextOffset ?? start;
  segment.size = end.position;
  segment.written = end.position;
  segment.newestTimestamp = end.timestamp;
  segment.index = end.index;
  if (end.position === size) return { segment, repairs: indexRepairs(store, segment) };
  if ((how.isLast || size === how.reservedBytes) && isUnused(store, segment, size)) {
    return { segment, repairs: cutRepairs(store, segment) };
  }
  if (!how.isLast) return { segment, repairs: [], fault: 'it ends before the next one begins' };
  const rest = store.read(logFile(start), end.position, damageWindow);
  const { tail } = scanSegment(rest, { startOffset: segment.nextOffset });
  if (tail === 'interior') {
    return { segment, repairs: [], fault: `damage at byte ${end.position} before intact data` };
  }
  return { segment, repairs: cutRepairs(store, segment), isTorn: true };
}

/** Whether what followed the intact part left the journal, which it does only once it is durable. */
function isDrained({ nextOffset }: Segment, settings: RecoverySettings): boolean {
  const { isJournalWhole, journaledFrom = Number.POSITIVE_INFINITY } = settings;
  return isJournalWhole === true && nextOffset < journaledFrom;
}

/** Whether only zeros follow the intact part: room that was reserved and never used. */
function isUnused(store: PartitionStore, segment: Segment, size: number): boolean {
  const file = logFile(segment.startOffset);
  const end = Math.min(size, segment.written + damageWindow);
  for (let at = segment.written; at < end; at += zeroWindow) {
    const bytes = store.read(file, at, Math.min(zeroWindow, end - at));
    if (!isZeroBytes(bytes, 0)) return false;
  }
  return true;
}

interface WalkedSegment {
  /** Where the intact part ends. */
  readonly position: number;
  /** Absent when there is no batch. */
  readonly nextOffset?: number | undefined;
  readonly timestamp?: number | undefined;
  readonly index: SegmentIndex;
}

/** Follows the batches of a segment as long as their offsets are dense. */
class DenseRun {
  readonly index: SegmentIndex;
  position: number;
  nextOffset: number | undefined;
  timestamp: number | undefined;
  isBroken = false;
  readonly #firstOffset: number;

  constructor(index: SegmentIndex, position: number, firstOffset: number) {
    this.index = index;
    this.position = position;
    this.#firstOffset = firstOffset;
  }

  accept(batch: StoredBatch): boolean {
    this.isBroken ||= !isDense(batch, this.nextOffset ?? this.#firstOffset);
    if (this.isBroken) return false;
    const { baseOffset: offset, timestamp } = batch;
    this.index.add({ offset, timestamp, position: this.position });
    this.position += sizeOf(batch);
    this.nextOffset = nextOffsetOf(batch);
    this.timestamp = timestamp;
    return true;
  }
}

/** From the last index entry on, without a look at what the batches hold. */
function walkHeaders(store: PartitionStore, segment: Segment): WalkedSegment {
  const index = SegmentIndex.of(readIndex(store, segment.startOffset));
  const { position, offset } = index.last ?? { position: 0, offset: segment.startOffset };
  const run = new DenseRun(index, position, offset);
  walkSegment(store, {
    segment,
    position,
    expectedBytes: 0,
    isWanted(batch) {
      run.accept(batch);
      return run.isBroken;
    },
    visit: () => false,
  });
  return run;
}

/** All of it, every checksum included. */
function walkVerified(store: PartitionStore, segment: Segment): WalkedSegment {
  const run = new DenseRun(new SegmentIndex(), 0, segment.startOffset);
  walkSegment(store, {
    segment,
    position: 0,
    expectedBytes: 4 * 1024 * 1024,
    isWanted: () => true,
    visit: (batch) => run.accept(batch),
  });
  return run;
}

/** A crash may leave a segment without its index, which is then written anew. */
function readIndex(store: PartitionStore, start: number): Uint8Array {
  const file = indexFileOf(start);
  const size = store.size(file) ?? 0;
  return size === 0 ? emptyBytes : store.read(file, 0, size);
}

function chainFault(
  segment: Segment,
  nextStart: number | undefined,
  allowsJumps: boolean,
): string | undefined {
  if (nextStart === undefined) return undefined;
  if (segment.isEmpty) return 'a segment in front of others is empty';
  if (segment.nextOffset === nextStart) return undefined;
  if (allowsJumps && segment.nextOffset < nextStart) return undefined;
  return chainReason(segment, nextStart);
}

function chainReason(segment: Segment, nextStart: number): string {
  return `it ends at ${segment.endOffset}, the next one begins at ${nextStart}`;
}

/** The first segment that has to be verified: all data from there on are the last bytes. */
function firstVerified(
  store: PartitionStore,
  starts: readonly number[],
  verifyBytes: number,
): number {
  let bytes = 0;
  let first = starts.length - 1;
  while (first > 0) {
    bytes += dataSize(store, starts[first] ?? 0, first === starts.length - 1);
    if (bytes >= verifyBytes) break;
    first -= 1;
  }
  return first;
}

/** Length of a segment; of the last one without what was reserved and not used. */
function dataSize(store: PartitionStore, start: number, isLast: boolean): number {
  const segment = new Segment(start);
  segment.written = store.size(logFile(start)) ?? 0;
  return isLast ? walkHeaders(store, segment).position : segment.written;
}

function cutRepairs(store: PartitionStore, segment: Segment): readonly FileRepair[] {
  const file = logFile(segment.startOffset);
  const { written: length } = segment;
  return [{ kind: 'truncate', file, length }, ...indexRepairs(store, segment)];
}

/** An index that is missing, torn or speaks of bytes that are gone is written anew. */
function indexRepairs(store: PartitionStore, segment: Segment): readonly FileRepair[] {
  const file = indexFileOf(segment.startOffset);
  const size = store.size(file) ?? 0;
  const entries = size === 0 ? [] : decodeIndexFile(store.read(file, 0, size));
  const isWhole = entries.length * indexEntrySize === size;
  const isInside = (entries.at(-1)?.position ?? -1) < segment.written;
  if (isWhole && isInside && (size > 0 || segment.isEmpty)) return [];
  if (segment.isEmpty) return [{ kind: 'remove', file }];
  return [{ kind: 'replace', file, bytes: segment.index?.encode() ?? new Uint8Array() }];
}

function orphanIndexes(names: readonly string[], starts: readonly number[]): FileRepair[] {
  const logs = new Set(starts);
  return names
    .filter((name) => {
      const start = indexStartOffsetOf(name);
      return start !== undefined && !logs.has(start);
    })
    .map((file) => ({ kind: 'remove', file }));
}

function removals(starts: readonly number[]): FileRepair[] {
  return starts.flatMap((start) => [
    { kind: 'remove', file: logFile(start) },
    { kind: 'remove', file: indexFileOf(start) },
  ]);
}
