// npm start: builds what changed, then runs a replicated cluster in the foreground.
//
//   npm start                          three replicas on 127.0.0.1:8090 to 8092
//   npm start -- --port-base 0         the same on free ports; any flag of `iggyctl cluster up`
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/files.mjs';

/** Runs a script of this project to its end; gives its exit status. */
function run(...args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches the child by itself, which stops in order; this process must not go first.
  const release = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const pass = () => signal !== 'SIGINT' && child.kill(signal);
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => {
      for (const each of release) each();
      resolve(code ?? 1);
    });
  });
}

// A package that was installed rather than cloned has no sources and is built already.
const built = existsSync(join(root, 'src')) ? await run('scripts/build.mjs', '--if-stale') : 0;
process.exitCode =
  built === 0 ? await run('bin/run.js', 'cluster', 'up', ...process.argv.slice(2)) : built;
