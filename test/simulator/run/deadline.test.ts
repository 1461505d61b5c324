import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../src/simulator/run/deadline.js';

/** The tick at which a healing that begins at 100 and may take 20,000 ticks is given up. */
function endOf(fetchedAt: (tick: number) => number): number {
  const deadline = new Deadline(100, 20_000);
  let tick = 100;
  while (deadline.isAhead(tick, () => fetchedAt(tick))) tick += 1;
  return tick;
}

describe('the end of a healing', () => {
  it('comes after its ticks when nothing is fetched, or what was fetched does not grow', () => {
    expect(endOf(() => 0)).toBe(20_100);
    expect(endOf((tick) => (tick > 5_000 ? 65_536 : 0))).toBe(22_100);
  });

  it('moves on while a large state grows, and no longer', () => {
    expect(endOf((tick) => Math.min(tick, 30_000))).toBe(32_100);
  });

  it('comes at last after five times its ticks, whatever grows', () => {
    expect(endOf((tick) => tick)).toBe(100_100);
  });
});
