#!/usr/bin/env node
// Fast paths first: loading oclif costs more than most commands do.
//
// Not `import`: that makes Node.js list every export of these modules, and load what they lead to.
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
const module = process.getBuiltinModule('node:module');

const argv = process.argv.slice(2);
const fast = new URL('../dist/bin/fast.cjs', import.meta.url);

// Built from src/cli/fast-entry.ts: `main(argv)` resolves to false to hand the command line on to oclif.
async function answeredFast() {
  if (argv[0] !== 'decode' && argv[0] !== 'completion') return false;
  if (!existsSync(fast)) return false;
  return (await module.createRequire(fast)('./fast.cjs').main(argv)) !== false;
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
