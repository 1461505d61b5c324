import { describe, expect, test } from 'vitest';
import { CacheBudget, RecentBatches } from '../../../src/machine/partitions/batch-cache.js';
import { SegmentIndex } from '../../../src/machine/partitions/segment-index.js';
import type { StoredBatch } from '../../../src/machine/partitions/stored-batch.js';

function batch(baseOffset: number, size = 100): StoredBatch {
  const bytes = new Uint8Array(size);
  return { bytes, start: 0, end: size, baseOffset, timestamp: baseOffset, count: 2 };
}

function visited(recent: RecentBatches, from: number): number[] {
  const seen: number[] = [];
  recent.visit(from, (each) => seen.push(each.baseOffset) > 0);
  return seen;
}

describe('recent batches', () => {
  test('stay within one budget for all partitions, the oldest go first', () => {
    const budget = new CacheBudget(300);
    const first = new RecentBatches(budget);
    const second = new RecentBatches(budget);
    first.add(batch(0));
    second.add(batch(0));
    first.add(batch(2));
    expect(budget.used).toBe(300);

    second.add(batch(2));
    expect([first.firstOffset, second.firstOffset]).toEqual([2, 0]);
    first.clear();
    expect(budget.used).toBe(200);
    expect(first.firstOffset).toBeUndefined();
    for (let i = 2; i < 3_000; i++) second.add(batch(2 * i));
    expect(budget.used).toBeLessThanOrEqual(300);
    expect(second.firstOffset).toBeGreaterThan(5_990);
  });

  test('are found by offset and have no gap', () => {
    const recent = new RecentBatches(new CacheBudget(10_000));
    for (const base of [0, 2, 4]) recent.add(batch(base));

    expect(visited(recent, 0)).toEqual([0, 2, 4]);
    expect(visited(recent, 3)).toEqual([2, 4]);
    expect(visited(recent, 6)).toEqual([]);
    recent.add(batch(10));
    expect(visited(recent, 0)).toEqual([10]);
  });

  test('one that is larger than the budget is not kept', () => {
    const budget = new CacheBudget(50);
    const recent = new RecentBatches(budget);
    recent.add(batch(0));

    expect(budget.used).toBe(0);
    expect(recent.firstOffset).toBeUndefined();
  });
});

describe('a segment index in memory', () => {
  test('keeps positions apart and finds the last at or before a key', () => {
    const index = new SegmentIndex();
    for (let i = 0; i < 1_000; i++) {
      index.add({ offset: i * 10, timestamp: 5 + i * 7, position: i * 20_000 });
    }

    expect(index.length).toBeLessThan(300);
    expect(index.entryOfOffset(-1)).toBeUndefined();
    const position = index.entryOfOffset(5_555)?.position ?? -1;
    expect(position).toBeLessThanOrEqual(555 * 20_000);
    expect(position).toBeGreaterThan(555 * 20_000 - 100_000);
    expect(index.entryOfTime(4)).toBeUndefined();
    expect(index.entryOfTime(5 + 555 * 7)?.position).toBe(position);
    expect(SegmentIndex.of(index.encode()).length).toBe(index.length);
    index.cut(position);
    expect(index.last?.position).toBeLessThan(position);
  });
});
