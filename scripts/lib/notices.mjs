import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './files.mjs';

/** Writes name, version and licence text of every npm package whose code is in the bundle. */
export async function writeNotices(metafile, target) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  const sections = [];
  for (const folder of [...packages].sort()) {
    const manifest = join(root, folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const { name, version, license } = JSON.parse(await readFile(manifest, 'utf8'));
    const files = await readdir(join(root, folder));
    const file = files.find((each) => /^licen[cs]e/i.test(each));
    const text = file ? await readFile(join(root, folder, file), 'utf8') : '';
    sections.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  const heading = 'The command line of iggyctl contains code of these packages.\n';
  await writeFile(target, [heading, ...sections].join(`\n${'-'.repeat(80)}\n\n`));
}
