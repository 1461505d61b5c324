import { describe, expect, it } from 'vitest';
import { InOrder, progressLine } from '../../../src/cli/simulate/in-order.js';
import type { RunRecord } from '../../../src/cli/simulate/report.js';

const record = (seed: number, invariant?: string): RunRecord => ({
  ...{ seed: String(seed), ticks: 1, events: 1, marks: {}, fields: {} },
  result: invariant === undefined ? 'ok' : 'failed',
  ...(invariant !== undefined && { failure: { class: 'S', invariant } }),
});

describe('records of several workers', () => {
  it('are shown in the order of seeds, as soon as those before are there, the last at the end', () => {
    const shown: string[] = [];
    const found = new InOrder(5n, 4, ({ seed }) => shown.push(seed));
    for (const seed of [7, 5, 8]) found.add(record(seed));
    expect(shown).toEqual(['5']);
    found.add(record(6));
    expect(shown).toEqual(['5', '6', '7']);
    const all = found.end((records) => records);
    expect(shown).toEqual(['5', '6', '7', '8']);
    expect(all.map(({ seed }) => seed)).toEqual(shown);
  });

  it('are shown without those of a worker that died', () => {
    const shown: string[] = [];
    const found = new InOrder(1n, 4, ({ seed }) => shown.push(seed));
    for (const seed of [4, 3, 1]) found.add(record(seed));
    found.end((records) => records);
    expect(shown).toEqual(['1', '3', '4']);
  });

  it('are counted while they come', () => {
    const records = [record(1), record(2, 'S1'), record(3, 'S1'), record(4, 'C2')];
    expect(progressLine(records, 9, 2000)).toBe('4 of 9, 3 failed in 2 ways, 2.0/s');
  });
});
