import { setU64Number, tryGetU64Number } from '../../base/index.js';
import { invalid } from '../errors.js';
import type { Codec } from '../schema/index.js';

/** A count, an op, a time: unsigned, eight bytes, little-endian, at most 2^53 - 1. */
export const u53: Codec<number> = {
  type: 'u53',
  size: 8,
  minSize: 8,
  composite: false,
  shape: { kind: 'number', min: 0, max: Number.MAX_SAFE_INTEGER },
  read(reader) {
    const offset = reader.take(8);
    const value = tryGetU64Number(reader.bytes, offset);
    if (value < 0) throw invalid('the number is above 2^53 - 1', { offset });
    return value;
  },
  write(writer, value) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw invalid(`u53 must be an integer in 0..2^53-1, got ${String(value)}`);
    }
    const at = writer.claim(8);
    setU64Number(writer.target, at, value);
  },
};
