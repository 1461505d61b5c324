import { describe, expect, test } from 'vitest';
import { percentile } from '../../src/cli/percentile.js';

describe('percentile', () => {
  test('of two values the half is the smaller one', () => {
    expect(percentile([5, 13], 0.5)).toBe(5);
  });

  test('of a hundred values p99 is the ninety-ninth', () => {
    const values = Array.from({ length: 100 }, (_, at) => at + 1);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 50, 99, 100]);
  });

  test('of no values there is none', () => {
    expect(percentile([], 0.5)).toBeUndefined();
  });
});
