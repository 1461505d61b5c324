import { describe, expect, it } from 'vitest';
import { makePlan, runPlan } from '../../../src/simulator/index.js';

const base = makePlan({
  ...{ seed: 9n, profile: 'calm', ticks: 500, replicas: 3, workload: 'send', groups: 1 },
});

/** A cluster that stores messages, in which a file of a partition rots. */
function runWith(value: number) {
  const rot = { kind: 'rot-data', target: value % 3, value } as const;
  const faults = [{ id: 1, at: 300, until: 480, ...rot }];
  const { workload, data } = base;
  if (data === undefined) throw new Error('there are no partitions');
  const sizes = { payload: 16_000, batch: 6 };
  const weights = data.weights.map((weight, kind) => (kind > 13 ? 0 : weight + 5));
  return runPlan({
    ...{ ...base, profile: 'disk', faults },
    workload: { ...workload, clients: 2, think: 5 },
    data: { ...data, ...sizes, weights },
  });
}

describe('a file of a partition that rots', () => {
  const reached = new Set<string>();
  for (const value of [...Array(14).keys(), 15, 23, 31, 39]) {
    it(`is fetched, made anew or done without, and nothing wrong is served (${value})`, () => {
      const { failure, result, marks } = runWith(value);
      expect(failure).toBeUndefined();
      expect(result).toBe('ok');
      for (const name of marks.keys()) reached.add(name);
    });
  }

  it('is of every kind', () => {
    const files = ['segment', 'index', 'partition journal', 'consumer offset', 'purge generation'];
    for (const kind of [...files, 'partition superblock']) {
      expect([...reached]).toContain(`rot in a ${kind}`);
    }
    expect([...reached]).toContain('log PartitionQuarantined');
    expect([...reached]).toContain('log PartitionRefused');
    expect([...reached]).toContain('wiped and joining');
  });
});
