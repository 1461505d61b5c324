import { invalid, type WireError } from '../../errors.js';
import type { Reader, Writer } from '../../schema/index.js';

// Lengths and integers of MessagePack are big-endian, and have a short form inside the first byte.

/** The first bytes of the forms one kind of value can take; the last has a 4-byte length. */
export interface Forms {
  readonly name: string;
  /** First byte of the short form with length 0, and how many lengths it has. */
  readonly short: readonly [first: number, lengths: number] | undefined;
  /** First byte of the form with a 1-byte length, if there is one. */
  readonly one: number | undefined;
  readonly two: number;
  readonly four: number;
}

export const forms = {
  text: { name: 'text', short: [0xa0, 32], one: 0xd9, two: 0xda, four: 0xdb },
  bytes: { name: 'bytes', short: undefined, one: 0xc4, two: 0xc5, four: 0xc6 },
  array: { name: 'array', short: [0x90, 16], one: undefined, two: 0xdc, four: 0xdd },
  map: { name: 'map', short: [0x80, 16], one: undefined, two: 0xde, four: 0xdf },
} as const satisfies Readonly<Record<string, Forms>>;

/** Reads the length of a text, byte string, array or map. */
export function readLength(reader: Reader, { name, short, one, two, four }: Forms): number {
  const offset = reader.offset;
  const first = reader.u8();
  if (short !== undefined && first >= short[0] && first < short[0] + short[1]) {
    return first - short[0];
  }
  if (first === one) return reader.u8();
  if (first === two) return reader.view.getUint16(reader.take(2));
  if (first === four) return reader.view.getUint32(reader.take(4));
  throw unexpected(name, first, offset);
}

/** Writes a length in its shortest form. */
export function writeLength(
  writer: Writer,
  { short, one, two, four }: Forms,
  length: number,
): void {
  if (short !== undefined && length < short[1]) {
    writer.u8(short[0] + length);
  } else if (one !== undefined && length <= 0xff) {
    writer.u8(one);
    writer.u8(length);
  } else if (length <= 0xffff) {
    writer.u8(two);
    writeBig(writer, length, 2);
  } else {
    if (length > 0xffff_ffff) throw invalid(`MessagePack has no length ${length}`);
    writer.u8(four);
    writeBig(writer, length, 4);
  }
}

/** Writes 2 or 4 bytes, most significant first. */
export function writeBig(writer: Writer, value: number, size: 2 | 4): void {
  const at = writer.claim(size);
  if (size === 2) writer.view.setUint16(at, value);
  else writer.view.setUint32(at, value);
}

/** The failure of a value of another kind than the structure has at this place. */
export function unexpected(wanted: string, first: number, offset: number): WireError {
  const found = `0x${first.toString(16).padStart(2, '0')}`;
  return invalid(`MessagePack ${wanted} expected at offset ${offset}, found ${found}`, {
    offset,
    found: first,
  });
}
