import { describe, expect, it } from 'vitest';
import { fromHex, isIggyctlError, toHex } from '../../../src/base/index.js';
import { WireError } from '../../../src/wire/errors.js';
import {
  annotate,
  array,
  blob,
  bool,
  bytes,
  type Codec,
  constant,
  constrained,
  decode,
  encode,
  encodeInto,
  enumU8,
  enumU32,
  f32,
  f64,
  field,
  i32,
  i64,
  labels,
  leafSpans,
  lengthPrefixed,
  lenientReserved,
  mapped,
  name,
  optional,
  optionalText,
  repeat,
  reserved,
  rest,
  restOf,
  type StructValue,
  secret,
  struct,
  text,
  u8,
  u16,
  u32,
  u64,
  u128,
  union,
  unit,
  variant,
} from '../../../src/wire/schema/index.js';

const color = enumU8('Color', { Red: 1, Green: 2 });
const shape = {
  id: field(u64, 'An id.'),
  color: field(color, 'A colour.'),
  padding: field(reserved(3), 'Zero.'),
  tail: field(lenientReserved(4), 'Usually zero.'),
};
interface Fixed extends StructValue<typeof shape> {}
const fixed = struct('Fixed', shape, 16);

const choice = union('Choice', u8, {
  number: variant(1, u32, 'A number.'),
  word: variant(2, name, 'A word.'),
  nothing: variant(3, unit),
});

const login = struct('Login', {
  user: field(name, 'Who.'),
  password: field(secret(text(u8)), 'Proof.'),
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isIggyctlError(error)) return error.code;
    throw error;
  }
  return 'none';
}

