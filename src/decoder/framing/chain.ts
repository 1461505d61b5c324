import { getU32 } from '../../base/index.js';
import { commandByCode } from '../../wire/index.js';
import { isKnownError } from '../error-names.js';
import { largestFrame } from './family.js';

/** What walking the length fields of a plain framing over some bytes found. */
export interface Chain {
  /** Complete frames. */
  readonly frames: number;
  /** Bytes of the complete frames. */
  readonly consumed: number;
  /** Every complete frame fits, and so does what is left over, as the start of another. */
  readonly possible: boolean;
  /** Frames whose command code or status is not in the tables. */
  readonly unknown: number;
  /** The 16-byte header is possible for every frame. */
  readonly correlated: boolean;
  /** Bytes the last, incomplete frame still lacks, as far as can be told. */
  readonly missing: number;
}

type PlainSide = 'request' | 'response';

const mostFrames = 4096;

/** Total size of the plain frame at `start`, or -1 when its length field makes no sense. */
export function plainSize(side: PlainSide, bytes: Uint8Array, start: number): number {
  const size = side === 'request' ? getU32(bytes, start) + 4 : getU32(bytes, start + 4) + 8;
  if (size < 8 || size > largestFrame) return -1;
  return size;
}

/**
 * Follows the lengths of requests (`[length][code]…`) or responses (`[status][length]…`).
 * @source Iggy consensus protocol, telling the families apart, steps 2 and 3
 */
export function walkChain(side: PlainSide, bytes: Uint8Array): Chain {
  let [consumed, frames, unknown] = [0, 0, 0];
  let correlated = true;
  while (bytes.length - consumed >= 8 && frames < mostFrames) {
    const size = plainSize(side, bytes, consumed);
    const word = getU32(bytes, side === 'request' ? consumed + 4 : consumed);
    if (size < 0) {
      return { frames, consumed, possible: false, unknown, correlated, missing: 0 };
    }
    if (!isKnown(side, word)) unknown += 1;
    if (size < 16) correlated = false;
    if (size > bytes.length - consumed) {
      const missing = size - (bytes.length - consumed);
      return { frames, consumed, possible: true, unknown, correlated, missing };
    }
    consumed += size;
    frames += 1;
  }
  const rest = bytes.length - consumed;
  const missing = rest === 0 ? 0 : Math.max(1, 8 - rest);
  return { frames, consumed, possible: true, unknown, correlated, missing };
}

function isKnown(side: PlainSide, word: number): boolean {
  if (side === 'request') return commandByCode(word) !== undefined;
  return word === 0 || isKnownError(word);
}
