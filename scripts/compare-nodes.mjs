// Runs the same seeds with several Node.js programs and compares their trace hashes. Ends with 1 when
// they differ.
//
//   node scripts/compare-nodes.mjs [--runs N] [--seed-start N] [--ticks N] NODE…     after npm run build
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '20' },
    'seed-start': { type: 'string', default: '1' },
    ticks: { type: 'string', default: '5000' },
  },
});

function hashesOf(program) {
  const flags = ['--runs', values.runs, '--seed-start', values['seed-start'], '--jobs', '1'];
  const words = ['simulate', 'run', ...flags, '--ticks', values.ticks, '--check', 'none', '--json'];
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 };
  const { stdout } = spawnSync(program, [join(root, 'bin/run.js'), ...words], options);
  const records = (stdout ?? '').split('\n').filter((line) => line.includes('"trace_hash"'));
  return records.map((line) => JSON.parse(line)).map(({ seed, trace_hash: hash }) => [seed, hash]);
}

const expected = hashesOf(process.execPath);
let differing = expected.length === Number(values.runs) ? 0 : 1;
console.log(`${process.version}: ${expected.length} runs`);
for (const program of positionals) {
  const found = new Map(hashesOf(program));
  const unlike = expected.filter(([seed, hash]) => found.get(seed) !== hash).map(([seed]) => seed);
  console.log(
    `${program}: ${unlike.length === 0 ? 'equal' : `differs at seeds ${unlike.join(', ')}`}`,
  );
  differing += unlike.length;
}
process.exitCode = differing === 0 ? 0 : 1;
