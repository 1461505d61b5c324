import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes dist/help/TOPIC.json, what the manifest says of the commands of one topic, so that help has not to
 * read what it says of all.
 */
export async function writeHelpManifests(stage) {
  const manifest = JSON.parse(await readFile(join(stage, 'oclif.manifest.json'), 'utf8'));
  const topics = new Map();
  for (const [id, command] of Object.entries(manifest.commands)) {
    const [topic] = id.split(':');
    topics.set(topic, { ...topics.get(topic), [id]: command });
  }
  const folder = join(stage, 'dist/help');
  await mkdir(folder, { recursive: true });
  for (const [topic, commands] of topics) {
    await writeFile(join(folder, `${topic}.json`), JSON.stringify({ commands }));
  }
}
