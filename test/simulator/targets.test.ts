import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** What is measured, in words of the table, with its floor and its goal. */
const targets: readonly (readonly [string, string, string])[] = [
  ['events/s', '60,000', '200,000'],
  ['ticks/s, 3 replicas', '10,000', '70,000'],
  ['ticks/s, idle', '100,000', '500,000'],
  ['a swarm seed', '6 s', '1.5 s'],
  ['cost of tracing', '2 x', '1.3 x'],
  ['memory, peak', '512 MiB', '150 MiB'],
  ['peak of ten times the ticks', '1.2 x', '1.0 x'],
];

const numbersIn = (text: string) =>
  [...text.matchAll(/[\d.,]*\d/g)].map(([digits]) => Number(digits.replaceAll(',', '')));

describe('the targets of the simulator', () => {
  const rows = read('bench/README.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const bench = read('bench/simulator.bench.mjs');

  for (const [measure, floor, goal] of targets) {
    it(`07-S4 publish what was measured, and where it is below the floor: ${measure}`, () => {
      const row = rows.find((cells) => cells[1]?.startsWith(measure) === true) ?? [];
      expect([row[2], row[3]]).toEqual([floor, goal]);
      const measured = Math.max(...numbersIn(row[4] ?? ''));
      const [limit = 0] = numbersIn(floor);
      const isMet = measure.includes('/s') ? measured >= limit : measured <= limit;
      expect(row[4]?.includes('(below)')).toBe(!isMet);
      expect(bench).toContain(`floor ${floor}`);
    });
  }
});
