import { encode as pack } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../../src/base/index.js';
import { decode, encode } from '../../../../src/wire/index.js';
import {
  fromBase64,
  packedArray,
  packedBytes,
  packedOption,
  packedText,
  packedU32,
  packedU64,
  packedU128,
  skipPacked,
  toBase64,
} from '../../../../src/wire/storage/msgpack/index.js';

const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, 0xffff_ffff];
const lengths = [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536];

describe('MessagePack', () => {
  it('integers have the bytes another implementation gives them', () => {
    for (const value of numbers) {
      expect(toHex(encode(packedU32, value))).toBe(toHex(pack(value)));
      expect(toHex(encode(packedU64, BigInt(value)))).toBe(toHex(pack(value)));
    }
    for (const value of [0x1_0000_0000n, (1n << 63n) - 1n, (1n << 64n) - 1n]) {
      expect(toHex(encode(packedU64, value))).toBe(toHex(pack(value, { useBigInt64: true })));
    }
  });

  it('texts, byte strings and arrays have them too', () => {
    for (const length of lengths) {
      const text = 'x'.repeat(length);
      const bytes = new Uint8Array(length).fill(7);
      const list = Array.from({ length }, () => 5);

      expect(toHex(encode(packedText, text))).toBe(toHex(pack(text)));
      expect(toHex(encode(packedBytes, bytes))).toBe(toHex(pack(bytes)));
      expect(toHex(encode(packedArray(packedU32), list))).toBe(toHex(pack(list)));
      expect(decode(packedText, encode(packedText, text))).toBe(text);
      expect(decode(packedArray(packedU32), pack(list))).toEqual(list);
    }
  });

  it('values that are none are nil', () => {
    const maybe = packedOption(packedText);

    expect(toHex(encode(maybe, null))).toBe('c0');
    expect(decode(maybe, pack(null))).toBeNull();
    expect(decode(maybe, pack('x'))).toBe('x');
  });

  it('128-bit numbers are 16 bytes, the most significant first', () => {
    expect(toHex(encode(packedU128, 0x0102n))).toBe(`c410${'00'.repeat(14)}0102`);
    expect(decode(packedU128, encode(packedU128, (1n << 128n) - 1n))).toBe((1n << 128n) - 1n);
    expect(() => decode(packedU128, pack(new Uint8Array(15)))).toThrow(/16 bytes/);
  });

  it('a value of another kind is refused with its place', () => {
    expect(() => decode(packedText, pack(5))).toThrow(/text expected at offset 0, found 0x05/);
    expect(() => decode(packedU64, pack(-1))).toThrow(/unsigned integer expected/);
    expect(() => decode(packedU32, pack(2 ** 40))).toThrow(/at most/);
  });

  it('any value can be passed over', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = pack(value);

        expect(decode(skipPacked, bytes)).toHaveLength(bytes.length);
      }),
    );
    expect(() => decode(skipPacked, Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff))).toThrow(/needs/);
    expect(() => decode(skipPacked, Uint8Array.of(0xc1))).toThrow(/value expected/);
  });
});

describe('base64', () => {
  it('is what everybody else writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');

        expect(toBase64(bytes)).toBe(text);
        expect(toHex(fromBase64(text))).toBe(toHex(bytes));
      }),
    );
  });

  it('is refused in any other form', () => {
    for (const text of [
      'A',
      'AB',
      'AAA',
      'AB==C',
      'A===',
      '====',
      'AA=A',
      'A A=',
      'AB==',
      'AAA_',
    ]) {
      expect(() => fromBase64(text), text).toThrow(/base64/);
    }
  });
});
