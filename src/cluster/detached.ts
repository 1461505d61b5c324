import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectories } from '../platform/index.js';
import { ClusterNotReadyError } from './errors.js';
import { isRunning } from './process-state.js';
import type { ReadyRecord } from './ready-record.js';
import { type RunPaths, readReadyRecord, removeRunFiles, runPathsOf } from './run-directory.js';

/** How often the ready record is looked for. */
const lookMillis = 20;

/** A program that runs a cluster as a service on its own. */
export interface DetachedProgram {
  /** Path of the program, run by this Node.js, and its arguments. */
  readonly args: readonly string[];
  readonly paths: RunPaths;
  readonly waitMillis: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a cluster in a process that outlives this one and has no terminal; resolves with its ready
 * record. What the program prints before it fails is part of the error. @throws CLUSTER_NOT_READY
 */
export async function startDetached(program: DetachedProgram): Promise<ReadyRecord> {
  const { paths } = program;
  makeDirectories(paths.directory);
  const output = join(paths.directory, 'start.log');
  const file = openSync(output, 'w', 0o600);
  const child = spawn(process.execPath, program.args, {
    detached: true,
    stdio: ['ignore', file, file],
    env: { ...process.env, ...program.env },
  });
  closeSync(file);
  let exit: string | undefined;
  child.on('error', (error) => {
    exit = error.message;
  });
  child.on('exit', (code, signal) => {
    exit = `it ended with ${signal ?? code ?? 'no status'}`;
  });
  try {
    return await waitUntilReady(program, () => exit, child.pid);
  } catch (error) {
    if (exit === undefined && child.pid !== undefined) process.kill(child.pid, 'SIGTERM');
    throw error;
  } finally {
    child.unref();
  }
}

async function waitUntilReady(
  { paths, waitMillis }: DetachedProgram,
  exit: () => string | undefined,
  pid: number | undefined,
): Promise<ReadyRecord> {
  const end = performance.now() + waitMillis;
  for (;;) {
    const ready = readReadyRecord(paths);
    if (ready !== undefined && ready.pid === pid) return ready;
    const ended = exit();
    if (ended !== undefined || performance.now() > end) {
      const why = ended ?? `there was no ready record within ${waitMillis} ms`;
      const output = readFileSync(join(paths.directory, 'start.log'), 'utf8').trim();
      throw new ClusterNotReadyError(`the cluster did not start: ${why}`, { output });
    }
    await new Promise((resolve) => setTimeout(resolve, lookMillis));
  }
}

/** A cluster found by its run directory. */
export interface FoundCluster {
  readonly name: string;
  readonly paths: RunPaths;
  /** Absent while it is not ready, or after it died before it was. */
  readonly ready: ReadyRecord | undefined;
  /** `dead`: its process is gone and left its files behind. */
  readonly state: 'ready' | 'starting' | 'dead';
}

/**
 * Clusters below a directory that holds one folder per name, by name. The run files are in the folder
 * or in its sub-folder `subdirectory`.
 */
export function findClusters(directory: string, subdirectory = ''): readonly FoundCluster[] {
  let names: string[] = [];
  try {
    names = readdirSync(directory).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const found = findCluster(name, join(directory, name, subdirectory));
    return found === undefined ? [] : [found];
  });
}

/** The cluster of a run directory, if one runs there or died there. */
export function findCluster(name: string, directory: string): FoundCluster | undefined {
  const paths = runPathsOf(directory);
  let pid = 0;
  try {
    pid = Number.parseInt(readFileSync(paths.pid, 'utf8'), 10);
  } catch {
    return undefined;
  }
  const ready = readReadyRecord(paths);
  const state = !isRunning(pid) ? 'dead' : ready === undefined ? 'starting' : 'ready';
  return { name, paths, ready, state };
}

/** Removes the files that dead clusters left; their data stays. */
export function pruneCluster(found: FoundCluster): void {
  if (found.state === 'dead') removeRunFiles(found.paths);
}
