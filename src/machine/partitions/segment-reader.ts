import { getU32, tryGetU64Number } from '../../base/index.js';
import { batchAt, batchHeaderSize, isWireError, verifyBatch } from '../../wire/index.js';
import { logFile } from './partition-files.js';
import type { PartitionStore } from './partition-store.js';
import type { Segment } from './segment.js';
import { nextOffsetOf, type StoredBatch, storedBatch } from './stored-batch.js';
import { wasVerified } from './verified-bytes.js';

const minWindow = 64 * 1024;
const maxWindow = 4 * 1024 * 1024;

/** Where a walk through a segment file begins, and what it is after. */
export interface SegmentWalk {
  readonly segment: Segment;
  /** Position of the first batch. */
  readonly position: number;
  /** Bytes the caller expects to need; reads are made of about that size. */
  readonly expectedBytes: number;
  /** Whether to verify batches; skipped for those that only lead to the wanted ones. */
  isWanted(batch: StoredBatch): boolean;
  /** A wanted, intact batch; false = enough. It must be used before the next read. */
  visit(batch: StoredBatch): boolean;
}

/** How a walk ended: at the end of the written part, because `visit` said so, or at damage. */
export type WalkEnd = 'end' | 'stopped' | 'damaged';

/**
 * Visits the written batches of a segment in order, reading the file in windows. Damage ends the
 * walk: nothing behind it is ever skipped to.
 */
export function walkSegment(store: PartitionStore, walk: SegmentWalk): WalkEnd {
  const { segment } = walk;
  const file = logFile(segment.startOffset);
  const limit = segment.written;
  let window = Math.min(maxWindow, Math.max(minWindow, walk.expectedBytes));
  let position = walk.position;
  let mayView = true;
  while (position < limit) {
    const viewed = mayView ? store.view?.(file, position, limit - position) : undefined;
    const bytes = viewed ?? store.read(file, position, Math.min(window, limit - position));
    const step = walkWindow(bytes, walk);
    if (step.end !== undefined) return step.end;
    if (step.consumed === 0 && viewed !== undefined) {
      // The batch lies in several pieces of memory.
      mayView = false;
    } else if (step.consumed === 0) {
      // One batch is larger than the window: read exactly that one.
      if (step.needed > limit - position || step.needed <= window) return 'damaged';
      window = step.needed;
    } else {
      position += step.consumed;
      window = Math.min(maxWindow, Math.max(minWindow, walk.expectedBytes));
    }
  }
  return 'end';
}

interface WindowStep {
  readonly consumed: number;
  /** Bytes the first batch that did not fit needs. */
  readonly needed: number;
  readonly end?: WalkEnd;
}

function walkWindow(bytes: Uint8Array, walk: SegmentWalk): WindowStep {
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < batchHeaderSize) return { consumed: at, needed: batchHeaderSize };
    const length = tryGetU64Number(bytes, at + batchAt.length);
    const count = getU32(bytes, at + batchAt.messageCount);
    if (length < batchHeaderSize || count === 0) return { consumed: at, needed: 0, end: 'damaged' };
    if (length > bytes.length - at) return { consumed: at, needed: length };
    const batch = storedBatch(bytes, at, at + length);
    if (walk.isWanted(batch)) {
      if (!isIntact(batch)) return { consumed: at, needed: 0, end: 'damaged' };
      if (!walk.visit(batch)) return { consumed: at, needed: 0, end: 'stopped' };
    }
    at += length;
  }
  return { consumed: at, needed: 0 };
}

/** Whether a stored batch is what its checksums say. */
export function isIntact({ bytes, start, end, baseOffset, timestamp }: StoredBatch): boolean {
  if (baseOffset < 0 || timestamp < 0) return false;
  try {
    if (!wasVerified(bytes, start, end)) verifyBatch(bytes, start, end);
    return true;
  } catch (error) {
    if (isWireError(error)) return false;
    throw error;
  }
}

/** True when the batch begins where `expected` says and ends at or below 2^53-1. */
export function isDense(batch: StoredBatch, expected: number): boolean {
  return batch.baseOffset === expected && Number.isSafeInteger(nextOffsetOf(batch));
}
