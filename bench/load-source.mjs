// Imports a TypeScript file of the project: bundled by esbuild, packages left outside.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

export async function loadSource(entry) {
  const outfile = join(root, '.cache', 'bench', `${entry.replaceAll(/\W/g, '-')}.mjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
