import { describe, expect, it } from 'vitest';
import { createPrng } from '../../src/base/index.js';
import { historyLoses } from './harness/view-histories.js';

function losses(n: number, runs: number, remembers: boolean): number {
  const prng = createPrng(BigInt(n));
  const below = (limit: number) => prng.below(limit);
  let lost = 0;
  for (let i = 0; i < runs; i++) if (historyLoses(n, below, remembers) !== undefined) lost += 1;
  return lost;
}

describe('random histories of views', () => {
  for (const n of [2, 3, 4, 5, 7]) {
    it(`keep every committed op with the headers of the view, ${n} replicas`, () => {
      expect(losses(n, 1500, true)).toBe(0);
    });
  }

  it('lose some without them', () => {
    expect(losses(3, 1500, false) + losses(5, 1500, false)).toBeGreaterThan(0);
  });
});
