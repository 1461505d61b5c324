// Runs every static check, as many at a time as there are cores, and prints each verdict with its time.
//
//   node scripts/check.mjs [NAME ...]     only the named checks
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/files.mjs';

/** Longest first, so that the last one to end is a short one. */
const checks = {
  eslint: ['eslint', '.', '--max-warnings=0'],
  types: ['tsc', '--noEmit'],
  layers: ['depcruise', 'src', '--config', '.dependency-cruiser.mjs', '--output-type', 'err-long'],
  knip: ['knip', '--no-progress', '--no-config-hints'],
  biome: ['biome', 'check', '--error-on-warnings', '.'],
  publint: ['publint', '--strict', '--pack', 'false'],
};

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => output.push(data));
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code) =>
      resolve({ ok: code === 0, output: Buffer.concat(output).toString() }),
    );
  });
}

async function runCheck(name) {
  const [tool, ...args] = checks[name];
  const started = performance.now();
  const { ok, output } = await run(join(root, 'node_modules/.bin', tool), args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(8)} ${seconds.padStart(5)} s`);
  if (!ok) console.log(output.trimEnd().replace(/^/gm, '      '));
  return ok;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(
    `no such check: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`,
  );
  process.exit(2);
}
const queue = asked.length > 0 ? [...asked] : Object.keys(checks);
let failed = 0;
async function work() {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (!(await runCheck(name))) failed += 1;
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
process.exitCode = failed;
