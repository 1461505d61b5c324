// Starts a local cluster in a process of its own, from the sources, and talks to it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const cache = join(root, '.cache/bench');
const program = join(cache, 'cluster.mjs');

const source = `
import { LocalCluster } from ${JSON.stringify(join(root, 'src/cluster/index.ts'))};
const cluster = await LocalCluster.start(JSON.parse(process.argv[2])).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
process.stdout.write(JSON.stringify(cluster.readyRecord()) + '\\n');
process.on('SIGTERM', () => cluster.stop().then(() => process.exit(0)));
`;

export async function buildCluster() {
  mkdirSync(cache, { recursive: true });
  await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.17',
    external: ['ws', 'hash-wasm', '@msgpack/msgpack'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** A directory for durable clusters, on the disk of the project. */
export function dataDirectory() {
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'data-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export async function startCluster(options, nodeFlags = []) {
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  const ready = JSON.parse(line);
  const end = async (signal) => {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return {
    ready,
    readyMillis: performance.now() - started,
    port: ready.nodes[ready.primary].tcp,
    /** CPU seconds and resident bytes so far. Exact times: those of `stat` are sampled. */
    usage() {
      let nanos = 0;
      for (const thread of readdirSync(`/proc/${child.pid}/task`)) {
        const schedule = readFileSync(`/proc/${child.pid}/task/${thread}/schedstat`, 'utf8');
        nanos += Number(schedule.split(' ')[0]);
      }
      const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      return { cpuSeconds: nanos / 1e9, rss: Number(rss[1]) * 1024 };
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
