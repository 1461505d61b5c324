import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Plugin } from '@oclif/core';

/**
 * Writes oclif.manifest.json for the built commands below a package root, and returns their number.
 * Uses oclif's own loader rather than its command line, which looks for updates on the network.
 */
export async function writeManifest(packageRoot) {
  const plugin = new Plugin({
    errorOnManifestCreate: true,
    ignoreManifest: true,
    respectNoCacheDefault: true,
    root: packageRoot,
    type: 'core',
  });
  await plugin.load();
  const { manifest } = plugin;
  const commands = Object.fromEntries(
    Object.entries(manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const text = JSON.stringify({ ...manifest, commands });
  await writeFile(join(packageRoot, 'oclif.manifest.json'), `${text}\n`);
  return Object.keys(commands).length;
}
