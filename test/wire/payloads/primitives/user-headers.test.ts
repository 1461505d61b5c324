import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../src/base/index.js';
import {
  annotate,
  decodeUserHeaders,
  encodeUserHeaders,
  type HeaderField,
  isWireError,
  type UserHeader,
  userHeaderProblem,
  userHeaders,
  valueKindName,
  valueKinds,
} from '../../../../src/wire/index.js';

const key = (name: string): HeaderField => ({ kind: valueKinds.string, value: name });
const k = '02010000006b';

/** One value of every kind with the bytes it has behind the key `k`. */
const everyKind: readonly (readonly [HeaderField, string])[] = [
  [{ kind: valueKinds.raw, value: fromHex('00ff') }, '010200000000ff'],
  [{ kind: valueKinds.string, value: 'ż' }, '0202000000c5bc'],
  [{ kind: valueKinds.bool, value: true }, '030100000001'],
  [{ kind: valueKinds.int8, value: -128 }, '040100000080'],
  [{ kind: valueKinds.int16, value: -2 }, '0502000000feff'],
  [{ kind: valueKinds.int32, value: -2_147_483_648 }, '060400000000000080'],
  [{ kind: valueKinds.int64, value: -2n }, '0708000000feffffffffffffff'],
  [{ kind: valueKinds.int128, value: -2n }, `0810000000fe${'ff'.repeat(15)}`],
  [{ kind: valueKinds.uint8, value: 255 }, '0901000000ff'],
  [{ kind: valueKinds.uint16, value: 513 }, '0a020000000102'],
  [{ kind: valueKinds.uint32, value: 4_294_967_295 }, '0b04000000ffffffff'],
  [{ kind: valueKinds.uint64, value: (1n << 64n) - 1n }, `0c08000000${'ff'.repeat(8)}`],
  [{ kind: valueKinds.uint128, value: (1n << 128n) - 1n }, `0d10000000${'ff'.repeat(16)}`],
  [{ kind: valueKinds.float32, value: -1.5 }, '0e040000000000c0bf'],
  [{ kind: valueKinds.float64, value: 0.1 }, '0f080000009a9999999999b93f'],
];

function isRefused(hex: string): boolean {
  try {
    decodeUserHeaders(fromHex(hex));
  } catch (error) {
    return isWireError(error);
  }
  return false;
}

describe('user headers', () => {
  it.each(everyKind)('carry %o', (value, hex) => {
    const headers: readonly UserHeader[] = [{ key: key('k'), value }];

    expect(toHex(encodeUserHeaders(headers))).toBe(k + hex);
    expect(decodeUserHeaders(fromHex(k + hex))).toEqual(headers);
    expect(userHeaderProblem({ key: key('k'), value })).toBeUndefined();
  });

  it('are written by kind and bytes of their keys, the last of equal keys counts', () => {
    const one: HeaderField = { kind: valueKinds.uint8, value: 1 };
    const number = (value: number): HeaderField => ({ kind: valueKinds.int32, value });
    const headers = [
      { key: number(7), value: one },
      { key: key('b'), value: one },
      { key: key('a'), value: one },
      { key: key('b'), value: number(2) },
    ];

    expect(decodeUserHeaders(encodeUserHeaders(headers))).toEqual([
      { key: key('a'), value: one },
      { key: key('b'), value: number(2) },
      { key: number(7), value: one },
    ]);
  });

  it('keep the order and the duplicates that were sent', () => {
    const twice = `${k}030100000001${k}030100000000`;

    expect(decodeUserHeaders(fromHex(twice))).toHaveLength(2);
  });

  it('are refused when a field is cut, empty, of kind 0 or without a partner', () => {
    for (const hex of [k, `${k}0301`, `${k}0300000000`, `${k}000100000001`, `${k}03000100000001`]) {
      expect(isRefused(hex), hex).toBe(true);
    }
  });

  it('may be of kinds that are not defined', () => {
    const [header] = decodeUserHeaders(fromHex(`${k}250100000001`));

    expect(header?.value).toEqual({ kind: 37, value: fromHex('01') });
    expect(valueKindName(37)).toBe('unknown(37)');
    expect(header && userHeaderProblem(header)).toBe(4040);
  });

  it('that do not suit their kind are named by their error code', () => {
    const problem = (hex: string) => decodeUserHeaders(fromHex(hex)).map(userHeaderProblem);

    expect(problem(`${k}0c0100000001`)).toEqual([4019]);
    expect(problem(`${k}030100000002`)).toEqual([4019]);
    expect(problem(`${k}0201000000ff`)).toEqual([4019]);
    expect(problem('0c0100000001030100000001')).toEqual([4018]);
  });

  it('keep the bits of a float that is no number', () => {
    const hex = `${k}0e040000000100c07f`;

    expect(toHex(encodeUserHeaders(decodeUserHeaders(fromHex(hex))))).toBe(hex);
    expect(decodeUserHeaders(fromHex(hex)).map(userHeaderProblem)).toEqual([undefined]);
  });

  it('refuse values that do not suit their kind', () => {
    const wrong: readonly HeaderField[] = [
      { kind: valueKinds.uint8, value: 256 },
      { kind: valueKinds.int8, value: -129 },
      { kind: valueKinds.uint64, value: -1n },
      { kind: valueKinds.uint64, value: 5 },
      { kind: valueKinds.bool, value: 'true' },
      { kind: valueKinds.string, value: '' },
      { kind: valueKinds.string, value: 'x'.repeat(256) },
      { kind: 37, value: 'text' },
    ];

    for (const value of wrong) {
      expect(() => encodeUserHeaders([{ key: key('k'), value }])).toThrow(
        expect.toSatisfy(isWireError),
      );
    }
  });

  it('show their values in plain form when annotated', () => {
    const { spans } = annotate(userHeaders, fromHex(`${k}0c080000000100000000000000`));
    const shown = spans.filter((span) => span.path.endsWith('.value.value'));

    expect(shown[0]?.display).toBe('1');
  });
});
