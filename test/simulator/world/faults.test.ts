import { describe, expect, it } from 'vitest';
import { type FaultKind, makePlan, type RunResult, runPlan } from '../../../src/simulator/index.js';

const base = makePlan({
  seed: 3n,
  profile: 'calm',
  ticks: 1200,
  replicas: 5,
  workload: 'metadata',
});

const runs = new Map<string, RunResult>();

/** A calm cluster in which one thing happens, several times. */
function runWith(kind: FaultKind, value: number, target = 1): RunResult {
  const key = `${kind} ${value} ${target}`;
  const result = runs.get(key) ?? runFresh(kind, value, target);
  runs.set(key, result);
  return result;
}

function runFresh(kind: FaultKind, value: number, target: number): RunResult {
  const faults = [200, 500, 800].map((at, id) => ({
    id,
    kind,
    at,
    until: at + 250,
    target,
    value,
  }));
  const workload = { ...base.workload, clients: 3 };
  return runPlan({ ...base, profile: 'crashy', workload, faults });
}

const undisturbed = runPlan({ ...base, workload: { ...base.workload, clients: 3 } });

describe('a fault', () => {
  const kinds: readonly (readonly [FaultKind, number, number])[] = [
    ['ring', 5, 1],
    ['bridge', 5, 1],
    ['minority', 4, 0],
    ['swizzle', 14, 1],
    ['filter-link', 0, 0],
    ['slow', 17, 0],
    ['reboot', 11, 1],
    ['crash-at', 9, 1],
    ['clock-freeze', 0, 0],
    ['clock-wave', 1999, 0],
    ['misread', 3, 2],
    ['lost-replies', 49, 0],
    ['drop-clients', 0, 0],
    ['half-close', 0, 0],
    ['half-close', 1, 0],
    ['roster', 0, 0],
  ];
  for (const [kind, value, target] of kinds) {
    it(`of the kind ${kind}, ${value}, changes what happens, and breaks no promise`, () => {
      const result = runWith(kind, value, target);
      expect(result.failure).toBeUndefined();
      expect(result.marks.get(`fault ${kind}`)).toBeGreaterThan(0);
      expect(result.traceHash).not.toBe(undisturbed.traceHash);
    });
  }

  it('of a disk that is read wrongly keeps a node from booting until it is read rightly', () => {
    const result = runWith('misread', 3, 2);
    const refusals = [...result.marks.keys()].filter((name) => name.startsWith('boot refused'));
    expect(refusals).not.toEqual([]);
  });

  it('at a named place hits a write before or after it is done', () => {
    const marks = (value: number) => [...runWith('crash-at', value).marks.keys()];
    expect(marks(1)).toContain('crash before sync');
    expect(marks(13)).toContain('crash after sync');
  });

  for (const [name, style] of [
    ['a superblock', 0],
    ['the interior of a journal', 3],
    ['a misdirected write', 2],
  ] as const) {
    it(`at rest, in ${name}, keeps a node from booting`, () => {
      const result = runWith('rot', style << 8, 2);
      expect(result.failure).toBeUndefined();
      const refusals = [...result.marks.keys()].filter((mark) => mark.startsWith('boot refused'));
      expect(refusals).not.toEqual([]);
    });
  }
});
