import { NumberRangeError } from './brand.js';

/** An empty byte string, shared; it has no bytes to change. */
export const emptyBytes: Uint8Array = new Uint8Array(0);

const slabBytes = 16_384;
let slab = new ArrayBuffer(0);
let slabUsed = 0;

/**
 * A new array of zeros that nobody else sees. Small ones lie side by side in one buffer: a buffer of
 * its own takes longer to get and to give back than a small frame takes to fill.
 */
export function zeroedBytes(size: number): Uint8Array {
  if (size > slabBytes / 8) return new Uint8Array(size);
  if (slabUsed + size > slab.byteLength) {
    slab = new ArrayBuffer(slabBytes);
    slabUsed = 0;
  }
  const start = slabUsed;
  // Aligned, as the fields of a frame are.
  slabUsed += (size + 7) & ~7;
  return new Uint8Array(slab, start, size);
}

/** One new array holding all parts in order. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** True when both have the same length and bytes. Not constant-time. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Compares without leaking through its duration where the first difference is. */
export function equalBytesConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** Lexicographic order: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** True when every byte of `bytes[start..end)` is zero. */
export function isZeroBytes(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}

// The accessors below are for hot paths: the caller guarantees that the bytes are there. A read
// past the end sees zeros, a write past the end is lost, as typed arrays do.

export function getU16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
}

export function setU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
}

export function getU32(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] ?? 0) |
      ((bytes[offset + 1] ?? 0) << 8) |
      ((bytes[offset + 2] ?? 0) << 16) |
      ((bytes[offset + 3] ?? 0) << 24)) >>>
    0
  );
}

export function setU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}

/** The u64 at `offset` as a number, or -1 when it is above 2^53-1. */
export function tryGetU64Number(bytes: Uint8Array, offset: number): number {
  const high = getU32(bytes, offset + 4);
  if (high > 0x1f_ffff) return -1;
  return high * 0x1_0000_0000 + getU32(bytes, offset);
}

/** The u64 at `offset` as a number. @throws NUMBER_OUT_OF_RANGE above 2^53-1. */
export function getU64Number(bytes: Uint8Array, offset: number): number {
  const value = tryGetU64Number(bytes, offset);
  if (value < 0) {
    throw new NumberRangeError('u64', getU64(bytes, offset), Number.MAX_SAFE_INTEGER);
  }
  return value;
}

/** Writes a non-negative safe integer as u64. @throws NUMBER_OUT_OF_RANGE otherwise. */
export function setU64Number(bytes: Uint8Array, offset: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new NumberRangeError('u64', value, Number.MAX_SAFE_INTEGER);
  }
  setU32(bytes, offset, value >>> 0);
  setU32(bytes, offset + 4, Math.floor(value / 0x1_0000_0000));
}

/** Bytes become a bigint, and back, in one step here: shifting and masking allocates each time. */
const wide = new DataView(new ArrayBuffer(8));

export function getU64(bytes: Uint8Array, offset: number): bigint {
  wide.setUint32(0, getU32(bytes, offset), true);
  wide.setUint32(4, getU32(bytes, offset + 4), true);
  return wide.getBigUint64(0, true);
}

/** Writes the low 64 bits of `value`. */
export function setU64(bytes: Uint8Array, offset: number, value: bigint): void {
  wide.setBigUint64(0, value, true);
  setU32(bytes, offset, wide.getUint32(0, true));
  setU32(bytes, offset + 4, wide.getUint32(4, true));
}

export function getU128(bytes: Uint8Array, offset: number): bigint {
  const high = getU64(bytes, offset + 8);
  const low = getU64(bytes, offset);
  return high === 0n ? low : (high << 64n) | low;
}

/** Writes the low 128 bits of `value`. */
export function setU128(bytes: Uint8Array, offset: number, value: bigint): void {
  setU64(bytes, offset, value);
  setU64(bytes, offset + 8, value >> 64n);
}

/** True when `size` bytes at the two places are the same. */
export function equalRange(
  a: Uint8Array,
  aOffset: number,
  b: Uint8Array,
  bOffset: number,
  size: number,
): boolean {
  for (let i = 0; i < size; i++) if (a[aOffset + i] !== b[bOffset + i]) return false;
  return true;
}

/** Order of the two u64 at `a` and `b` of the same bytes: negative, zero or positive. */
export function compareU64(bytes: Uint8Array, a: number, b: number): number {
  const high = getU32(bytes, a + 4) - getU32(bytes, b + 4);
  return high === 0 ? getU32(bytes, a) - getU32(bytes, b) : high;
}
