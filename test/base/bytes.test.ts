import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareBytes,
  compareU64,
  concatBytes,
  equalBytes,
  equalBytesConstantTime,
  equalRange,
  getU16,
  getU32,
  getU64,
  getU64Number,
  getU128,
  isZeroBytes,
  setU16,
  setU32,
  setU64,
  setU64Number,
  setU128,
  toHex,
  tryGetU64Number,
} from '../../src/base/index.js';

describe('byte strings', () => {
  it('join, compare and equal', () => {
    const a = Uint8Array.of(1, 2);
    const b = Uint8Array.of(1, 3);
    expect(concatBytes([a, b, new Uint8Array(0)])).toEqual(Uint8Array.of(1, 2, 1, 3));
    expect(compareBytes(a, b)).toBeLessThan(0);
    expect(compareBytes(a, a.subarray(0, 1))).toBeGreaterThan(0);
    expect([equalBytes(a, a.slice()), equalBytes(a, b)]).toEqual([true, false]);
    expect([equalBytesConstantTime(a, a.slice()), equalBytesConstantTime(a, b)]).toEqual([
      true,
      false,
    ]);
    expect(equalBytesConstantTime(a, new Uint8Array(3))).toBe(false);
    expect(equalRange(a, 0, b, 0, 1)).toBe(true);
    expect(equalRange(a, 0, b, 0, 2)).toBe(false);
    expect(isZeroBytes(Uint8Array.of(0, 0, 1), 0, 2)).toBe(true);
    expect(isZeroBytes(Uint8Array.of(0, 0, 1))).toBe(false);
  });
});

describe('integers in place', () => {
  it('agree with DataView at unaligned positions', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 19, maxLength: 19 }), (bytes) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        expect(getU16(bytes, 3)).toBe(view.getUint16(3, true));
        expect(getU32(bytes, 3)).toBe(view.getUint32(3, true));
        expect(getU64(bytes, 3)).toBe(view.getBigUint64(3, true));
        const high = view.getBigUint64(11, true);
        expect(getU128(bytes, 3)).toBe((high << 64n) | view.getBigUint64(3, true));
        const order = view.getBigUint64(3, true) - high;
        expect(Math.sign(compareU64(bytes, 3, 11))).toBe(order < 0n ? -1 : order > 0n ? 1 : 0);
      }),
    );
  });

  it('write what they read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
        const bytes = new Uint8Array(16);
        setU128(bytes, 0, value);
        expect(getU128(bytes, 0)).toBe(value);
        setU64(bytes, 0, value);
        expect(getU64(bytes, 0)).toBe(BigInt.asUintN(64, value));
        setU32(bytes, 0, Number(BigInt.asUintN(32, value)));
        expect(getU32(bytes, 0)).toBe(Number(BigInt.asUintN(32, value)));
        setU16(bytes, 0, Number(BigInt.asUintN(16, value)));
        expect(getU16(bytes, 0)).toBe(Number(BigInt.asUintN(16, value)));
      }),
    );
  });

  it('read and write counters as numbers up to 2^53-1 and refuse more', () => {
    const bytes = new Uint8Array(8);
    for (const value of [0, 1, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER]) {
      setU64Number(bytes, 0, value);
      expect(getU64Number(bytes, 0)).toBe(value);
    }
    setU64(bytes, 0, 2n ** 53n);
    expect(() => getU64Number(bytes, 0)).toThrow(/got 9007199254740992/);
    expect(tryGetU64Number(bytes, 0)).toBe(-1);
    expect(toHex(bytes)).toBe('0000000000002000');
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => setU64Number(bytes, 0, value)).toThrow(/u64 must be/);
    }
  });
});
