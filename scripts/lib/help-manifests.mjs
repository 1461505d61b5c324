import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './files.mjs';

/**
 * Writes dist/help/TOPIC, a package of the commands of one topic as the framework reads them, so that help
 * has not to read the manifest of all.
 */
export async function writeHelpManifests(stage) {
  const manifest = JSON.parse(await readFile(join(stage, 'oclif.manifest.json'), 'utf8'));
  const { name, version, oclif } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const topics = new Map();
  for (const [id, command] of Object.entries(manifest.commands)) {
    const [topic] = id.split(':');
    topics.set(topic, { ...topics.get(topic), [id]: command });
  }
  for (const [topic, commands] of topics) {
    const folder = join(stage, 'dist/help', topic);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version, oclif }));
    await writeFile(join(folder, 'oclif.manifest.json'), JSON.stringify({ version, commands }));
  }
}
