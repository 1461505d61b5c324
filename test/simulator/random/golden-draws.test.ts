import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Dice, type Domain, domain } from '../../../src/simulator/random/draw.js';

const file = join(import.meta.dirname, '../../golden/simulator-draws.tsv');
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .map((line) => line.split('\t'));

function isDomain(number: number): number is Domain {
  return Object.values<number>(domain).includes(number);
}

describe('the golden draws', () => {
  it('are a thousand, over every way a decision is keyed', () => {
    expect(rows).toHaveLength(1000);
    expect(new Set(rows.map(([, number]) => number)).size).toBeGreaterThan(20);
  });

  it('come out of every build: no recorded seed moves', () => {
    const wrong = rows.filter(([seed, number, a, b, c, draw]) => {
      const of = Number(number);
      if (!isDomain(of)) return true;
      const drawn = new Dice(BigInt(`0x${seed}`)).u32(of, Number(a), Number(b), Number(c));
      return drawn.toString(16).padStart(8, '0') !== draw;
    });
    expect(wrong).toEqual([]);
  });
});
