import { truncated } from '../../errors.js';
import type { Codec, Reader } from '../../schema/index.js';
import { unexpected } from './head.js';

/** Bytes of a value behind its first byte, and how many values it contains in turn. */
interface Extent {
  readonly size: number;
  readonly values: number;
}

const none: Extent = { size: 0, values: 0 };
const plain = (size: number): Extent => ({ size, values: 0 });

/** Sizes of what follows the first bytes 0xca to 0xd8 of numbers and fixed extensions. */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [0xca, 4],
  [0xcb, 8],
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xcf, 8],
  [0xd0, 1],
  [0xd1, 2],
  [0xd2, 4],
  [0xd3, 8],
  [0xd4, 2],
  [0xd5, 3],
  [0xd6, 5],
  [0xd7, 9],
  [0xd8, 17],
]);

/**
 * Passes over one MessagePack value of any kind, without recursion and without building it; its
 * encoded bytes are the result.
 */
export const skipPacked: Codec<Uint8Array> = {
  type: 'any',
  size: undefined,
  minSize: 1,
  composite: false,
  shape: { kind: 'custom', note: 'any MessagePack value' },
  read(reader) {
    const start = reader.offset;
    for (let pending = 1; pending > 0; pending--) {
      if (pending > reader.remaining) throw truncated(reader.offset, pending, reader.remaining);
      const { size, values } = extentOf(reader);
      reader.take(size);
      pending += values;
    }
    return reader.bytes.subarray(start, reader.offset);
  },
  write: (writer, value) => writer.append(value),
};

function extentOf(reader: Reader): Extent {
  const offset = reader.offset;
  const first = reader.u8();
  if (first <= 0x7f || first >= 0xe0) return none;
  if (first <= 0x8f) return { size: 0, values: 2 * (first - 0x80) };
  if (first <= 0x9f) return { size: 0, values: first - 0x90 };
  if (first <= 0xbf) return plain(first - 0xa0);
  if (first === 0xc0 || first === 0xc2 || first === 0xc3) return none;
  const fixed = fixedSizes.get(first);
  if (fixed !== undefined) return plain(fixed);
  return extentOfLong(reader, first, offset);
}

function extentOfLong(reader: Reader, first: number, offset: number): Extent {
  switch (first) {
    case 0xc4:
    case 0xd9:
      return plain(reader.u8());
    case 0xc5:
    case 0xda:
      return plain(u16(reader));
    case 0xc6:
    case 0xdb:
      return plain(u32(reader));
    case 0xc7:
      return plain(1 + reader.u8());
    case 0xc8:
      return plain(1 + u16(reader));
    case 0xc9:
      return plain(1 + u32(reader));
    case 0xdc:
      return { size: 0, values: u16(reader) };
    case 0xdd:
      return { size: 0, values: u32(reader) };
    case 0xde:
      return { size: 0, values: 2 * u16(reader) };
    case 0xdf:
      return { size: 0, values: 2 * u32(reader) };
    default:
      throw unexpected('value', first, offset);
  }
}

function u16(reader: Reader): number {
  return reader.view.getUint16(reader.take(2));
}

function u32(reader: Reader): number {
  return reader.view.getUint32(reader.take(4));
}