describe('struct', () => {
  it('reads and writes its fields in order and leaves padding out of the value', () => {
    const value: Fixed = { id: 5n, color: 2, tail: null };
    const hex = '05000000000000000200000000000000';
    expect(toHex(encode(fixed, value))).toBe(hex);
    expect(decode(fixed, fromHex(hex))).toEqual(value);
  });

  it('knows where the fields of a fixed-size struct are', () => {
    expect(fixed.offsetOf).toEqual({ id: 0, color: 8, padding: 9, tail: 12 });
  });

  it('refuses a declared size that the fields do not add up to', () => {
    expect(codeOf(() => struct('Wrong', shape, 17).offsetOf)).toBe('INVARIANT');
  });

  it('keeps lenient padding that is not zero', () => {
    const value = decode(fixed, fromHex('05000000000000000200000001020304'));
    expect(value.tail).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  it('says which field failed, through every level', () => {
    const list = struct('List', { items: field(array(u8, fixed), 'Items.') });
    try {
      decode(list, fromHex('0105000000000000000900000000000000'));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      expect((error as WireError).path).toBe('items[0].color');
      expect((error as WireError).code).toBe('WIRE_UNKNOWN_DISCRIMINANT');
      expect((error as WireError).details).toEqual({ type: 'Color', value: 9, offset: 9 });
    }
  });

  it('writes into a given buffer and refuses one without room', () => {
    const target = new Uint8Array(20).fill(0xff);
    const value: Fixed = { id: 1n, color: 1, tail: null };
    expect(encodeInto(fixed, value, target, 2)).toBe(16);
    expect(toHex(target)).toBe('ffff01000000000000000100000000000000ffff');
    expect(codeOf(() => encodeInto(fixed, value, target, 5))).toBe('WIRE_TOO_LARGE');
  });
});

describe('decode', () => {
  it('reports how many bytes are missing and where', () => {
    try {
      decode(u32, fromHex('0102'));
      expect.unreachable();
    } catch (error) {
      expect((error as WireError).details).toEqual({ offset: 0, need: 4, have: 2 });
    }
  });

  it('refuses left-over bytes unless told otherwise', () => {
    expect(codeOf(() => decode(u8, fromHex('0102')))).toBe('WIRE_TRAILING');
    expect(decode(u8, fromHex('0102'), { allowTrailing: true })).toBe(1);
  });

  it('reads u128 low word first', () => {
    const bytes16 = fromHex('000102030405060708090a0b0c0d0e0f');
    expect(decode(u128, bytes16)).toBe(0x0f0e0d0c0b0a09080706050403020100n);
    expect(toHex(encode(u128, 0x0f0e0d0c0b0a09080706050403020100n))).toBe(toHex(bytes16));
  });

  it('refuses empty names, broken UTF-8, bad booleans and nonzero padding', () => {
    expect(codeOf(() => decode(name, fromHex('00')))).toBe('WIRE_INVALID');
    expect(codeOf(() => decode(name, fromHex('02c328')))).toBe('WIRE_INVALID_UTF8');
    expect(codeOf(() => decode(bool, fromHex('02')))).toBe('WIRE_INVALID');
    expect(codeOf(() => decode(reserved(2), fromHex('0001')))).toBe('WIRE_INVALID');
  });

  it('does not allocate for a count that the bytes cannot hold', () => {
    expect(codeOf(() => decode(array(u32, u64), fromHex('ffffffff00')))).toBe('WIRE_TRUNCATED');
    expect(codeOf(() => decode(array(u32, u64, { max: 9 }), fromHex('0a000000')))).toBe(
      'WIRE_TOO_LARGE',
    );
  });

  it('requires a length-prefixed part to use all of its bytes and no more', () => {
    const codec = lengthPrefixed(u16, u32);
    expect(decode(codec, fromHex('040001000000'))).toBe(1);
    expect(codeOf(() => decode(codec, fromHex('05000100000000')))).toBe('WIRE_TRAILING');
    expect(codeOf(() => decode(codec, fromHex('0300010000')))).toBe('WIRE_TRUNCATED');
  });

  it('keeps a byte order mark in text', () => {
    const value = '\u{feff}abc';
    expect(decode(name, encode(name, value))).toBe(value);
  });
});

describe('encode', () => {
  it('gives the same bytes whatever size is expected', () => {
    const bytes = encode(name, 'abc');
    for (const expected of [0, 1, 4, 65_536, 65_537, 1_000_000]) {
      const found = encode(name, 'abc', expected);
      expect([expected, found, found.buffer.byteLength <= 65_536]).toEqual([expected, bytes, true]);
    }
    const large = array(u32, u8);
    const values = Array.from({ length: 100_000 }, (_, i) => i & 255);
    expect(encode(large, values, 70_000)).toEqual(encode(large, values));
  });

  it('refuses what has no encoding', () => {
    expect(codeOf(() => encode(u8, 256))).toBe('WIRE_INVALID');
    expect(codeOf(() => encode(u32, 1.5))).toBe('WIRE_INVALID');
    expect(codeOf(() => encode(u64, -1n))).toBe('WIRE_INVALID');
    expect(codeOf(() => encode(name, ''))).toBe('WIRE_INVALID');
    expect(codeOf(() => encode(name, 'x'.repeat(256)))).toBe('WIRE_TOO_LARGE');
    expect(codeOf(() => encode(name, '\ud800'))).toBe('WIRE_INVALID');
    expect(codeOf(() => encode(bytes(2), new Uint8Array(3)))).toBe('WIRE_INVALID');
  });
});

describe('union, optional and wrappers', () => {
  it('tags each variant', () => {
    expect(decode(choice, fromHex('0107000000'))).toEqual({ kind: 'number', value: 7 });
    expect(decode(choice, fromHex('02026162'))).toEqual({ kind: 'word', value: 'ab' });
    expect(decode(choice, fromHex('03'))).toEqual({ kind: 'nothing' });
    expect(toHex(encode(choice, { kind: 'nothing' }))).toBe('03');
    expect(codeOf(() => decode(choice, fromHex('04')))).toBe('WIRE_UNKNOWN_DISCRIMINANT');
  });

  it('treats empty optional text as absent', () => {
    const codec = optionalText(u32, { max: 10 });
    expect(decode(codec, fromHex('00000000'))).toBeNull();
    expect(toHex(encode(codec, null))).toBe('00000000');
    expect(decode(codec, fromHex('010000007a'))).toBe('z');
  });

  it('maps, constrains, and pins constants', () => {
    const even = constrained(u8, (value) => (value % 2 === 0 ? undefined : 'must be even'));
    expect(codeOf(() => decode(even, fromHex('03')))).toBe('WIRE_INVALID');
    expect(codeOf(() => encode(even, 3))).toBe('WIRE_INVALID');
    const half = mapped(
      'half',
      even,
      (value) => value / 2,
      (value) => value * 2,
    );
    expect(decode(half, fromHex('04'))).toBe(2);
    const magic = struct('M', { magic: field(constant(u16, 7), ''), rest: field(rest(), '') });
    expect(decode(magic, fromHex('0700ff'))).toEqual({ rest: Uint8Array.of(255) });
    expect(codeOf(() => decode(magic, fromHex('0800ff')))).toBe('WIRE_INVALID');
    const word = labels('Level', u8, { low: 0, high: 1 });
    expect(decode(word, fromHex('01'))).toBe('high');
    expect(toHex(encode(word, 'low'))).toBe('00');
    expect(decode(optional(u16), fromHex('010500'))).toBe(5);
    expect(decode(optional(u16), fromHex('00'))).toBeNull();
    expect(decode(blob(u16), fromHex('0200aabb'))).toEqual(Uint8Array.of(0xaa, 0xbb));
    expect(decode(restOf(u16), fromHex('01000200'))).toEqual([1, 2]);
  });
});

describe('annotate', () => {
  it('covers every byte once, in order', () => {
    const codec = struct('All', {
      head: field(fixed, 'Head.'),
      list: field(array(u8, choice), 'Choices.'),
      note: field(optionalText(u32), 'Note.'),
    });
    const input = encode(codec, {
      head: { id: 1n, color: 1, tail: null },
      list: [{ kind: 'number', value: 3 }, { kind: 'nothing' }],
      note: 'hi',
    });
    const result = annotate(codec, input);
    expect(result.ok).toBe(true);
    let offset = 0;
    for (const span of leafSpans(result.spans)) {
      expect(span.offset).toBe(offset);
      offset += span.size;
    }
    expect(offset).toBe(input.length);
    const paths = result.spans.map((span) => span.path);
    expect(paths).toContain('list[0].value');
    expect(paths).toContain('head.color');
    const shown = result.spans.find((span) => span.path === 'head.color');
    expect(shown).toMatchObject({ display: 'Red', value: 1, doc: 'A colour.', offset: 8, size: 1 });
  });

  it('shows an unknown enum value and goes on', () => {
    const result = annotate(fixed, fromHex('05000000000000002500000000000000'));
    expect(result.ok).toBe(false);
    expect(result.spans).toHaveLength(4);
    expect(result.spans[1]).toMatchObject({ display: 'unknown(37)', value: 37, complete: true });
    if (!result.ok) expect(result.error.code).toBe('WIRE_UNKNOWN_DISCRIMINANT');
  });

  it('keeps the spans before a truncation', () => {
    const result = annotate(fixed, fromHex('050000000000000001'));
    expect(result.spans.filter((span) => span.complete).map((span) => span.path)).toEqual([
      'id',
      'color',
    ]);
    if (!result.ok) expect(result.error.path).toBe('padding');
  });

  it('marks secrets', () => {
    const result = annotate(login, encode(login, { user: 'ann', password: 'pw' }));
    expect(result.spans.map((span) => [span.path, span.secret])).toEqual([
      ['user', false],
      ['password', true],
    ]);
  });
});

describe('rarer codecs', () => {
  it('read and write signed and floating numbers', () => {
    expect(decode(i32, fromHex('feffffff'))).toBe(-2);
    expect(toHex(encode(i32, -2))).toBe('feffffff');
    expect(codeOf(() => encode(i32, 2 ** 31))).toBe('WIRE_INVALID');
    expect(decode(i64, fromHex('feffffffffffffff'))).toBe(-2n);
    expect(toHex(encode(i64, -2n))).toBe('feffffffffffffff');
    expect(codeOf(() => encode(i64, 2n ** 63n))).toBe('WIRE_INVALID');
    expect(decode(f32, fromHex('00004841'))).toBe(12.5);
    expect(toHex(encode(f64, 12.5))).toBe('0000000000002940');
  });

  it('count a fixed number of items and know four-byte enums', () => {
    const pair = repeat(u16, 2);
    expect(decode(pair, fromHex('01000200'))).toEqual([1, 2]);
    expect(codeOf(() => encode(pair, [1]))).toBe('WIRE_INVALID');
    const wide = enumU32('Wide', { One: 1 });
    expect(decode(wide, fromHex('01000000'))).toBe(1);
    expect(codeOf(() => decode(wide, fromHex('02000000')))).toBe('WIRE_UNKNOWN_DISCRIMINANT');
  });
});

describe('failures that are not about bytes', () => {
  const broken: Codec<number> = {
    ...u8,
    read() {
      throw new TypeError('a bug');
    },
  };

  it('stay what they are when reading', () => {
    expect(() => decode(broken, fromHex('01'))).toThrow(TypeError);
    expect(() => annotate(broken, fromHex('01'))).toThrow(TypeError);
  });

  it('are refusals when a value of a wrong shape is written', () => {
    const wrong = { user: undefined, password: 'x' } as unknown as {
      user: string;
      password: string;
    };
    expect(codeOf(() => encode(login, wrong))).toBe('WIRE_INVALID');
  });
});
