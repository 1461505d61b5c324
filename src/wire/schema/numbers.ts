import { invalid } from '../errors.js';
import type { Codec } from './codec.js';
import type { Reader } from './reader.js';
import type { Writer } from './writer.js';

/** A codec of the unsigned integers that fit a number. */
export interface UintCodec extends Codec<number> {
  readonly size: number;
  readonly max: number;
}

function uint(
  type: string,
  size: number,
  read: (reader: Reader) => number,
  put: (writer: Writer, value: number) => void,
): UintCodec {
  const max = 2 ** (8 * size) - 1;
  return {
    type,
    size,
    max,
    minSize: size,
    composite: false,
    shape: { kind: 'number', min: 0, max },
    read,
    write(writer, value) {
      checkInteger(type, value, 0, max);
      put(writer, value);
    },
  };
}

/** Unsigned, one byte. */
export const u8: UintCodec = uint(
  'u8',
  1,
  (r) => r.u8(),
  (w, v) => w.u8(v),
);
/** Unsigned, two bytes, little-endian. */
export const u16: UintCodec = uint(
  'u16',
  2,
  (r) => r.u16(),
  (w, v) => w.u16(v),
);
/** Unsigned, four bytes, little-endian. */
export const u32: UintCodec = uint(
  'u32',
  4,
  (r) => r.u32(),
  (w, v) => w.u32(v),
);

/** Signed, four bytes, little-endian. */
export const i32: Codec<number> = {
  type: 'i32',
  size: 4,
  minSize: 4,
  composite: false,
  shape: { kind: 'number', min: -0x8000_0000, max: 0x7fff_ffff },
  read: (reader) => reader.u32() | 0,
  write(writer, value) {
    checkInteger('i32', value, -0x8000_0000, 0x7fff_ffff);
    writer.u32(value);
  },
};

function big(type: string, size: 8 | 16): Codec<bigint> {
  const max = (1n << BigInt(8 * size)) - 1n;
  return {
    type,
    size,
    minSize: size,
    composite: false,
    shape: { kind: 'bigint', min: 0n, max },
    read: size === 8 ? (reader) => reader.u64() : (reader) => reader.u128(),
    write(writer, value) {
      if (typeof value !== 'bigint' || value < 0n || value > max) {
        throw invalid(`${type} must be a bigint in 0..${max}, got ${String(value)}`);
      }
      if (size === 8) writer.u64(value);
      else writer.u128(value);
    },
  };
}

/** Unsigned, eight bytes, little-endian. */
export const u64: Codec<bigint> = big('u64', 8);
/** Unsigned, sixteen bytes, low word first. */
export const u128: Codec<bigint> = big('u128', 16);

/** Signed, eight bytes, little-endian. */
export const i64: Codec<bigint> = {
  type: 'i64',
  size: 8,
  minSize: 8,
  composite: false,
  shape: { kind: 'bigint', min: -(1n << 63n), max: (1n << 63n) - 1n },
  read: (reader) => BigInt.asIntN(64, reader.u64()),
  write(writer, value) {
    if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) {
      throw invalid(`i64 is out of range: ${String(value)}`);
    }
    writer.u64(BigInt.asUintN(64, value));
  },
};

/** IEEE-754, four bytes. Encoding rounds to the nearest representable value. */
export const f32: Codec<number> = {
  type: 'f32',
  size: 4,
  minSize: 4,
  composite: false,
  shape: { kind: 'float', bits: 32 },
  read: (reader) => reader.view.getFloat32(reader.take(4), true),
  write(writer, value) {
    const at = writer.claim(4);
    writer.view.setFloat32(at, value, true);
  },
};

/** IEEE-754, eight bytes. */
export const f64: Codec<number> = {
  type: 'f64',
  size: 8,
  minSize: 8,
  composite: false,
  shape: { kind: 'float', bits: 64 },
  read: (reader) => reader.view.getFloat64(reader.take(8), true),
  write(writer, value) {
    const at = writer.claim(8);
    writer.view.setFloat64(at, value, true);
  },
};

/** One byte, 0 or 1; anything else is refused. */
export const bool: Codec<boolean> = {
  type: 'bool',
  size: 1,
  minSize: 1,
  composite: false,
  shape: { kind: 'bool' },
  read(reader) {
    const value = reader.u8();
    if (value > 1) reader.problem(invalid(`bool must be 0 or 1, got ${value}`));
    return value !== 0;
  },
  write: (writer, value) => writer.u8(value ? 1 : 0),
};

function checkInteger(type: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(`${type} must be an integer in ${min}..${max}, got ${String(value)}`);
  }
}
