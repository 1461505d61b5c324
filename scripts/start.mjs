// npm start: a local cluster with its defaults.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/files.mjs';

function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

if (!existsSync(join(root, 'dist'))) {
  const built = node('scripts/build.mjs');
  if (built !== 0) process.exit(built);
}
process.exitCode = node('bin/run.js', 'cluster', 'up', ...process.argv.slice(2));
