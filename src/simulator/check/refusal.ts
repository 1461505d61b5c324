import { getU32 } from '../../base/index.js';
import { decodeResult } from '../../wire/index.js';

/** "Not committed yet", "not accepted here", "applied already", "another request": no results. */
const refusals: ReadonlySet<number> = new Set([57, 58, 59, 3]);

/**
 * Whether a reply with a result section only says that nothing was done. Such a one carries the
 * commit point of whoever refuses, which may be anybody's op.
 */
export function isRefusal(frame: Uint8Array): boolean {
  // A success has no entry in its result section.
  if (frame.length <= 256 || getU32(frame, 256) === 0) return false;
  const result = decodeResult(frame.subarray(256));
  return !result.ok && refusals.has(result.code);
}
