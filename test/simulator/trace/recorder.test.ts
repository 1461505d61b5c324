import { describe, expect, it } from 'vitest';
import { makePlan, runPlan } from '../../../src/simulator/index.js';

describe('07-5.1 the trace of a disk', () => {
  const plan = makePlan({
    seed: 3n,
    profile: 'calm',
    ticks: 400,
    replicas: 3,
    workload: 'metadata',
  });
  const { trace } = runPlan(plan, { tracing: true });
  const journal = trace.filter(
    ({ r, text }) => r === 'r0' && text.startsWith('metadata/journal.wal'),
  );

  it('names every write with its bytes, every sync, and how it ended', () => {
    expect(journal.find(({ k }) => k === 'write')?.text).toMatch(/^metadata\/journal\.wal \d+ B$/);
    expect(journal.find(({ k }) => k === 'sync')?.text).toMatch(/^metadata\/journal\.wal \d+ B$/);
    expect(journal.find(({ k }) => k === 'io')?.text).toBe('metadata/journal.wal sync');
  });

  it('says so when a sync failed', () => {
    const fault = {
      id: 0,
      kind: 'sync-failure',
      at: 100,
      until: 300,
      target: 1,
      value: 1,
    } as const;
    const { trace: failing } = runPlan(
      { ...plan, profile: 'crashy', faults: [fault] },
      { tracing: true },
    );
    const ends = failing.filter(({ k, text }) => k === 'io' && text.endsWith(' sync EIO'));
    expect(ends.map(({ r }) => r)).toContain('r1');
  });

  it('has an end for no more than was begun', () => {
    const begun = journal.filter(({ k }) => k === 'sync');
    const ended = journal.filter(({ k, text }) => k === 'io' && text.endsWith(' sync'));
    expect(begun.length).toBeGreaterThan(10);
    expect(ended.length).toBeLessThanOrEqual(begun.length);
  });
});
