// Builds the package.
//
//   dist/index.js, dist/<layer>/   the SDK: what src/index.ts reaches, as tsc writes it, with types
//   dist/commands/, dist/bin/      the command line: bundled, split, one entry per command file
//   dist/bin/NAME.*                the same again as scripts that start sooner: lib/script-bundle.mjs
//   dist/workers/                  one entry per src/**/*.worker.ts
//   oclif.manifest.json            last, from the built commands
//
// All of it is made in a staging directory and moved into place at the end, so that a running command
// or test never sees half a build.
//
//   --if-stale   do nothing if the inputs are those of the last build
//   --mutants    build into dist-mutants/, every X.ts replaced by its X.mutants.ts where there is one,
//                and the faults of lib/mutants.mjs planted
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { entry } from './lib/command-table.mjs';
import { writeCompletionTree } from './lib/completion-tree.mjs';
import { filesUnder, root } from './lib/files.mjs';
import { writeHelpManifests } from './lib/help-manifests.mjs';
import { writeManifest } from './lib/manifest.mjs';
import { plantMutants } from './lib/mutant-bundle.mjs';
import { writeNotices } from './lib/notices.mjs';
import { buildScripts } from './lib/script-bundle.mjs';

const mutants = process.argv.includes('--mutants');
const stampFile = join(root, mutants ? 'dist-mutants/dist/.stamp' : 'dist/.stamp');

/** oclif is CommonJS and expects these names, which an ES module does not have. */
const banner = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __pathDirname } from 'node:path';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);`;

/** Never bundled: compilers that oclif loads only in development, native code, optional accelerators. */
const external = [
  'typescript',
  'ts-node',
  'tsx',
  '@napi-rs/keyring',
  'bufferutil',
  'utf-8-validate',
];

async function inputHash() {
  const sources = await filesUnder('src', '.ts');
  const rest = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.sdk.json'];
  const hash = createHash('sha256');
  for (const file of [...sources, ...(await filesUnder('scripts', '.mjs')), ...rest].sort()) {
    hash.update(`${file}\0`).update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}

function entryPoints(sources) {
  const entries = {};
  for (const file of sources) {
    const name = file.slice('src/'.length, -'.ts'.length);
    if (name.startsWith('commands/')) entries[name] = file;
    else if (name.endsWith('.worker')) entries[`workers/${basename(name)}`] = file;
  }
  entries['bin/main'] = 'iggyctl-entry';
  return entries;
}

async function bundle(outdir) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entryPoints(await filesUnder('src', '.ts')),
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.17',
    sourcemap: true,
    sourcesContent: false,
    banner: { js: banner },
    external,
    metafile: true,
    logLevel: 'warning',
    plugins: mutants ? [entry, plantMutants] : [entry],
  });
  await writeNotices(metafile, join(outdir, 'THIRD-PARTY-NOTICES.txt'));
  if (!mutants) await buildScripts(outdir, external, metafile);
}

function emitSdk(outdir) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.sdk.json', '--outDir', outdir], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`tsc ended with ${code}`)),
    );
  });
}

/** What oclif reads of a package; the test build is none, so it names no files of one. */
async function writePackage(stage) {
  if (!mutants) return cp(join(root, 'package.json'), join(stage, 'package.json'));
  const { name, version, type, oclif } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  const text = `${JSON.stringify({ name, version, private: true, type, oclif }, undefined, 2)}\n`;
  return writeFile(join(stage, 'package.json'), text);
}

/** Moves a finished build into place; the last one is kept out of the way until then. */
async function replace(from, to) {
  const old = `${to}.old-${process.pid}`;
  if (existsSync(to)) await rename(to, old);
  await rename(from, to);
  await rm(old, { recursive: true, force: true });
}

/** A package has no repository to ask; outside of one there is nothing to note. */
async function noteCommit(dist) {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], options).trim();
    await writeFile(join(dist, 'commit'), `${commit}\n`);
  } catch {
    await rm(join(dist, 'commit'), { force: true });
  }
}

async function main() {
  const stamp = await inputHash();
  if (process.argv.includes('--if-stale') && existsSync(stampFile)) {
    if ((await readFile(stampFile, 'utf8')) === stamp) return await noteCommit(dirname(stampFile));
  }
  const started = performance.now();
  const stage = join(root, `.cache/build-${process.pid}`);
  await mkdir(join(stage, 'dist'), { recursive: true });
  try {
    await writePackage(stage);
    const dist = join(stage, 'dist');
    await Promise.all([bundle(dist), ...(mutants ? [] : [emitSdk(dist)])]);
    const count = await writeManifest(stage);
    await writeCompletionTree(stage);
    await writeHelpManifests(stage);
    await writeFile(join(dist, '.stamp'), stamp);
    if (mutants) {
      await replace(stage, join(root, 'dist-mutants'));
    } else {
      await noteCommit(dist);
      await replace(dist, join(root, 'dist'));
      await rename(join(stage, 'oclif.manifest.json'), join(root, 'oclif.manifest.json'));
    }
    console.log(
      `built ${count} commands in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

await main();
