import { describe, expect, it } from 'vitest';
import { makePlan, runPlan } from '../../../src/simulator/index.js';

const profiles = ['swarm', 'lossy', 'partition', 'crashy', 'disk', 'sessions'] as const;
const seeds = Array.from({ length: 20 }, (_, i) => ({
  seed: BigInt(i + 1),
  profile: profiles[i % profiles.length] ?? 'swarm',
}));

describe('simulated clusters under faults', () => {
  for (const { seed, profile } of seeds) {
    it(`keep every promise (${profile}, seed ${seed})`, () => {
      const result = runPlan(
        makePlan({ seed, profile, ticks: 2000, replicas: seed % 4n === 0n ? 5 : 3 }),
      );
      expect(result.failure).toBeUndefined();
      expect(result.result).toBe('ok');
    });
  }

  it('serve without faults, and more than a little', () => {
    const result = runPlan(makePlan({ seed: 1n, profile: 'calm', ticks: 1000 }));
    expect(result).toMatchObject({ result: 'ok', views: 0, crashes: 0 });
    expect(result.ops).toBeGreaterThan(50);
  });

  for (const [seed, profile] of [
    [11n, 'crashy'],
    [1n, 'disk'],
  ] as const) {
    it(`once failed: ${profile}, seed ${seed}`, () => {
      const result = runPlan(makePlan({ seed, profile, ticks: 6000 }));
      expect(result.failure).toBeUndefined();
    });
  }
});

describe('a run', () => {
  it('is the same every time (R1), with and without tracing', () => {
    for (const seed of [3n, 4n, 5n]) {
      const plan = makePlan({ seed, profile: 'swarm', ticks: 1500, replicas: 3 });
      const first = runPlan(plan);
      const again = runPlan(plan, { tracing: true });
      expect(again.traceHash).toBe(first.traceHash);
      expect(again.finalDraw).toBe(first.finalDraw);
      expect(again.checkpoints).toEqual(first.checkpoints);
      expect(again.trace.length).toBeGreaterThan(100);
    }
  });

  it('differs with the seed', () => {
    const hash = (seed: bigint) =>
      runPlan(makePlan({ seed, profile: 'lossy', ticks: 500, replicas: 3 })).traceHash;
    expect(hash(1n)).not.toBe(hash(2n));
  });
});
