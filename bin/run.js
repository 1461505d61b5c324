#!/usr/bin/env node
// The command line. Not a module, since those take longer to load; see bin/package.json.
'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const argv = process.argv.slice(2);
const dist = join(__dirname, '../dist');

/** A script built by scripts/lib/script-bundle.mjs, if it suits this Node.js; else undefined. */
async function script(name) {
  const loader = join(dist, 'bin', `${name}.cjs`);
  return existsSync(loader) ? await require(loader).load() : undefined;
}

async function main() {
  // `main` of a fast entry gives false for what it leaves to the command framework.
  if (argv[0] === 'decode' || argv[0] === 'completion') {
    const fast = await script(argv[0]);
    if (fast !== undefined && (await fast.main(argv)) !== false) {
      // It has written everything, and nothing is left to wait for: not even for memory to be tidied up.
      if (argv[0] === 'decode') process.exit();
      return;
    }
  }
  const { pathToFileURL } = require('node:url');
  const root = pathToFileURL(join(__dirname, '../package.json')).href;
  // Stack traces name the sources only in the modules.
  const all = argv.includes('-vvv') ? undefined : await script('all');
  if (all !== undefined) return await all.main(argv, root);
  require('node:module').enableCompileCache?.();
  await (await import('../dist/bin/main.js')).main(argv, root);
}

if (argv.length === 1 && argv[0] === '--version') {
  const { name, version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  process.stdout.write(
    `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
  );
} else {
  main();
}
