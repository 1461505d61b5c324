import { getU32, tryGetU64Number } from '../../base/index.js';
import { batchAt } from '../../wire/index.js';

/** A stamped batch somewhere in memory, and what its header says. */
export interface StoredBatch {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly baseOffset: number;
  readonly timestamp: number;
  readonly count: number;
}

/** The batch in `bytes[start..end)`; numbers that no batch of ours can have read as -1. */
export function storedBatch(bytes: Uint8Array, start: number, end: number): StoredBatch {
  return {
    bytes,
    start,
    end,
    baseOffset: tryGetU64Number(bytes, start + batchAt.baseOffset),
    timestamp: tryGetU64Number(bytes, start + batchAt.baseTimestamp),
    count: getU32(bytes, start + batchAt.messageCount),
  };
}

/** Offset behind the last message of a batch. */
export function nextOffsetOf(batch: StoredBatch): number {
  return batch.baseOffset + batch.count;
}

export function sizeOf(batch: StoredBatch): number {
  return batch.end - batch.start;
}
