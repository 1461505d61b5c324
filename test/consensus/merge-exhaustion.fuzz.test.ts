import { expect, it } from 'vitest';
import { createPrng } from '../../src/base/index.js';
import { allVotes, faultOfMerge } from './harness/merge-cases.js';
import { historyLoses } from './harness/view-histories.js';

// Ten million pairs and one and a half million threes; half an hour on a slow machine.
it('every pair of votes about up to four ops is merged by the rules', () => {
  const [first, second] = [allVotes(0, 4), allVotes(1, 4)];
  let cases = 0;
  for (const a of first) {
    for (const b of second) {
      cases += 1;
      const fault = faultOfMerge([a, b]);
      if (fault !== undefined) expect({ a, b, fault }).toBeUndefined();
    }
  }
  expect(cases).toBeGreaterThan(10_000_000);
});

it('every three votes about up to two ops are merged by the rules', () => {
  const [first, second, third] = [0, 1, 2].map((replica) => allVotes(replica, 2));
  for (const a of first ?? []) {
    for (const b of second ?? []) {
      for (const c of third ?? []) {
        const fault = faultOfMerge([a, b, c]);
        if (fault !== undefined) expect({ a, b, c, fault }).toBeUndefined();
      }
    }
  }
});

it('two hundred thousand random histories of views keep every committed op', () => {
  for (const n of [2, 3, 4, 5, 7]) {
    const prng = createPrng(BigInt(1000 + n));
    for (let i = 0; i < 40_000; i++) {
      expect(historyLoses(n, (limit) => prng.below(limit), true)).toBeUndefined();
    }
  }
});
