// Writes docs/commands.md from oclif.manifest.json. `npm run build` first.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandDocs } from './lib/command-docs.mjs';
import { root } from './lib/files.mjs';

const manifest = JSON.parse(await readFile(join(root, 'oclif.manifest.json'), 'utf8'));
await writeFile(join(root, 'docs/commands.md'), `${commandDocs(manifest)}\n`);
