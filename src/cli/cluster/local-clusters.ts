import { basename, dirname } from 'node:path';
import {
  ControlClient,
  ControlError,
  type FoundCluster,
  findCluster,
  findClusters,
} from '../../cluster/index.js';
import { CliError, usageError } from '../cli-error.js';
import type { Places } from '../config/places.js';

/** Name of a cluster that nobody named. */
export const defaultClusterName = 'dev';

/** Names the cluster that `cluster run` started around a command. */
export const clusterVariable = 'IGGYCTL_CLUSTER';

/** A cluster that runs, and a way to talk to it. */
export interface OpenCluster {
  readonly found: FoundCluster;
  readonly control: ControlClient;
}

/** A name that is safe as a folder. @throws CliError E_USAGE */
export function checkClusterName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) return name;
  throw usageError(
    `"${name}" is not a cluster name; use letters, digits, - and _, at most 63 of them`,
  );
}

/** Every cluster of this user that runs, starts, or died without cleaning up, by name. */
export function listLocalClusters(places: Places): readonly FoundCluster[] {
  const run = places.clusterRun('x');
  const isNested = basename(run) === 'run';
  return isNested ? findClusters(dirname(dirname(run)), 'run') : findClusters(dirname(run));
}

/** The cluster of this name, dead or alive. @throws CliError E_NOT_FOUND */
export function findLocalCluster(places: Places, name: string): FoundCluster {
  const found = findCluster(checkClusterName(name), places.clusterRun(name));
  if (found !== undefined) return found;
  const others = listLocalClusters(places).filter(({ state }) => state !== 'dead');
  const running = others.map((each) => each.name).join(', ');
  throw new CliError(
    'E_NOT_FOUND',
    `there is no local cluster ${name}${running === '' ? '' : `; running: ${running}`}`,
    { hint: hintFor(name, others) },
  );
}

/** The one that runs is more likely meant than a new one. */
function hintFor(name: string, others: readonly FoundCluster[]): string {
  const [other] = others;
  if (other !== undefined && others.length === 1) return `iggyctl cluster status ${other.name}`;
  return name === defaultClusterName ? 'iggyctl cluster up' : `iggyctl cluster up ${name}`;
}

/** Connects to the cluster of this name. @throws CliError E_NOT_FOUND when it does not run */
export async function openLocalCluster(places: Places, name: string): Promise<OpenCluster> {
  const found = findLocalCluster(places, name);
  if (found.state === 'dead') throw deadCluster(name);
  try {
    return { found, control: await ControlClient.connect(found.paths.control) };
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (found.state === 'starting') {
      throw new CliError('E_UNHEALTHY', `the local cluster ${name} is still starting`, {
        hint: `iggyctl cluster wait --local ${name}`,
      });
    }
    throw deadCluster(name);
  }
}

/** Runs `use` with a connection that is closed afterwards. */
export async function withLocalCluster<T>(
  places: Places,
  name: string,
  use: (open: OpenCluster) => Promise<T>,
): Promise<T> {
  const open = await openLocalCluster(places, name);
  try {
    return await use(open);
  } finally {
    open.control.close();
  }
}

function deadCluster(name: string): CliError {
  return new CliError('E_NOT_FOUND', `the local cluster ${name} died and left its files behind`, {
    hint: `iggyctl cluster up ${name}`,
  });
}
