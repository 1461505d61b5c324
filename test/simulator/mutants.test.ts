import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, readText } from '../helpers/package-files.js';

interface Mutant {
  readonly id: string;
  readonly budget: number;
  readonly caughtBy: readonly string[];
  readonly run: Readonly<Record<string, unknown>>;
  readonly edits: readonly { readonly file: string; readonly find: string }[];
}

interface Found {
  readonly seeds: number;
  readonly isExpected: boolean;
  readonly invariant?: string;
  readonly detail?: string;
}

const root = join(import.meta.dirname, '../..');
// The scripts of the build have no types of their own.
const script = (name: string): Promise<unknown> =>
  import(pathToFileURL(join(root, 'scripts/lib', name)).href);
const { mutants, withMutants } = (await script('mutants.mjs')) as {
  readonly mutants: readonly Mutant[];
  readonly withMutants: (file: string, source: string) => string | undefined;
};
const { huntMutant } = (await script('mutant-hunt.mjs')) as {
  readonly huntMutant: (
    simulator: unknown,
    mutant: Mutant,
    seeds: { readonly first: bigint; readonly budget: number },
  ) => Found;
};
const { bundleSimulator } = (await script('mutant-bundle.mjs')) as {
  readonly bundleSimulator: (outfile: string) => Promise<void>;
};

describe('the planted faults of the test build', () => {
  it('07-S2 are the 53 of the catalogue, and one more', () => {
    const ids = Array.from({ length: 54 }, (_, i) => `M${String(i + 1).padStart(2, '0')}`);
    expect(mutants.map(({ id }) => id)).toEqual(ids);
  });

  for (const { id, edits } of mutants) {
    it(`${id} fits the sources, each of its texts exactly once`, () => {
      expect(edits.length).toBeGreaterThan(0);
      const patched = edits.map(({ file, find }) => {
        const source = readFileSync(join(root, file), 'utf8');
        expect(source.split(find)).toHaveLength(2);
        expect(source).not.toContain('iggyctlMutant');
        return withMutants(file, source) ?? '';
      });
      expect(patched.join('\n')).toContain(`iggyctlMutant === '${id}'`);
    });
  }

  it('are not in the build that is published', () => {
    const files = filesUnder('dist', 'js');
    expect(files.length).toBeGreaterThan(10);
    const planted = files.filter((file) => readText(file).includes('iggyctlMutant'));
    expect(planted).toEqual([]);
  });
});

describe('planted faults that are found soon', () => {
  // Inside the project, where its packages are found.
  const outfile = join(root, `.cache/test-mutants-${process.pid}.mjs`);
  let simulator: unknown;

  beforeAll(async () => {
    await mkdir(join(root, '.cache'), { recursive: true });
    await bundleSimulator(outfile);
    simulator = await import(pathToFileURL(outfile).href);
  });

  afterAll(() => rm(outfile, { force: true }));

  // With those that need a scene of their own (late frames, slots used again), which takes one seed.
  const scenes: ReadonlySet<string> = new Set(['M15', 'M24', 'M25', 'M29', 'M49']);
  const soon = mutants.filter(({ id, budget }) => budget <= 20 || scenes.has(id));

  for (const mutant of soon) {
    it(`07-S2 ${mutant.id} is found as one of ${mutant.caughtBy.join(', ')}`, {
      timeout: 120_000,
    }, () => {
      const found = huntMutant(simulator, mutant, {
        first: 1n,
        budget: Math.min(20, mutant.budget),
      });
      expect(found).toMatchObject({ isExpected: true });
    });
  }
});

describe('the command line of the test build', () => {
  const run = (words: readonly string[]) => {
    const options = { cwd: root, encoding: 'utf8', timeout: 110_000 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, words, options);
    const lines = stderr.trim().split('\n');
    return { status, lines: stdout.trim().split('\n'), last: lines.at(-1) ?? '' };
  };
  const failureIn = (lines: readonly string[]) => {
    const documents = lines.map((line): unknown => JSON.parse(line));
    return documents.find((each) => (each as { result?: string }).result === 'failed');
  };

  // Seed 2 is the first that brings the fault to light.
  it('06-S66 a planted fault ends with 15, and the command it prints fails at the same event', {
    timeout: 240_000,
  }, () => {
    expect(run(['scripts/build.mjs', '--mutants', '--if-stale']).status).toBe(0);
    const hunt = ['simulate', 'run', '--mutant', 'M07', '--seed', '2', '--until-failure', '--json'];
    const found = run(['bin/mutants.js', ...hunt]);
    expect(found.status).toBe(15);
    const failure = failureIn(found.lines);
    expect(failure).toMatchObject({
      failure: { class: 'S', tick: expect.stringMatching(/^\d+$/) },
    });
    const [program, ...words] = found.last.replace(/ +#.*$/, '').split(' ');
    expect([program, words[0]]).toEqual(['node', 'bin/mutants.js']);
    const again = run([...words, '--json']);
    expect(again.status).toBe(15);
    expect(failureIn(again.lines)).toEqual(failure);
  });

  it('07-S2 the canary is found on every seed', { timeout: 240_000 }, () => {
    expect(run(['scripts/build.mjs', '--mutants', '--if-stale']).status).toBe(0);
    const words = ['--mutant', 'M01', '--runs', '3', '--seed-start', '90', '--jobs', '1', '--json'];
    const canary = run(['bin/mutants.js', 'simulate', 'run', ...words]);
    expect(canary.status).toBe(15);
    const summary: unknown = JSON.parse(canary.lines.at(-1) ?? '');
    expect(summary).toMatchObject({ runs: 3, failed: 3, first_class: 'S' });
  });

  it('07-S2 a planted fault that survives its seeds is a failure of class M', {
    timeout: 240_000,
  }, () => {
    expect(run(['scripts/build.mjs', '--mutants', '--if-stale']).status).toBe(0);
    const short = ['--ticks', '20', '--no-quiesce', '--seed-start', '5', '--json'];
    const hunt = ['bin/mutants.js', 'simulate', 'run', '--mutant', 'M07', ...short];
    for (const jobs of ['1', '2']) {
      const survived = run([...hunt, '--runs', '3', '--jobs', jobs]);
      expect(survived.status).toBe(15);
      expect(failureIn(survived.lines)).toMatchObject({
        failure: { class: 'M', invariant: 'M07' },
      });
      const summary: unknown = JSON.parse(survived.lines.at(-1) ?? '');
      expect(summary).toMatchObject({ runs: 3, failed: 1, first_class: 'M' });
    }
  });
});
