// Runs the benchmarks, one process each, one after the other.
//
//   node scripts/bench.mjs [NAME ...]     only those whose file name contains one of the words
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { filesUnder, root } from './lib/files.mjs';

const wanted = process.argv.slice(2);
const files = (await filesUnder('bench', '.bench.mjs')).filter(
  (file) => wanted.length === 0 || wanted.some((word) => file.includes(word)),
);
if (files.length === 0) console.log('no benchmark of that name');
for (const file of files) {
  console.log(`\n${file}`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', join(root, file)], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
