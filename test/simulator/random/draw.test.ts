import { describe, expect, it } from 'vitest';
import { Dice, domain } from '../../../src/simulator/random/draw.js';

describe('keyed draws', () => {
  it('never change: recorded seeds depend on these numbers', () => {
    const dice = new Dice(42n);
    const first = [0, 1, 2, 3].map((a) => dice.u32(domain.linkLoss, a, 7, 1));
    expect(first).toMatchInlineSnapshot(`
      [
        742707763,
        1936566973,
        3384772329,
        1801874196,
      ]
    `);
    expect(dice.u32(domain.client, 1, 2, 3)).toMatchInlineSnapshot(`905440089`);
    expect(new Dice(43n).u32(domain.linkLoss, 0, 7, 1)).not.toBe(first[0]);
  });

  it('depend on their key alone, not on other draws', () => {
    const alone = new Dice(9n).u32(domain.diskDelay, 5, 6);
    const dice = new Dice(9n);
    for (let i = 0; i < 100; i++) dice.u32(domain.client, i);
    expect(dice.u32(domain.diskDelay, 5, 6)).toBe(alone);
  });

  it('are uniform enough', () => {
    const dice = new Dice(7n);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const drawn = dice.below(10, domain.linkDelay, i & 7, i);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('give exponential delays of about the wanted mean', () => {
    const dice = new Dice(7n);
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += dice.exponential(100, domain.linkDelay, 1, i);
    expect(sum / 20_000).toBeGreaterThan(90);
    expect(sum / 20_000).toBeLessThan(110);
  });
});
