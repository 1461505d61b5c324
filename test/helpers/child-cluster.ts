import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { build } from 'esbuild';
import type { LocalClusterOptions, ReadyRecord } from '../../src/cluster/index.js';

const program = fileURLToPath(new URL('../../.cache/test/child-cluster.mjs', import.meta.url));
let built: Promise<unknown> | undefined;

/** Bundles the program once per worker; it stays below the project, where its packages are found. */
function buildProgram(): Promise<unknown> {
  built ??= bundleProgram();
  return built;
}

/** Put in place when it is whole: another worker may be starting it. */
async function bundleProgram(): Promise<void> {
  const outfile = `${program}.${process.pid}-${threadId}`;
  await build({
    entryPoints: [fileURLToPath(new URL('./child-cluster.program.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  await rename(outfile, program);
}

/** A local cluster in a process of its own, which can be killed for real. */
export class ChildCluster {
  readonly ready: ReadyRecord;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: ReadyRecord) {
    this.#child = child;
    this.ready = ready;
  }

  /** @param descriptors how many files the process may have open; absent = as many as this one */
  static async start(
    options: Omit<LocalClusterOptions, 'seed'>,
    descriptors?: number,
  ): Promise<ChildCluster> {
    await buildProgram();
    const command = [process.execPath, program, JSON.stringify(options)];
    const limited = ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...command];
    const [file = '', ...args] = descriptors === undefined ? command : limited;
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const first = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the cluster ended with ${code} before it was ready`);
      }),
    ]);
    return new ChildCluster(child, JSON.parse(String(first[0])) as ReadyRecord);
  }

  port(node: number): number {
    return this.ready.nodes[node]?.tcp ?? 0;
  }

  /** SIGKILL: nothing is flushed, no handler runs. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exit;
  }
}
