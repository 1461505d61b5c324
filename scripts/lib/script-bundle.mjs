// Builds the command line a second time, as scripts whose code V8 has compiled already:
//
//   dist/bin/decode.*       `decode`, without the command framework
//   dist/bin/completion.*   `completion`, likewise
//   dist/bin/all.*          every command
//
//   NAME.script  all of the code in one script
//   NAME.cache   what V8 made of that code, functions that ran included
//   NAME.cjs     hands both to V8; not a module, since those take longer to load
//
// Finding, reading and compiling modules takes longer than most commands do. Node.js keeps compiled code
// between runs from version 22 on; here it is kept from the build. V8 takes it only if it is the V8 of the
// build; otherwise `load` gives undefined, and the modules beside it do the same, only later.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { scriptEntry } from './command-table.mjs';
import { root } from './files.mjs';

const loader = (name) => `'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { constants, Script } = require('node:vm');
const { pathToFileURL } = require('node:url');

const builtBy = ${JSON.stringify([process.version, process.arch])};

/** The exports of the script, or undefined when the compiled code is of no use here. */
exports.load = async () => {
  if (process.version !== builtBy[0] || process.arch !== builtBy[1]) return undefined;
  const filename = join(__dirname, '${name}.script');
  const { cachedData, source } = files(filename);
  if (source === undefined) return undefined;
  // For optional packages that are not in the bundle.
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(source, { filename, cachedData, importModuleDynamically });
  exports.createCache = () => script.createCachedData();
  return await script.runInThisContext()(require, pathToFileURL(filename).href, filename, __dirname);
};

function files(filename) {
  try {
    const cache = join(__dirname, '${name}.cache');
    const cachedData = process.env.IGGYCTL_BUILD === '1' ? undefined : readFileSync(cache);
    return { cachedData, source: readFileSync(filename, 'latin1') };
  } catch {
    return {};
  }
}
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

/**
 * A script cannot import; and importing would make Node.js list every export of its modules. What a module
 * imports is looked up when it is first used, since loading `net` or `crypto` takes longer than most
 * commands do; what the bundler makes of an import inherits from what is exported here.
 */
const builtins = {
  name: 'builtins',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^(node:)?[a-z0-9_]+(\/\w+)?$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      const isBuiltin = process.getBuiltinModule(name) !== undefined;
      const namespace = kind === 'require-call' ? 'builtin' : 'lazy-builtin';
      return isBuiltin ? { path: name, namespace } : undefined;
    });
    esbuild.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `
        module.exports = Object.create(new Proxy({}, {
          get(_, key, user) {
            if (key === '__esModule') return undefined;
            const value = process.getBuiltinModule(${JSON.stringify(path)})[key];
            Object.defineProperty(user, key, { value });
            return value;
          },
        }));`,
    }));
  },
};

/** Of the framework only what a command needs to run; its help is there when help is asked for. */
const slimFramework = {
  name: 'slim-framework',
  setup(esbuild) {
    const slim = ['args', 'flags', 'command', 'config', 'settings'];
    const contents = slim.map((part) => `export * from '@oclif/core/${part}';`);
    contents[0] = "export * as Args from '@oclif/core/args';";
    contents[1] = "export * as Flags from '@oclif/core/flags';";
    esbuild.onResolve({ filter: /^@oclif\/core$/ }, ({ importer }) =>
      /[\\/]run[\\/]help\.ts$/.test(importer)
        ? undefined
        : { path: '@oclif/core', namespace: 'slim' },
    );
    esbuild.onLoad({ filter: /.*/, namespace: 'slim' }, () => ({
      contents: contents.join('\n'),
      resolveDir: root,
    }));
  },
};

/**
 * One module waits for a WebAssembly module while it is loaded, and so would all that import it. In a
 * script, where modules are functions that call each other, modules in a circle would then see each other
 * unfinished. So the hash is made before anything else is loaded.
 */
const hashBefore = {
  name: 'hash-before',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^iggyctl-hash$/ }, ({ path }) => ({ path, namespace: 'hash' }));
    esbuild.onLoad({ filter: /.*/, namespace: 'hash' }, () => ({
      contents: `
        import hashWasm from 'hash-wasm/dist/xxhash3.umd.min.js';
        export let hasher;
        export async function prepare() {
          hasher ??= await hashWasm.createXXHash3();
        }`,
      resolveDir: root,
    }));
    esbuild.onLoad({ filter: /[\\/]wire[\\/]checksum[\\/]xxh3\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text
        .replace(/^import hashWasm from .*$/m, "import { hasher } from 'iggyctl-hash';")
        .replace(/^const hasher = await .*$/m, '');
      if (/await |hashWasm/.test(contents))
        throw new Error(`${path} waits in a way not known here`);
      return { contents, loader: 'ts' };
    });
  },
};

/** All of the scripts. */
export async function buildScripts(outdir, external) {
  await Promise.all([
    buildFast(outdir, 'decode', external, decodeLines()),
    buildFast(outdir, 'completion', external, [
      ['completion', '--query', '--', 'stream', ''],
      ['completion', 'bash'],
    ]),
    buildAll(outdir, external),
  ]);
}

/** A command without the framework: `lines` are run while its code is compiled. */
async function buildFast(outdir, name, external, lines) {
  await buildScript(outdir, name, {
    external,
    entryPoints: [`src/cli/${name}-entry.ts`],
    minify: true,
    plugins: [builtins, withoutSideEffects],
  });
  warmUp(outdir, name, `for (const line of ${JSON.stringify(lines)}) await m.main(line);`);
}

function decodeLines() {
  const frame = '0e0000000100000007000000000000006869';
  const consensus = `${'00'.repeat(48)}00010000${'00'.repeat(8)}05${'00'.repeat(67)}${'11'.repeat(16)}`;
  const request = `${consensus}${'00'.repeat(24)}0100000000000000020000${'00'.repeat(77)}`;
  return [frame, request].flatMap((hex) => [
    ['decode', hex],
    ['decode', '--json', hex],
  ]);
}

/** The entry for every command. Names are kept, for stack traces. */
async function buildAll(outdir, external) {
  await buildScript(outdir, 'all', {
    external,
    stdin: { contents: await scriptEntry(), resolveDir: root, loader: 'ts' },
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [builtins, slimFramework, hashBefore],
  });
  const lines = [
    ['version'],
    ['config', 'path'],
    ['stream', 'list'],
    ['stream', 'list', '--bogus'],
  ];
  const manifest = JSON.stringify(new URL('package.json', `file://${root}/`).href);
  warmUp(
    outdir,
    'all',
    `for (const line of ${JSON.stringify(lines)}) await m.warmUp(line, ${manifest});`,
  );
}

