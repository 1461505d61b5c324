import { rmSync } from 'node:fs';
import { ControlError, type FoundCluster, findCluster, pruneCluster } from '../../cluster/index.js';
import { CliError } from '../cli-error.js';
import type { Places } from '../config/places.js';
import { ioError } from '../config/private-file.js';
import { type ClusterRecord, clusterRecord } from './list-record.js';
import { openLocalCluster } from './local-clusters.js';

/** How a cluster is stopped. */
export interface StopOptions {
  readonly timeoutMillis: number;
  /** Kill the process instead of asking it. */
  readonly force: boolean;
  /** Remove its data afterwards. */
  readonly purge: boolean;
}

/** A stopped cluster, and how long that took. */
export type StoppedCluster = ClusterRecord & {
  readonly took_us: number;
};

const lookMillis = 20;

/** Stops a cluster and waits until its process has let go. @throws CliError E_TIMEOUT, E_IO */
export async function stopCluster(
  places: Places,
  found: FoundCluster,
  options: StopOptions,
): Promise<StoppedCluster> {
  const start = performance.now();
  const pid = found.ready?.pid;
  if (found.state !== 'dead') {
    if (options.force) killNow(found);
    else await ask(places, found);
    await gone(found, options.timeoutMillis);
  }
  const left = findCluster(found.name, found.paths.directory);
  if (left !== undefined) pruneCluster(left);
  if (options.purge) purgeData(places, found);
  const took = Math.round((performance.now() - start) * 1000);
  return { ...clusterRecord(found), pid: pid ?? null, state: 'stopped', took_us: took };
}

/** Directory with the data of a cluster, or nothing when all is in memory. */
export function dataOf(places: Places, { name, ready }: FoundCluster): string | undefined {
  return ready === undefined ? places.clusterData(name) : (ready.data_dir ?? undefined);
}

async function ask(places: Places, found: FoundCluster): Promise<void> {
  try {
    const { control } = await openLocalCluster(places, found.name);
    try {
      await control.call('down');
    } finally {
      control.close();
    }
  } catch (error) {
    // It may end before it answers, or not listen yet.
    if (error instanceof ControlError) return;
    if (found.state !== 'starting') throw error;
    signal(found, 'SIGTERM');
  }
}

function killNow(found: FoundCluster): void {
  signal(found, 'SIGKILL');
}

function signal({ ready, name }: FoundCluster, kind: NodeJS.Signals): void {
  if (ready === undefined) {
    throw new CliError('E_UNHEALTHY', `the cluster ${name} is still starting; try again`);
  }
  try {
    process.kill(ready.pid, kind);
  } catch {
    // Gone already.
  }
}

async function gone({ name, paths, ready }: FoundCluster, timeoutMillis: number): Promise<void> {
  const end = performance.now() + timeoutMillis;
  for (;;) {
    const left = findCluster(name, paths.directory);
    if (left === undefined || left.state === 'dead' || left.ready?.pid !== ready?.pid) return;
    if (performance.now() > end) {
      throw new CliError('E_TIMEOUT', `the cluster ${name} did not stop in time`, {
        hint: `iggyctl cluster down ${name} --force`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, lookMillis));
  }
}

function purgeData(places: Places, found: FoundCluster): void {
  const directory = dataOf(places, found);
  if (directory === undefined) return;
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    throw ioError('remove', directory, error);
  }
}
