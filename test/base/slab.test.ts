import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Slab } from '../../src/base/slab.js';

describe('pieces of a slab', () => {
  it('are zeroed and never share a byte', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 60 }), (sizes) => {
        const slab = new Slab(64, 1024);
        const pieces = sizes.map((size, i) => {
          const piece = slab.take(size);
          expect(piece.length).toBe(size);
          expect(piece.every((byte) => byte === 0)).toBe(true);
          return piece.fill(i + 1);
        });
        for (const [i, piece] of pieces.entries()) {
          expect(piece.every((byte) => byte === i + 1)).toBe(true);
        }
      }),
    );
  });

  it('hold a copy that later changes of the original do not reach', () => {
    const slab = new Slab(64, 64);
    const original = Uint8Array.of(1, 2, 3);
    const copy = slab.copy(original);
    original[0] = 9;
    expect([...copy]).toEqual([1, 2, 3]);
  });

  it('stand alone when they are large beside a slab', () => {
    const slab = new Slab(64, 64);
    expect(slab.take(17).buffer.byteLength).toBe(17);
  });
});
