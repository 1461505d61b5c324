import { isZeroBytes } from '../../base/index.js';
import { invalid, WireError } from '../errors.js';
import type { Codec } from './codec.js';
import type { UintCodec } from './numbers.js';

/** Exactly `size` bytes. Decoded values alias the input. */
export function bytes(size: number): Codec<Uint8Array> {
  return {
    type: `bytes(${size})`,
    size,
    minSize: size,
    composite: false,
    shape: { kind: 'bytes', size },
    read: (reader) => reader.slice(size),
    write(writer, value) {
      if (value.length !== size) throw invalid(`needs ${size} bytes, got ${value.length}`);
      writer.append(value);
    },
  };
}

/** Padding that must be zero; not part of the decoded value. */
export function reserved(size: number): Codec<undefined> {
  return {
    type: `reserved(${size})`,
    size,
    minSize: size,
    composite: false,
    omitted: true,
    shape: { kind: 'reserved', size, lenient: false },
    read(reader) {
      const start = reader.take(size);
      if (!isZeroBytes(reader.bytes, start, start + size)) {
        reader.problem(invalid('reserved bytes must be zero', { offset: start, size }));
      }
      return undefined;
    },
    write: (writer) => writer.zeros(size),
  };
}

/**
 * Padding that ought to be zero but is kept when it is not: `null` stands for all zeros, so that
 * the ordinary case costs nothing.
 */
export function lenientReserved(size: number): Codec<Uint8Array | null> {
  return {
    type: `reserved(${size})`,
    size,
    minSize: size,
    composite: false,
    shape: { kind: 'reserved', size, lenient: true },
    read(reader) {
      const start = reader.take(size);
      const zero = isZeroBytes(reader.bytes, start, start + size);
      return zero ? null : reader.bytes.subarray(start, start + size);
    },
    write(writer, value) {
      if (value === null) return writer.zeros(size);
      if (value.length !== size) throw invalid(`needs ${size} bytes, got ${value.length}`);
      writer.append(value);
    },
    display: (value) => (value === null ? 'zero' : undefined),
  };
}

/** Everything up to the end of the enclosing part. Decoded values alias the input. */
export function rest(): Codec<Uint8Array> {
  return {
    type: 'bytes',
    size: undefined,
    minSize: 0,
    composite: false,
    shape: { kind: 'rest' },
    read: (reader) => reader.slice(reader.remaining),
    write: (writer, value) => writer.append(value),
  };
}

/** Bounds of a variable part, in bytes. */
export interface SizeLimits {
  readonly min?: number;
  readonly max?: number;
}

/** Bytes behind their length. Decoded values alias the input. */
export function blob(length: UintCodec, limits: SizeLimits = {}): Codec<Uint8Array> {
  const { min = 0, max = length.max } = limits;
  return {
    type: `bytes(${length.type})`,
    size: undefined,
    minSize: length.size + min,
    composite: false,
    shape: { kind: 'blob', min, max },
    read(reader) {
      const size = length.read(reader);
      const value = reader.slice(size);
      if (size < min || size > max) reader.problem(sizeProblem(size, min, max));
      return value;
    },
    write(writer, value) {
      checkWriteSize(value.length, min, max, length.max);
      length.write(writer, value.length);
      writer.append(value);
    },
  };
}

/** The failure of a length outside its limits. */
export function sizeProblem(size: number, min: number, max: number): WireError {
  return invalid(`length must be ${min}..${max} bytes, got ${size}`, { size, min, max });
}

/** Refuses to encode a length outside its limits or above what its field can hold. */
export function checkWriteSize(size: number, min: number, max: number, fieldMax: number): void {
  if (size > fieldMax) {
    const reason = `${size} bytes do not fit a length field of at most ${fieldMax}`;
    throw new WireError('WIRE_TOO_LARGE', reason, { size, max: fieldMax });
  }
  if (size < min || size > max) throw sizeProblem(size, min, max);
}
