import { decodeUtf8, encodeUtf8, getU128, setU128, Utf8Error } from '../../../base/index.js';
import { invalid } from '../../errors.js';

/** Kinds of the values in user headers and options. @source Iggy binary protocol, HeaderKind */
export const valueKinds = {
  raw: 1,
  string: 2,
  bool: 3,
  int8: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  int128: 8,
  uint8: 9,
  uint16: 10,
  uint32: 11,
  uint64: 12,
  uint128: 13,
  float32: 14,
  float64: 15,
} as const;

/**
 * A value in its natural form: string, boolean, number up to 32 bits and floats, bigint above.
 * Bytes stand for raw values, and for those that are not in the one form their kind allows.
 */
export type TypedValue = string | boolean | number | bigint | Uint8Array;

/** One way of writing a value of fixed size. */
interface Format {
  readonly size: number;
  get(view: DataView): TypedValue;
  set(view: DataView, value: TypedValue): void;
}

const kindNames: ReadonlyMap<number, string> = new Map(
  Object.entries(valueKinds).map(([name, kind]) => [kind, name]),
);

/** `string`, `uint64`, … or `unknown(37)`. */
export function valueKindName(kind: number): string {
  return kindNames.get(kind) ?? `unknown(${kind})`;
}

/** True for the fifteen defined kinds. */
export function isValueKind(kind: number): boolean {
  return kindNames.has(kind);
}

/** Bytes a value of this kind has to have, or nothing when it varies. */
export function valueSize(kind: number): number | undefined {
  return formats.get(kind)?.size;
}

/** The natural form of encoded bytes. Bytes that do not fit their kind stay bytes. */
export function toTypedValue(kind: number, bytes: Uint8Array): TypedValue {
  if (kind === valueKinds.string) return textOr(bytes);
  const format = formats.get(kind);
  if (format === undefined || format.size !== bytes.length) return bytes;
  const value = format.get(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  return Number.isNaN(value) || (kind === valueKinds.bool && (bytes[0] ?? 0) > 1) ? bytes : value;
}

/** The encoded bytes of a value. @throws WIRE_INVALID when the value does not suit the kind. */
export function fromTypedValue(kind: number, value: TypedValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (kind === valueKinds.string && typeof value === 'string') return encodeUtf8(value);
  const format = formats.get(kind);
  if (format === undefined) throw mismatch(kind, value);
  const bytes = new Uint8Array(format.size);
  const view = new DataView(bytes.buffer);
  format.set(view, value);
  return bytes;
}

/** How a value is shown: text as it is, everything else in its usual notation. */
export function showTypedValue(value: TypedValue): string | undefined {
  return value instanceof Uint8Array ? undefined : String(value);
}

function textOr(bytes: Uint8Array): TypedValue {
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    if (error instanceof Utf8Error) return bytes;
    throw error;
  }
}

function mismatch(kind: number, value: TypedValue): Error {
  return invalid(`${String(value)} is not a value of kind ${valueKindName(kind)}`);
}

function integer(bits: 8 | 16 | 32, signed: boolean, kind: number): Format {
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const size = bits / 8;
  return {
    size,
    get(view) {
      if (bits === 8) return signed ? view.getInt8(0) : view.getUint8(0);
      if (bits === 16) return signed ? view.getInt16(0, true) : view.getUint16(0, true);
      return signed ? view.getInt32(0, true) : view.getUint32(0, true);
    },
    set(view, value) {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
        throw mismatch(kind, value);
      }
      if (bits === 8) view.setInt8(0, value);
      else if (bits === 16) view.setInt16(0, value, true);
      else view.setInt32(0, value, true);
    },
  };
}

function bigInteger(bits: 64 | 128, signed: boolean, kind: number): Format {
  const clip = (value: bigint): bigint =>
    signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return {
    size: bits / 8,
    get(view) {
      if (bits === 64) return signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
      return clip(getU128(bytesOf(view), 0));
    },
    set(view, value) {
      if (typeof value !== 'bigint' || clip(value) !== value) throw mismatch(kind, value);
      if (bits === 64) view.setBigInt64(0, value, true);
      else setU128(bytesOf(view), 0, BigInt.asUintN(128, value));
    },
  };
}

function float(bits: 32 | 64, kind: number): Format {
  return {
    size: bits / 8,
    get: (view) => (bits === 32 ? view.getFloat32(0, true) : view.getFloat64(0, true)),
    set(view, value) {
      if (typeof value !== 'number') throw mismatch(kind, value);
      if (bits === 32) view.setFloat32(0, value, true);
      else view.setFloat64(0, value, true);
    },
  };
}

const bool: Format = {
  size: 1,
  get: (view) => view.getUint8(0) !== 0,
  set(view, value) {
    if (typeof value !== 'boolean') throw mismatch(valueKinds.bool, value);
    view.setUint8(0, value ? 1 : 0);
  },
};

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

const formats: ReadonlyMap<number, Format> = new Map([
  [valueKinds.bool, bool],
  [valueKinds.int8, integer(8, true, valueKinds.int8)],
  [valueKinds.int16, integer(16, true, valueKinds.int16)],
  [valueKinds.int32, integer(32, true, valueKinds.int32)],
  [valueKinds.int64, bigInteger(64, true, valueKinds.int64)],
  [valueKinds.int128, bigInteger(128, true, valueKinds.int128)],
  [valueKinds.uint8, integer(8, false, valueKinds.uint8)],
  [valueKinds.uint16, integer(16, false, valueKinds.uint16)],
  [valueKinds.uint32, integer(32, false, valueKinds.uint32)],
  [valueKinds.uint64, bigInteger(64, false, valueKinds.uint64)],
  [valueKinds.uint128, bigInteger(128, false, valueKinds.uint128)],
  [valueKinds.float32, float(32, valueKinds.float32)],
  [valueKinds.float64, float(64, valueKinds.float64)],
]);
