import { getU32, isZeroBytes, tryGetU64Number } from '../../base/index.js';
import {
  type BatchHeader,
  batchAt,
  batchHeaderSize,
  batchLengthAt,
  isWireError,
  readBatchHeader,
  verifyBatch,
} from '../../wire/index.js';
import { findRecord } from './find-record.js';
import type { CutItem, DamageItem } from './journal-items.js';
import type { OpenedFile } from './opened-file.js';

/** A batch of a segment, whole. */
export interface SegmentBatchItem {
  readonly kind: 'batch';
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  readonly header: BatchHeader;
  readonly bytes: Uint8Array;
  /** What is wrong with it. */
  readonly problem: string | undefined;
}

/** Zeros that were allocated ahead of the data. */
interface PaddingItem {
  readonly kind: 'padding';
  readonly offset: number;
  readonly length: number;
}

export type SegmentItem = SegmentBatchItem | PaddingItem | DamageItem | CutItem;

const batchBytesMax = 256 * 1024 * 1024;

/**
 * Tells everything in a segment, one batch at a time. Behind damage it goes on at the next intact
 * batch. With `startOffset` the first batch must begin there.
 */
export function* walkSegment(file: OpenedFile, startOffset?: number): Generator<SegmentItem> {
  let number = 0;
  let next = startOffset;
  for (let offset = 0; offset < file.size; ) {
    const found = batchFrom(file, offset, next);
    if (found === undefined) {
      const end = yield* gap(file, offset, next ?? 0);
      if (end < 0) return;
      offset = end;
      next = undefined;
      continue;
    }
    number += 1;
    yield { ...found, number };
    offset += found.length;
    next = found.header.baseOffset + found.header.messageCount;
  }
}

/** The batch at `offset`, checked; nothing when none is there as a whole. */
function batchFrom(
  file: OpenedFile,
  offset: number,
  wanted: number | undefined,
): Omit<SegmentBatchItem, 'number'> | undefined {
  const head = file.read(offset, batchHeaderSize);
  try {
    const length = batchLengthAt(head, 0, Math.min(file.size - offset, batchBytesMax));
    const header = readBatchHeader(head);
    if (header.messageCount === 0) return undefined;
    const bytes = file.read(offset, length);
    const problem = problemOf(bytes, header, wanted);
    const base = { kind: 'batch' as const, offset, length, header, bytes, problem };
    if (problem === undefined) return base;
    // The length of a damaged batch is believed when something that makes sense follows.
    const isLast = offset + length === file.size;
    return isLast || looksLikeBatch(file.read(offset + length, batchHeaderSize), 0, 0)
      ? base
      : undefined;
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}

function problemOf(
  bytes: Uint8Array,
  header: BatchHeader,
  wanted: number | undefined,
): string | undefined {
  try {
    verifyBatch(bytes);
  } catch (error) {
    if (isWireError(error)) return error.message;
    throw error;
  }
  if (wanted === undefined || header.baseOffset === wanted) return undefined;
  return `it begins at offset ${header.baseOffset}, not at ${wanted}`;
}

/** What stands where no batch is; gives where to go on, or -1 at the end. */
function* gap(
  file: OpenedFile,
  offset: number,
  minOffset: number,
): Generator<SegmentItem, number, void> {
  const rest = file.size - offset;
  if (isZeroFrom(file, offset)) {
    yield { kind: 'padding', offset, length: rest };
    return -1;
  }
  const next = findRecord(file, offset + 1, {
    head: batchHeaderSize,
    isLikely: (window, at) => looksLikeBatch(window, at, minOffset),
    isRecord: (at) => batchFrom(file, at, undefined)?.problem === undefined && isBatch(file, at),
  });
  if (next >= 0) {
    yield { kind: 'damage', offset, length: next - offset, reason: 'no batch begins here' };
    return next;
  }
  yield tailOf(file, offset);
  return -1;
}

function isBatch(file: OpenedFile, at: number): boolean {
  return batchFrom(file, at, undefined) !== undefined;
}

/** The rest of a file: cut when it begins as a batch that would go on, else damaged. */
function tailOf(file: OpenedFile, offset: number): DamageItem | CutItem {
  const rest = file.size - offset;
  const head = file.read(offset, batchHeaderSize);
  if (head.length < batchHeaderSize) {
    return { kind: 'cut', offset, present: rest, missing: batchHeaderSize - rest };
  }
  const length = tryGetU64Number(head, batchAt.length);
  const isSane = isZeroBytes(head, batchAt.reserved, batchHeaderSize);
  if (isSane && length > rest && length <= batchBytesMax) {
    return { kind: 'cut', offset, present: rest, missing: length - rest };
  }
  return { kind: 'damage', offset, length: rest, reason: 'no batch begins here' };
}

function looksLikeBatch(bytes: Uint8Array, at: number, minOffset: number): boolean {
  if (bytes.length - at < batchHeaderSize) return false;
  if (getU32(bytes, at + batchAt.messageCount) === 0) return false;
  const length = tryGetU64Number(bytes, at + batchAt.length);
  if (length <= batchHeaderSize || length > batchBytesMax) return false;
  return tryGetU64Number(bytes, at + batchAt.baseOffset) >= minOffset;
}

function isZeroFrom(file: OpenedFile, offset: number): boolean {
  for (const chunk of file.chunks(offset, file.size - offset)) {
    if (!isZeroBytes(chunk, 0)) return false;
  }
  return true;
}

/** The offset a segment's name says it begins with; nothing for other names. */
export function startOffsetOf(name: string): number | undefined {
  const digits = /(?:^|\/)(\d{20})\.(?:log|index)$/.exec(name)?.[1];
  const value = digits === undefined ? Number.NaN : Number(digits);
  return Number.isSafeInteger(value) ? value : undefined;
}
