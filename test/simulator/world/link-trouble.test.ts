import { describe, expect, it } from 'vitest';
import { Dice } from '../../../src/simulator/random/draw.js';
import { LinkTrouble, mangle } from '../../../src/simulator/world/link-trouble.js';
import { makePrepare } from '../../consensus/harness/prepares.js';

const none = {
  ...{ burst: 0, burstTicks: 100, burstLoss: 100, spike: 0, slowest: 1 },
  ...{ capacity: 0, misroute: 0, mangling: 0 },
};
const trouble = (changes: Partial<typeof none>) =>
  new LinkTrouble({ ...none, ...changes }, new Dice(9n));
const numbers = Array.from({ length: 400 }, (_, i) => i + 1);

describe('the trouble of a link', () => {
  it('is nothing unless it was asked for', () => {
    const calm = trouble({});
    expect(numbers.some((n) => calm.loses(1, n, n))).toBe(false);
    expect(numbers.some((n) => calm.longer(1, n, 3) !== 0)).toBe(false);
    expect(numbers.every((n) => calm.destination(1, n, 2, 5) === 2)).toBe(true);
    expect(calm.queue(1, 1, 9, 1)).toBeUndefined();
  });

  it('comes in spells in which everything is lost', () => {
    const bad = trouble({ burst: 10_000 });
    const lost = numbers.filter((n) => bad.loses(1, n, n));
    expect(lost.length).toBeGreaterThan(10);
    expect(lost.length).toBeLessThan(400);
    expect(lost.some((n) => lost.includes(n + 1))).toBe(true);
  });

  it('makes some frames, or some links, much slower', () => {
    const spiky = trouble({ spike: 50_000 });
    const late = numbers.map((n) => spiky.longer(1, n, 3)).filter((ticks) => ticks > 0);
    expect(late.length).toBeGreaterThan(2);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(27);
    const uneven = trouble({ slowest: 50 });
    const links = numbers.slice(0, 20).map((link) => uneven.longer(link, 1, 2));
    expect(links.filter((ticks) => ticks === 0).length).toBeGreaterThan(5);
    expect(links.some((ticks) => ticks > 2)).toBe(true);
  });

  it('pushes a frame out of a full link, and not before', () => {
    const narrow = trouble({ capacity: 2 });
    const places = [1, 2].map((n) => narrow.queue(1, n, 50, 1));
    expect(narrow.pushedOut).toBe(0);
    places.push(narrow.queue(1, 3, 50, 1));
    expect(narrow.pushedOut).toBe(1);
    expect(places.filter((place) => place?.isDropped === true)).toHaveLength(1);
    narrow.queue(1, 4, 90, 60);
    expect(narrow.pushedOut).toBe(1);
  });

  it('sends a frame the wrong way', () => {
    const confused = trouble({ misroute: 500_000 });
    const ends = new Set(numbers.map((n) => confused.destination(1, n, 2, 5)));
    expect([...ends].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(confused.misrouted).toBeGreaterThan(100);
  });
});

describe('an altered frame', () => {
  it('differs behind its prefix only, or has no seal any more', () => {
    const frame = makePrepare({ op: 1, body: new Uint8Array(100).map((_, i) => i) });
    for (let seed = 1n; seed < 60n; seed++) {
      const dice = new Dice(seed);
      const copy = frame.slice();
      const isOther = mangle(copy, 64, (n, what) => dice.below(n, 6, what));
      expect(isOther).toBe(copy.some((byte, i) => byte !== frame[i]));
      expect(copy.subarray(16, 64)).toEqual(frame.subarray(16, 64));
    }
  });
});
