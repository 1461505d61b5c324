import { expect, it } from 'vitest';
import { allVotes, faultOfMerge } from './harness/merge-cases.js';

it('every pair of votes about up to two ops is merged by the rules', () => {
  const [first, second] = [allVotes(0, 2), allVotes(1, 2)];
  const faults = new Set<string>();
  for (const a of first) {
    for (const b of second) {
      const fault = faultOfMerge([a, b]);
      if (fault !== undefined) faults.add(fault);
    }
  }
  expect([...faults]).toEqual([]);
});

it('every three votes about up to one op are merged by the rules', () => {
  const votes = [0, 1, 2].map((replica) => allVotes(replica, 1));
  const faults = new Set<string>();
  for (const a of votes[0] ?? []) {
    for (const b of votes[1] ?? []) {
      for (const c of votes[2] ?? []) {
        const fault = faultOfMerge([a, b, c]);
        if (fault !== undefined) faults.add(fault);
      }
    }
  }
  expect([...faults]).toEqual([]);
});
