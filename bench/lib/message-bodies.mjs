// Request bodies for raw clients, by the encoders of the sources.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { cache } from './cluster-process.mjs';

export async function messageBodies() {
  const outfile = join(cache, 'message-body.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./message-body.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['hash-wasm', '@msgpack/msgpack'],
    logLevel: 'warning',
  });
  return await import(outfile);
}
