import { getU32, isZeroBytes, tryGetU64Number } from '../../base/index.js';
import { isWireError } from '../errors.js';
import {
  batch,
  batchAt,
  batchHeaderSize,
  batchLengthAt,
  readBatchHeader,
  verifyBatch,
} from '../payloads/index.js';
import { restOf } from '../schema/index.js';

/** A `.log` file: stored batches back to back, without a header of its own. */
export const segmentFile = restOf(batch);

/** Where a batch lies in a segment, and what it holds. */
export interface SegmentBatch {
  /** First byte in the file. */
  readonly position: number;
  /** Header and messages, bytes. */
  readonly length: number;
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  readonly messageCount: number;
}

/** What follows the last intact batch of a segment. */
export type SegmentTail =
  /** The file ends there, or goes on with zeros that were allocated ahead. */
  | 'clean'
  /** An unfinished write. */
  | 'torn'
  /** Damage in front of an intact batch with a higher offset. */
  | 'interior';

/** Contents of a segment file. */
export interface SegmentScan {
  readonly batches: readonly SegmentBatch[];
  /** Bytes up to the end of the last intact batch. */
  readonly validLength: number;
  readonly tail: SegmentTail;
  /** Where an intact batch was found behind the damage. */
  readonly intactAt?: number;
}

/** What is known before a segment is read. */
export interface SegmentScanOptions {
  /** Where to begin: a position that an index names. Default 0. */
  readonly from?: number;
  /** Offset the first batch must have; any when absent. */
  readonly startOffset?: number;
}

/**
 * Walks a segment and verifies every batch. Offsets must be dense: each batch begins where the one
 * before it ended. The first that is damaged, cut or out of order ends the intact part. It is a
 * torn tail unless an intact batch with a higher offset begins behind it.
 */
export function scanSegment(bytes: Uint8Array, options: SegmentScanOptions = {}): SegmentScan {
  const batches: SegmentBatch[] = [];
  let position = options.from ?? 0;
  let next = options.startOffset;
  while (position < bytes.length) {
    const found = intactBatchAt(bytes, position);
    if (found === undefined || (next !== undefined && found.baseOffset !== next)) break;
    batches.push(found);
    position += found.length;
    next = found.baseOffset + found.messageCount;
  }
  if (isZeroBytes(bytes, position)) return { batches, validLength: position, tail: 'clean' };
  const intactAt = findBatch(bytes, position + 1, next ?? 0);
  if (intactAt < 0) return { batches, validLength: position, tail: 'torn' };
  return { batches, validLength: position, tail: 'interior', intactAt };
}

/** The intact batch at `position`, or nothing. */
export function intactBatchAt(bytes: Uint8Array, position: number): SegmentBatch | undefined {
  try {
    const length = batchLengthAt(bytes, position);
    const messageCount = verifyBatch(bytes, position, position + length);
    const { baseOffset, baseTimestamp } = readBatchHeader(bytes, position);
    return { position, length, baseOffset, baseTimestamp, messageCount };
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}

function findBatch(bytes: Uint8Array, from: number, minOffset: number): number {
  for (let at = from; at + batchHeaderSize <= bytes.length; at++) {
    if (!looksLikeBatch(bytes, at, minOffset)) continue;
    if (intactBatchAt(bytes, at) !== undefined) return at;
  }
  return -1;
}

/** Cheap tests that nearly every wrong position fails, so that few hashes are computed. */
function looksLikeBatch(bytes: Uint8Array, at: number, minOffset: number): boolean {
  if (getU32(bytes, at + batchAt.messageCount) === 0) return false;
  const length = tryGetU64Number(bytes, at + batchAt.length);
  if (length <= batchHeaderSize || length > bytes.length - at) return false;
  return tryGetU64Number(bytes, at + batchAt.baseOffset) >= minOffset;
}
