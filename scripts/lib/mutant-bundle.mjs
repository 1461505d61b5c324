// The simulator with the planted faults, as one module that Node can load without the command line.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { build } from 'esbuild';
import { root } from './files.mjs';
import { mutantRuns, withMutants } from './mutants.mjs';

/** Makes esbuild see every X.mutants.ts in place of its X.ts, and the faults of lib/mutants.mjs. */
export const plantMutants = {
  name: 'plant-mutants',
  setup(esbuild) {
    const { initialOptions } = esbuild;
    initialOptions.define = { ...initialOptions.define, mutantRuns: JSON.stringify(mutantRuns) };
    esbuild.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const twin = path.replace(/\.ts$/, '.mutants.ts');
      if (existsSync(twin)) return { contents: await readFile(twin), loader: 'ts' };
      const file = relative(root, path).replaceAll('\\', '/');
      const contents = withMutants(file, await readFile(path, 'utf8'));
      return contents === undefined ? undefined : { contents, loader: 'ts' };
    });
  },
};

const entry = `
export { makePlan, parsePlan, runPlan } from './src/simulator/index.js';
export { planOf, repeatCommand } from './src/cli/simulate/plan-of.js';
export { withTraps } from './src/cli/simulate/traps.js';
export { runOne } from './src/cli/simulate/run-seeds.js';
`;

/** Bundles the simulator with all planted faults into a file. */
export async function bundleSimulator(outfile) {
  await build({
    absWorkingDir: root,
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.17',
    packages: 'external',
    logLevel: 'warning',
    plugins: [plantMutants],
  });
}
