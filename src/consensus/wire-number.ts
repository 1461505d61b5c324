import { tryGetU64Number } from '../base/index.js';

/** Whether the u64 at `offset` is a value the core can hold: at most 2^53-1. */
export function isNumberAt(frame: Uint8Array, offset: number): boolean {
  return tryGetU64Number(frame, offset) >= 0;
}
