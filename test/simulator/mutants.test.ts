import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Mutant {
  readonly id: string;
  readonly file: string;
}

const root = join(import.meta.dirname, '../..');
const { mutants, withMutants } = (await import(
  new URL('../../scripts/lib/mutants.mjs', import.meta.url).href
)) as {
  readonly mutants: readonly Mutant[];
  readonly withMutants: (file: string, source: string) => string | undefined;
};

describe('the planted faults of the test build', () => {
  for (const { id, file } of mutants) {
    it(`${id} still fits ${file}`, () => {
      const source = readFileSync(join(root, file), 'utf8');
      expect(withMutants(file, source)).toContain(`iggyctlMutant === '${id}'`);
      expect(source).not.toContain('iggyctlMutant');
    });
  }
});
