// npm test: build, checks, tests. Every part runs even if an earlier one failed, and the last line says
// `N passed, N failed`, in which a failed check counts as one.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './lib/files.mjs';

function node(script, args, env = {}) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  return status ?? 255;
}

if (node('scripts/build.mjs', ['--if-stale']) !== 0) {
  console.log('\n0 passed, 1 failed');
  process.exit(1);
}
const failedChecks = node('scripts/check.mjs', []);
const tests = node('node_modules/vitest/vitest.mjs', ['run', ...process.argv.slice(2)], {
  IGGYCTL_FAILED_CHECKS: String(failedChecks),
});
// The reporter of the tests prints the last line, unless the run was killed before it could.
if (tests > 1) console.log(`\n0 passed, ${failedChecks + 1} failed`);
process.exitCode = failedChecks > 0 || tests !== 0 ? 1 : 0;
