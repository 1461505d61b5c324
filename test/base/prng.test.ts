import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrng, type Prng } from '../../src/base/index.js';

const draw = (prng: Prng, times: number): number[] =>
  Array.from({ length: times }, () => prng.u32());

describe('prng', () => {
  it('draws the same numbers for a seed on every platform', () => {
    expect(draw(createPrng(1), 4)).toEqual(draw(createPrng(1n), 4));
    expect(draw(createPrng(42), 6)).toMatchInlineSnapshot(`
      [
        4117204539,
        3820142378,
        4155821935,
        123596828,
        1123573077,
        850104597,
      ]
    `);
    expect(draw(createPrng(42).fork('network'), 3)).toMatchInlineSnapshot(`
      [
        3932747404,
        1452403658,
        1977944648,
      ]
    `);
  });

  it('draws other numbers for other seeds, also when only the high half differs', () => {
    const seeds = [0n, 1n, 2n, 1n << 32n, 1n << 63n, -1n];
    expect(new Set(seeds.map((seed) => draw(createPrng(seed), 4).join())).size).toBe(seeds.length);
  });

  it('forks streams that do not depend on earlier draws nor on each other', () => {
    const fresh = createPrng(7);
    const used = createPrng(7);
    draw(used, 100);
    expect(draw(used.fork('network'), 5)).toEqual(draw(fresh.fork('network'), 5));
    const names = ['network', 'storage', 'clock', '', 'a', 'aa'];
    const streams = names.map((name) => draw(fresh.fork(name), 3).join());
    expect(new Set(streams).size).toBe(names.length);
    expect(draw(fresh.fork('a').fork('b'), 3)).not.toEqual(draw(fresh.fork('b').fork('a'), 3));
  });

  it('stays within the bounds asked for', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 1, max: 2 ** 53 - 1 }), (seed, n) => {
        const prng = createPrng(seed);
        const value = prng.below(n);
        expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true);
        const unit = prng.unit();
        expect(unit >= 0 && unit < 1).toBe(true);
        const between = prng.between(-3, 3);
        expect(between >= -3 && between <= 3).toBe(true);
      }),
    );
  });

  it('favours no value', () => {
    const prng = createPrng(3);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 50_000; i++) {
      const value = prng.below(5);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    let heads = 0;
    for (let i = 0; i < 50_000; i++) if (prng.chance(0.25)) heads += 1;
    expect(Math.abs(heads - 12_500)).toBeLessThan(500);
  });

  it('has certain and impossible chances', () => {
    const prng = createPrng(5);
    for (let i = 0; i < 100; i++) expect([prng.chance(0), prng.chance(1)]).toEqual([false, true]);
  });

  it('picks elements, fills bytes and makes 64-bit numbers', () => {
    const prng = createPrng(9);
    expect(['a', 'b']).toContain(prng.pick(['a', 'b']));
    expect(prng.pick([undefined])).toBeUndefined();
    expect(() => prng.pick([])).toThrow(/empty list/);
    expect(prng.bytes(7)).toHaveLength(7);
    const wide = Array.from({ length: 50 }, () => prng.u64());
    expect(wide.some((value) => value >= 1n << 63n)).toBe(true);
    expect(wide.every((value) => value < 1n << 64n)).toBe(true);
  });
});
