// Starting: what the command line costs before it does anything, against starting Node.js.
//
//   node bench/startup.bench.mjs [PACKAGE-ROOT]
//
// Runs alternate, so that a busy machine slows all alike; the figures to look at are the ratios. Commands
// are chosen to do next to nothing of their own. `npm run build` first. BENCH_ROUNDS sets the rounds.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
const program = join(root, 'bin/run.js');
const rounds = Number(process.env.BENCH_ROUNDS ?? 30);
const frame = '0e0000000100000007000000000000006869';
const home = mkdtempSync(join(tmpdir(), 'iggyctl-bench-'));

/** What is run, and the most it may cost. */
const rows = [
  { name: 'node -e 0', args: ['-e', '0'], goal: 1 },
  { name: '--version', args: [program, '--version'], goal: 1.15 },
  { name: 'decode FRAME', args: [program, 'decode', frame], goal: 1.5 },
  { name: 'decode --json FRAME', args: [program, 'decode', '--json', frame], goal: 1.5 },
  { name: 'version', args: [program, 'version'], goal: 2.1 },
  { name: 'config path', args: [program, 'config', 'path'], goal: 2.1 },
  { name: 'context list', args: [program, 'context', 'list'], goal: 2.1 },
  { name: 'stream list (no credentials)', args: [program, 'stream', 'list'], goal: 2.1 },
  { name: 'stream list --help', args: [program, 'stream', 'list', '--help'], goal: 2.1 },
  { name: '(no arguments)', args: [program], goal: 2.1 },
];

const env = { PATH: process.env.PATH, HOME: home };
const times = rows.map(() => []);
for (let round = -2; round < rounds; round++) {
  rows.forEach(({ args }, at) => {
    const started = performance.now();
    spawnSync(process.execPath, args, { stdio: 'ignore', env });
    if (round >= 0) times[at].push(performance.now() - started);
  });
}
rmSync(home, { recursive: true, force: true });

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const base = { median: median(times[0]), least: Math.min(...times[0]) };
const load = loadavg()[0].toFixed(1);
console.log(`${rounds} rounds, Node.js ${process.version}, load average ${load}`);
console.log('                               median    ratio   of minima    goal');
rows.forEach(({ name, goal }, at) => {
  const middle = median(times[at]);
  console.log(
    `${name.padEnd(28)} ${middle.toFixed(1).padStart(6)} ms` +
      `${(middle / base.median).toFixed(2).padStart(8)}x` +
      `${(Math.min(...times[at]) / base.least).toFixed(2).padStart(10)}x` +
      `${goal.toFixed(2).padStart(8)}`,
  );
});
