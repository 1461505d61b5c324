#!/usr/bin/env node
// Fast paths first: loading oclif costs more than most commands do.
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';

const argv = process.argv.slice(2);
const fast = new URL('../dist/bin/fast.js', import.meta.url);

// Built from src/cli/fast-entry.ts: `main(argv)` resolves to false to hand the command line on to oclif.
async function answeredFast() {
  if (argv[0] !== 'decode' && argv[0] !== 'completion') return false;
  if (!existsSync(fast)) return false;
  return (await (await import(fast.href)).main(argv)) !== false;
}

if (argv.length === 1 && argv[0] === '--version') {
  const { name, version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  process.stdout.write(
    `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
  );
} else {
  module.enableCompileCache?.();
  if (!(await answeredFast()))
    await (await import('../dist/bin/main.js')).main(argv, import.meta.url);
}
