import { describe, expect, it } from 'vitest';
import { bridge, type IsCut, minority, ring } from '../../../src/simulator/world/link-shapes.js';

/** How many others each of so many replicas hears. */
function heard(replicas: number, isCut: IsCut): readonly number[] {
  const all = Array.from({ length: replicas }, (_, i) => i);
  return all.map((to) => all.filter((from) => from !== to && !isCut(from, to)).length);
}

describe('a partition of links', () => {
  it('leaves each replica of a ring its two neighbours', () => {
    for (const value of [1, 77, 40_000]) {
      expect(heard(5, ring(5, value))).toEqual([2, 2, 2, 2, 2]);
      expect(heard(7, ring(7, value)).every((count) => count === 2)).toBe(true);
    }
  });

  it('leaves one replica that hears both halves of a bridge', () => {
    const counts = heard(5, bridge(5, 12));
    expect([...counts].sort()).toEqual([2, 2, 2, 2, 4]);
  });

  it('keeps the primary with fewer than half, or unheard', () => {
    const both = minority(5, 3, 2);
    expect(heard(5, both)[3]).toBe(1);
    const oneWay = minority(5, 3, 3);
    expect(heard(5, oneWay)[3]).toBe(4);
    expect([0, 1, 2, 4].filter((to) => oneWay(3, to))).toHaveLength(3);
  });

  it('depends on the value alone', () => {
    const seen = (value: number) => {
      const isCut = ring(9, value);
      return Array.from({ length: 81 }, (_, i) => isCut(Math.floor(i / 9), i % 9)).join();
    };
    expect(seen(5)).toBe(seen(5));
    expect(seen(5)).not.toBe(seen(6));
  });
});
