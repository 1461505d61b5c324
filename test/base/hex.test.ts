import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigToHex, fromHex, HexError, toHex } from '../../src/base/index.js';

describe('hex', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromHex(toHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  it('writes a range', () => {
    expect(toHex(Uint8Array.of(1, 0xab, 0xff), 1, 2)).toBe('ab');
  });

  it('refuses odd lengths and other characters, and says where', () => {
    expect(() => fromHex('abc')).toThrow(HexError);
    for (const [text, position] of [
      ['0g', 1],
      ['g0', 0],
      ['00 1', 2],
      ['00é1', 2],
    ] as const) {
      try {
        fromHex(text);
        expect.unreachable();
      } catch (error) {
        expect((error as HexError).code).toBe('HEX_INVALID');
        expect((error as HexError).details).toEqual({ position });
      }
    }
  });

  it('pads numbers', () => {
    expect(bigToHex(0xabcn, 6)).toBe('000abc');
  });
});
