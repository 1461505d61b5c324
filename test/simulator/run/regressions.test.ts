import { describe, expect, it } from 'vitest';
import { makePlan, type PlanOptions, runPlan } from '../../../src/simulator/index.js';

interface Regression extends PlanOptions {
  /** What was wrong. */
  readonly was: string;
}

/** Runs that failed once, cut down to what was needed for it. */
const regressions: readonly Regression[] = [
  {
    was: 'the answer to a list was judged as a poll, because an eviction had answered an earlier poll',
    ...{ seed: 121n, profile: 'swarm', ticks: 1500, replicas: 9, quiesce: false },
  },
  {
    was: 'a wiped node had rejoined before it came to its partitions, and denied in a vote what it held before',
    ...{ seed: 41027n, profile: 'swarm', ticks: 5700, replicas: 3, quiesce: false },
  },
  {
    was: 'a partition went in the turn that answered a handed-on batch, which nobody had seen committed',
    ...{ seed: 60000019n, profile: 'swarm', ticks: 8000, replicas: 4, quiesce: false },
  },
];

describe('runs that failed once pass', () => {
  for (const { was, ...plan } of regressions) {
    it(`${plan.profile}, seed ${plan.seed}: ${was}`, () => {
      const result = runPlan(makePlan(plan));
      expect(result.failure).toBeUndefined();
    });
  }
});