async function buildScript(outdir, name, options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.17',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'import.meta.url': '__url' },
    ...options,
  });
  const bin = join(outdir, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, `${name}.script`), scriptOf(outputFiles[0].text));
  await writeFile(join(bin, `${name}.cjs`), loader(name));
}

/** The module as an expression: a function that gives its exports. */
function scriptOf(text) {
  const match = /export\s*\{([^}]*)\};?\s*$/.exec(text);
  if (match === null || /(^|[;}])import[\s{*"]/m.test(text))
    throw new Error('an entry has other imports');
  const names = match[1].split(',').map((each) => {
    const [inner, outer = inner] = each.trim().split(/\s+as\s+/);
    return `${outer}:${inner}`;
  });
  const code = text.slice(0, match.index);
  return `(async(require,__url,__filename,__dirname)=>{${code}\nreturn{${names.join(',')}}})`;
}

/** Runs something of everything, and keeps the code that V8 compiled for it. */
function warmUp(outdir, name, work) {
  const file = (kind) => JSON.stringify(join(outdir, 'bin', `${name}.${kind}`));
  const program = `
    const loader = require(${file('cjs')});
    const cache = ${file('cache')};
    require('node:fs').writeFileSync(cache, '');
    loader.load().then(async (m) => {
      ${work}
      require('node:fs').writeFileSync(cache, loader.createCache());
      process.exit(0);
    });
  `;
  execFileSync(process.execPath, ['-e', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { NO_COLOR: '1', IGGYCTL_BUILD: '1', HOME: outdir },
  });
}
