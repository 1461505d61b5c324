import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlan, runPlan } from '../../src/simulator/index.js';

interface Regression {
  /** What was wrong. */
  readonly was: string;
  readonly plan: object;
}

const directory = join(import.meta.dirname, 'plans');

/** Plans that broke the rule in their name once, made as small as they get. */
describe('a plan that failed once', () => {
  for (const file of readdirSync(directory).sort()) {
    const text = readFileSync(join(directory, file), 'utf8');
    const regression = JSON.parse(text) as Regression;
    it(`${file}: ${regression.was}`, { timeout: 60_000 }, () => {
      expect(file).toMatch(/^[A-Z]+\d*-[a-z0-9-]+\.json$/);
      const result = runPlan(parsePlan(regression));
      expect(result.failure).toBeUndefined();
      expect(result.result).toBe('ok');
    });
  }
});
