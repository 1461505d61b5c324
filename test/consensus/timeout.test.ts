import { describe, expect, it } from 'vitest';
import { createPrng } from '../../src/base/index.js';
import { Timeout } from '../../src/consensus/timeout.js';

function ticksToFire(timeout: Timeout): number {
  let ticks = 0;
  while (!timeout.hasFired) {
    timeout.countDown();
    ticks++;
  }
  return ticks;
}

describe('a timeout', () => {
  it('fires after its interval and stays fired until it is armed again', () => {
    const timeout = new Timeout(3);
    expect(timeout.hasFired).toBe(false);
    timeout.start();

    expect(ticksToFire(timeout)).toBe(3);
    timeout.countDown();
    expect(timeout.hasFired).toBe(true);
    timeout.reset();
    expect(timeout.hasFired).toBe(false);
    expect(ticksToFire(timeout)).toBe(3);
    timeout.stop();
    expect(timeout.hasFired).toBe(false);
  });

  it('refuses to be reset or backed off while stopped', () => {
    const timeout = new Timeout(3);
    expect(() => timeout.reset()).toThrow(expect.objectContaining({ code: 'INVARIANT' }));
    expect(() => timeout.backOff(createPrng(1))).toThrow();
  });

  it('backs off to at most 16 times the base plus as much by chance, and starts over', () => {
    const prng = createPrng(7);
    const timeout = new Timeout(25);
    timeout.start();
    for (const factor of [2, 4, 8, 16, 16, 16]) {
      timeout.backOff(prng);
      expect(timeout.ticksLeft).toBeGreaterThanOrEqual(25 * factor);
      expect(timeout.ticksLeft).toBeLessThanOrEqual(25 * factor * 2);
    }
    timeout.start();
    expect(timeout.ticksLeft).toBe(25);
    timeout.backOff(prng);
    expect(timeout.ticksLeft).toBeLessThanOrEqual(100);
  });

  it('backs off alike for the same seed', () => {
    const intervals = [1, 2].map(() => {
      const prng = createPrng(3);
      const timeout = new Timeout(25);
      timeout.start();
      return Array.from({ length: 6 }, () => {
        timeout.backOff(prng);
        return timeout.ticksLeft;
      });
    });
    expect(intervals[0]).toEqual(intervals[1]);
  });
});
