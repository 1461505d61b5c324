import { invalid } from '../../errors.js';
import { type Codec, textSize, type Writer } from '../../schema/index.js';
import { forms, readLength, unexpected, writeBig, writeLength } from './head.js';

const maxU64 = (1n << 64n) - 1n;

/** An unsigned integer up to 2^64-1, in the shortest form when written. */
export const packedU64: Codec<bigint> = {
  type: 'uint',
  size: undefined,
  minSize: 1,
  composite: false,
  shape: { kind: 'bigint', min: 0n, max: maxU64 },
  read(reader) {
    const offset = reader.offset;
    const first = reader.u8();
    if (first <= 0x7f) return BigInt(first);
    if (first === 0xcc) return BigInt(reader.u8());
    if (first === 0xcd) return BigInt(reader.view.getUint16(reader.take(2)));
    if (first === 0xce) return BigInt(reader.view.getUint32(reader.take(4)));
    if (first === 0xcf) return reader.view.getBigUint64(reader.take(8));
    throw unexpected('unsigned integer', first, offset);
  },
  write(writer, value) {
    if (value < 0n || value > maxU64) throw invalid(`no unsigned 64-bit integer: ${value}`);
    if (value <= 0xffff_ffffn) return writeSmall(writer, Number(value));
    writer.u8(0xcf);
    const at = writer.claim(8);
    writer.view.setBigUint64(at, value);
  },
};

function writeSmall(writer: Writer, value: number): void {
  if (value <= 0x7f) {
    writer.u8(value);
  } else if (value <= 0xff) {
    writer.u8(0xcc);
    writer.u8(value);
  } else {
    writer.u8(value <= 0xffff ? 0xcd : 0xce);
    writeBig(writer, value, value <= 0xffff ? 2 : 4);
  }
}

function packedNumber(bits: 8 | 32): Codec<number> {
  const max = 2 ** bits - 1;
  return {
    type: 'uint',
    size: undefined,
    minSize: 1,
    composite: false,
    shape: { kind: 'number', min: 0, max },
    read(reader) {
      const value = packedU64.read(reader);
      if (value > BigInt(max)) throw invalid(`must be at most ${max}, got ${value}`);
      return Number(value);
    },
    write(writer, value) {
      if (!Number.isInteger(value) || value < 0 || value > max) {
        throw invalid(`must be an integer in 0..${max}, got ${value}`);
      }
      writeSmall(writer, value);
    },
  };
}

/** An unsigned integer up to 2^32-1. */
export const packedU32: Codec<number> = packedNumber(32);

export const packedBool: Codec<boolean> = {
  type: 'bool',
  size: 1,
  minSize: 1,
  composite: false,
  shape: { kind: 'bool' },
  read(reader) {
    const offset = reader.offset;
    const first = reader.u8();
    if (first !== 0xc2 && first !== 0xc3) throw unexpected('boolean', first, offset);
    return first === 0xc3;
  },
  write: (writer, value) => writer.u8(value ? 0xc3 : 0xc2),
};

export const packedText: Codec<string> = {
  type: 'text',
  size: undefined,
  minSize: 1,
  composite: false,
  shape: { kind: 'text', min: 0, max: 0xffff_ffff },
  read: (reader) => reader.text(readLength(reader, forms.text)),
  write(writer, value) {
    writeLength(writer, forms.text, textSize(value));
    writer.text(value);
  },
};

/** A byte string; aliases the input. */
export const packedBytes: Codec<Uint8Array> = {
  type: 'bin',
  size: undefined,
  minSize: 2,
  composite: false,
  shape: { kind: 'blob', min: 0, max: 0xffff_ffff },
  read: (reader) => reader.slice(readLength(reader, forms.bytes)),
  write(writer, value) {
    writeLength(writer, forms.bytes, value.length);
    writer.append(value);
  },
};

/** A 128-bit number as a byte string of 16, most significant byte first. */
export const packedU128: Codec<bigint> = {
  type: 'bin(16)',
  size: undefined,
  minSize: 18,
  composite: false,
  shape: { kind: 'bigint', min: 0n, max: (1n << 128n) - 1n },
  read(reader) {
    const length = readLength(reader, forms.bytes);
    if (length !== 16) throw invalid(`a 128-bit number has 16 bytes, not ${length}`);
    const at = reader.take(16);
    return (reader.view.getBigUint64(at) << 64n) | reader.view.getBigUint64(at + 8);
  },
  write(writer, value) {
    if (value < 0n || value >> 128n !== 0n) throw invalid(`no 128-bit number: ${value}`);
    writeLength(writer, forms.bytes, 16);
    const at = writer.claim(16);
    writer.view.setBigUint64(at, value >> 64n);
    writer.view.setBigUint64(at + 8, value & maxU64);
  },
};
