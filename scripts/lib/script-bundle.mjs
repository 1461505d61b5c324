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
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';
import { scriptEntry } from './command-table.mjs';
import { root } from './files.mjs';
import { loaderOf } from './script-loader.mjs';
import { laterImports, partsOf } from './script-parts.mjs';

const target = {
  platform: 'node',
  target: 'node20.17',
  charset: 'ascii',
  legalComments: 'none',
};

/** Only what is used is kept: no module of ours exists for what it does when it is loaded. */
const withoutSideEffects = {
  name: 'without-side-effects',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\.?\// }, async ({ path, pluginData, ...from }) => {
      if (pluginData === withoutSideEffects) return undefined;
      const { importer, namespace, resolveDir, kind } = from;
      const options = { importer, namespace, resolveDir, kind, pluginData: withoutSideEffects };
      const found = await esbuild.resolve(path, options);
      const isOurs = /[\\/]src[\\/]/.test(found.path) && !found.path.includes('node_modules');
      return isOurs ? { ...found, sideEffects: false } : found;
    });
  },
};

/**
 * A script cannot import; and importing would make Node.js list every export of its modules. What a module
 * imports is looked up when it is first used, since loading `net` or `crypto` takes longer than most
 * commands do; what the bundler makes of an import inherits from what is exported here.
 */
const seldom = ['child_process', 'fs/promises', 'perf_hooks', 'readline', 'readline/promises'];
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
      contents: seldom.includes(path)
        ? `
        const real = () => process.getBuiltinModule(${JSON.stringify(path)});
        module.exports = new Proxy({}, {
          get: (_, key) => (key === '__esModule' ? undefined : real()[key]),
          has: (_, key) => key in real(),
          ownKeys: () => Reflect.ownKeys(real()),
          getOwnPropertyDescriptor: (_, key) => ({
            ...Object.getOwnPropertyDescriptor(real(), key),
            configurable: true,
          }),
        });`
        : `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
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
    const wholesale = (parts) => parts.map((part) => `export * from '@oclif/core/${part}';`);
    const command = [
      "export * as Args from '@oclif/core/args';",
      "export * as Flags from '@oclif/core/flags';",
      ...wholesale(['command', 'config', 'settings']),
    ];
    // It looks for settings in files of other names, where package.json has none; it loads `fs/promises`.
    const lilconfig = ['export const lilconfig = undefined;'];
    const contents = { command, help: wholesale(['config', 'help']), lilconfig };
    esbuild.onResolve({ filter: /^lilconfig$/ }, ({ path }) => ({ path, namespace: 'slim' }));
    esbuild.onResolve({ filter: /^@oclif\/core$/ }, ({ importer }) => ({
      path: /[\\/]run[\\/]help\.ts$/.test(importer) ? 'help' : 'command',
      namespace: 'slim',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'slim' }, ({ path }) => ({
      contents: contents[path].join('\n'),
      resolveDir: root,
    }));
  },
};

/** All of the scripts. `metafile` is esbuild's description of the same code as modules. */
export async function buildScripts(outdir, external, metafile) {
  await Promise.all([
    buildFast(outdir, 'decode', external, decodeLines()),
    buildFast(outdir, 'completion', external, [
      ['completion', '--query', '--', 'stream', ''],
      ['completion', 'bash'],
    ]),
    buildAll(outdir, external, partsOf(metafile)),
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
async function buildAll(outdir, external, parts) {
  await buildScript(outdir, 'all', {
    external,
    stdin: { contents: await scriptEntry(parts), resolveDir: root, loader: 'ts' },
    splitting: true,
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [builtins, slimFramework, laterImports(parts)],
  });
  const lines = [
    ['version'],
    ['config', 'path'],
    ['stream', 'list'],
    ['stream', 'list', '--bogus'],
    ['stream', 'list', '--help'],
    [],
    ['cluster', 'list'],
  ];
  const manifest = JSON.stringify(new URL('package.json', `file://${root}/`).href);
  warmUp(
    outdir,
    'all',
    `for (const line of ${JSON.stringify(lines)}) await m.warmUp(line, ${manifest});`,
  );
}

async function buildScript(outdir, entry, options) {
  const bin = join(outdir, 'bin');
  const { outputFiles } = await build({
    absWorkingDir: root,
    outdir: bin,
    chunkNames: `${entry}-[name]-[hash]`,
    write: false,
    bundle: true,
    format: 'esm',
    ...target,
    logLevel: 'warning',
    define: { 'import.meta.url': '__url' },
    ...options,
  });
  await mkdir(bin, { recursive: true });
  const names = [];
  for (const { path, text } of outputFiles) {
    const name = basename(path, '.js').replace(/^(stdin|.*-entry)$/, entry);
    names.push(name);
    await writeFile(join(bin, `${name}.script`), await scriptOf(text));
  }
  await writeFile(join(bin, `${entry}.cjs`), loaderOf(entry, names));
}

/** The module as an expression: a function with the parameters of a CommonJS module. */
async function scriptOf(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    ...target,
    // Then `import()` is a call of `require`.
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    logLevel: 'warning',
  });
  // The getters of a thousand exports need no copy.
  const exported = code.replace(/\bmodule\.exports=__toCommonJS\((\w+)\)/, 'module.exports=$1');
  if (exported === code) throw new Error('esbuild exports in a way not known here');
  const url = "const __url=require('node:url').pathToFileURL(__filename).href;";
  return `((require,module,exports,__filename,__dirname)=>{${code.includes('__url') ? url : ''}${exported}\n})`;
}

/** Runs something of everything, and keeps the code that V8 compiled for it. */
function warmUp(outdir, name, work) {
  const program = `
    const bin = ${JSON.stringify(join(outdir, 'bin'))};
    const loader = require(${JSON.stringify(join(outdir, 'bin', `${name}.cjs`))});
    (async () => {
      const m = loader.load();
      ${work}
      for (const [name, data] of loader.createCaches())
        require('node:fs').writeFileSync(require('node:path').join(bin, name + '.cache'), data);
      process.exit(0);
    })();
  `;
  execFileSync(process.execPath, ['-e', program], {
    // What the commands say is of interest only if one of them ends the program: then it is in the error.
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { NO_COLOR: '1', IGGYCTL_BUILD: '1', HOME: outdir },
  });
}
