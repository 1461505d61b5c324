import { describe, expect, it } from 'vitest';
import { type FaultKind, makePlan, missingMarks, runPlan } from '../../../src/simulator/index.js';

describe('what a swarm has to reach', () => {
  it('is asked of swarms that are large enough', () => {
    expect(missingMarks(new Map(), 99, 9)).toEqual([]);
    const usual = missingMarks(new Map(), 100, 9);
    expect(usual).toContain('checkpoint');
    expect(usual).not.toContain('merge awaiting-repair');
    expect(missingMarks(new Map(), 300, 9)).toContain('merge awaiting-repair');
    expect(missingMarks(new Map([['checkpoint', 1]]), 100, 9)).not.toContain('checkpoint');
  });

  it('leaves out what clusters of so few replicas cannot come to', () => {
    const [one, two] = [1, 2].map((replicas) => missingMarks(new Map(), 300, replicas));
    expect(one).toContain('torn write');
    expect(one).not.toContain('forwarded login');
    expect(two).toContain('forwarded login');
    expect(two).not.toContain('repair of a hole');
    expect(two).not.toContain('transfer installed');
    expect(missingMarks(new Map(), 300, 3)).toContain('repair of a hole');
    expect(missingMarks(new Map(), 300, 3)).toContain('merge awaiting-repair');
    expect(missingMarks(new Map(), 300, 4)).not.toContain('merge awaiting-repair');
  });

  it('is reached around readers, too: a primary that is paused, what it left behind', () => {
    const marks = new Set<string>();
    for (const seed of [1n, 2n, 3n]) {
      const result = runPlan(makePlan({ seed, profile: 'reads', ticks: 4000, replicas: 3 }));
      expect(result.failure).toBeUndefined();
      for (const name of result.marks.keys()) marks.add(name);
    }
    expect([...marks]).toContain('pause of a primary with a reader');
  });
});

describe('a scene', () => {
  const isReached = (mark: string, profile: string, faults: readonly FaultKind[]) =>
    [1n, 2n, 3n, 4n, 5n].some((seed) => {
      const options = { ticks: 2500, replicas: 5, faults, workload: 'mixed' } as const;
      const result = runPlan(makePlan({ seed, profile, ...options }));
      expect(result.failure).toBeUndefined();
      return result.marks.has(mark);
    });

  it('leaves a new primary with an op that cannot commit while somebody reads', () => {
    expect(isReached('read waits for an inherited op', 'reads', ['inherit'])).toBe(true);
  });

  it('leaves an op undecided, because a voter may have lost it with its disk', () => {
    expect(isReached('merge awaiting-repair', 'stranded', ['forget'])).toBe(true);
  });
});

describe('a run that did next to nothing', () => {
  it('says nothing, and says so', () => {
    const plan = makePlan({ seed: 1n, profile: 'calm', ticks: 1000, replicas: 3 });
    expect(runPlan(plan)).toMatchObject({ result: 'ok' });
    const idle = { ...plan, quiesce: false, workload: { ...plan.workload, clients: 0 } };
    expect(runPlan(idle)).toMatchObject({
      result: 'inconclusive',
      excuse: expect.stringMatching(/^vacuous: 0 ops/),
    });
  });
});
