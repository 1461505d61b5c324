import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/base/index.js';
import { codec, decode, encode } from '../../../src/wire/index.js';

const { bool8, chained, counted, field, flag8, orNothing, struct, u16, u8 } = codec;

describe('flags', () => {
  it('are true for any nonzero byte, or for 1 only', () => {
    const bytes = [0, 1, 2, 255].map((byte) => Uint8Array.of(byte));

    expect(bytes.map((each) => decode(bool8, each))).toEqual([false, true, true, true]);
    expect(bytes.map((each) => decode(flag8, each))).toEqual([false, true, false, false]);
  });
});

describe('a value or nothing', () => {
  const maybe = orNothing(u16);

  it('is nothing when no bytes are left', () => {
    expect(decode(maybe, fromHex(''))).toBeNull();
    expect(decode(maybe, fromHex('0201'))).toBe(258);
    expect(encode(maybe, null)).toHaveLength(0);
  });

  it('is not read of a value that may be empty itself', () => {
    expect(() => decode(orNothing(codec.rest()), fromHex(''))).toThrow(/ambiguous/);
  });
});

describe('a chained list', () => {
  const list = chained(u8);

  it('announces every item and its end', () => {
    expect(toHex(encode(list, [7, 8]))).toBe('0107010800');
    expect(decode(list, fromHex('0107ff0800'))).toEqual([7, 8]);
    expect(toHex(encode(list, []))).toBe('00');
  });

  it('names the item that cannot be encoded', () => {
    expect(() => encode(list, [1, 256])).toThrow(/^\[1\]/);
  });
});

describe('a counted list', () => {
  const pair = counted(
    'Pair',
    { n: field(u8, 'Items.'), x: field(u8, 'Something between.') },
    { count: 'n', name: 'items', item: struct('Item', { y: field(u8, '') }), doc: 'Items.' },
  );

  it('follows the struct whose field counts it', () => {
    expect(decode(pair, fromHex('0205aabb'))).toEqual({
      n: 2,
      x: 5,
      items: [{ y: 170 }, { y: 187 }],
    });
    expect(() => decode(pair, fromHex('0305aabb'))).toThrow(/items\[2\]/);
  });

  it('must be as long as the field says', () => {
    expect(() => encode(pair, { n: 2, x: 5, items: [{ y: 1 }] })).toThrow(/n says 2/);
  });
});
