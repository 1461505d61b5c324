import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zeroedBytes } from '../../src/base/index.js';

describe('zeroed bytes', () => {
  it('are zero and of nobody else, whatever was asked for before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 60 }), (sizes) => {
        const all = sizes.map((size) => zeroedBytes(size));
        all.forEach((bytes, index) => {
          expect(bytes).toHaveLength(sizes[index] ?? 0);
          expect(bytes.every((byte) => byte === 0)).toBe(true);
          bytes.fill(index + 1);
        });
        for (const [index, bytes] of all.entries()) {
          expect(bytes.every((byte) => byte === index + 1)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
