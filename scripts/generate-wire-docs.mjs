// Writes docs/wire.md from the descriptions of the wire layer.
//
//   --check   write nothing; fail if the file is not what would be written
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './lib/files.mjs';
import { renderWireDocs } from './lib/wire-docs.mjs';

const target = join(root, 'docs/wire.md');

/** The wire layer as a module that plain Node.js can load. */
async function loadWire() {
  const folder = await mkdtemp(join(tmpdir(), 'iggyctl-wire-docs-'));
  const outfile = join(folder, 'wire.mjs');
  try {
    await build({
      stdin: {
        contents: "export * from './index.js'; export * from './registry.js';",
        resolveDir: join(root, 'src/wire'),
      },
      banner: {
        js: "import { createRequire as __cr } from 'node:module';const require = __cr(import.meta.url);",
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const text = renderWireDocs(await loadWire());
if (process.argv.includes('--check')) {
  const present = await readFile(target, 'utf8').catch(() => '');
  if (present !== text) {
    console.error('docs/wire.md is stale: run node scripts/generate-wire-docs.mjs');
    process.exitCode = 1;
  }
} else {
  await mkdir(join(root, 'docs'), { recursive: true });
  await writeFile(target, text);
}
