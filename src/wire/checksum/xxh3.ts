import hashWasm from 'hash-wasm/dist/xxhash3.umd.min.js';
import { getU32 } from '../../base/index.js';

// The only wait of the pure layers: the hash is compiled once, when this module loads, and is
// synchronous from then on.
// eslint-disable-next-line no-restricted-syntax -- awaited once, at load
const hasher = await hashWasm.createXXHash3();

/** XXH3-64 of the empty string; not zero. */
export const emptyXxh3 = 0x2d06_8005_38d3_94c2n;

/** XXH3-64, seed 0, of `bytes[start..end)`. */
export function xxh3(bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  return bigOf(digest(bytes, start, end));
}

/** XXH3-64 of the parts in order, without joining them. */
export function xxh3Parts(parts: Iterable<Uint8Array>): bigint {
  hasher.init();
  for (const part of parts) hasher.update(part);
  return bigOf(hasher.digest('binary'));
}

/** Writes the hash of `bytes[start..end)` to `target` as 8 bytes, little-endian. */
export function writeXxh3(
  target: Uint8Array,
  targetOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const hash = digest(bytes, start, end);
  for (let i = 0; i < 8; i++) target[targetOffset + i] = hash[7 - i] ?? 0;
}

/** True when the 8 bytes at `expectedOffset` are the hash of `bytes[start..end)`. */
export function matchesXxh3(
  expected: Uint8Array,
  expectedOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const hash = digest(bytes, start, end);
  for (let i = 0; i < 8; i++) if (expected[expectedOffset + i] !== hash[7 - i]) return false;
  return true;
}

/** Writes the hash as a 16-byte checksum field: 8 bytes of hash, 8 zero bytes. */
export function writeChecksum(
  target: Uint8Array,
  targetOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  writeXxh3(target, targetOffset, bytes, start, end);
  target.fill(0, targetOffset + 8, targetOffset + 16);
}

/** Compares all 16 bytes of a checksum field: a nonzero upper half is a mismatch. */
export function matchesChecksum(
  expected: Uint8Array,
  expectedOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  return (
    getU32(expected, expectedOffset + 8) === 0 &&
    getU32(expected, expectedOffset + 12) === 0 &&
    matchesXxh3(expected, expectedOffset, bytes, start, end)
  );
}

/** The digest in the library's order, most significant byte first. */
function digest(bytes: Uint8Array, start: number, end: number): Uint8Array {
  hasher.init();
  // A view costs more than hashing a header does, so none is made when all bytes are wanted.
  hasher.update(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
  return hasher.digest('binary');
}

function bigOf(hash: Uint8Array): bigint {
  let high = 0;
  let low = 0;
  for (let i = 0; i < 4; i++) {
    high = high * 256 + (hash[i] ?? 0);
    low = low * 256 + (hash[i + 4] ?? 0);
  }
  return (BigInt(high) << 32n) | BigInt(low);
}
