// Builds dist/bin/fast.cjs: `decode` without the command framework.
//
//   fast.script  all of its code in one script
//   fast.cache   what V8 made of that code, functions that ran included
//   fast.cjs     hands both to V8; not a module, since those take longer to load
//
// Compiling the code takes longer than decoding a frame does. Node.js keeps compiled code between runs
// from version 22 on; here it is kept from the build. V8 takes it only if it is the V8 of the build, and
// otherwise compiles as always.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './files.mjs';

const loader = `'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

function cached() {
  try {
    return readFileSync(join(__dirname, 'fast.cache'));
  } catch {
    return undefined;
  }
}

const filename = join(__dirname, 'fast.script');
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: cached() });
const loaded = script.runInThisContext()();

/** Handles a command line, or resolves to false to leave it to oclif. */
exports.main = async (argv) => (await loaded).main(argv);

/** For the build: the code as V8 has compiled it by now. */
exports.createCache = () => script.createCachedData();
`;

/** Only what is used is kept: of all modules, one exists for what it does when it is loaded. */
const withoutSideEffects = {
  name: 'without-side-effects',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\.?\// }, async ({ path, pluginData, ...from }) => {
      if (pluginData === withoutSideEffects) return undefined;
      const { importer, namespace, resolveDir, kind } = from;
      const options = { importer, namespace, resolveDir, kind, pluginData: withoutSideEffects };
      const found = await esbuild.resolve(path, options);
      const isOurs = /[\\/]src[\\/]/.test(found.path) && !found.path.includes('node_modules');
      return isOurs ? { ...found, sideEffects: /compile-now/.test(found.path) } : found;
    });
  },
};

/** A script cannot import; and importing would make Node.js list every export of its modules. */
const builtins = {
  name: 'builtins',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    esbuild.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }));
  },
};

export async function buildFast(outdir) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/fast-entry.ts'],
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.17',
    charset: 'ascii',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [builtins, withoutSideEffects],
  });
  const bin = join(outdir, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'fast.script'), scriptOf(outputFiles[0].text));
  await writeFile(join(bin, 'fast.cjs'), loader);
  warmUp(join(bin, 'fast.cjs'), join(bin, 'fast.cache'));
}

/** The module as an expression: a function that gives its export. */
function scriptOf(text) {
  const match = /export\s*\{\s*([\w$]+)(?: as main)?\s*\};?\s*$/.exec(text);
  if (match === null || /^import\s/m.test(text))
    throw new Error('the fast entry has other imports');
  return `(async()=>{${text.slice(0, match.index)}\nreturn{main:${match[1]}}})`;
}

/** Decodes something in each format, and keeps the code that V8 compiled for it. */
function warmUp(entry, cache) {
  const frame = '0e0000000100000007000000000000006869';
  const consensus = `${'00'.repeat(48)}00010000${'00'.repeat(8)}05${'00'.repeat(67)}${'11'.repeat(16)}`;
  const request = `${consensus}${'00'.repeat(24)}0100000000000000020000${'00'.repeat(77)}`;
  const program = `
    const { createCache, main } = (await import(${JSON.stringify(entry)})).default;
    for (const flags of [[], ['--json']]) {
      await main(['decode', ...flags, ${JSON.stringify(frame)}]);
      await main(['decode', ...flags, ${JSON.stringify(request)}]);
    }
    process.exitCode = 0;
    process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(cache)}, createCache());
  `;
  execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { NO_COLOR: '1' },
  });
}
