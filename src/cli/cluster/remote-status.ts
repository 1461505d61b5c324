import { isIggyctlError } from '../../base/index.js';
import type { IggyClient } from '../../client/index.js';
import { metadataFields } from '../cluster-metadata.js';
import { reportOf } from '../output/report-error.js';
import { type HealthRules, judged, type NodeRecord, type StatusRecord } from './status-record.js';

/**
 * How a cluster is, as its clients can see it: what one node announces, and whether every node
 * answers. What the protocol does not tell is `null`.
 */
export async function remoteStatus(
  client: IggyClient,
  open: (server: string) => Promise<IggyClient>,
  rules: HealthRules,
): Promise<StatusRecord> {
  const { name, nodes: announced } = metadataFields(await client.system.clusterMetadata(), '');
  const known = announced.map(({ ip, endpoints, role, status }) => ({
    address: `${ip}:${endpoints.tcp}`,
    role: role === 'leader' ? 'primary' : 'backup',
    status,
  }));
  return remoteRecord(
    name,
    await Promise.all(known.map((node, id) => look(node, id, open))),
    rules,
  );
}

/**
 * How a cluster is that takes no login, so that no node tells who the others are: which of the
 * servers that are known answer at all.
 */
export async function statusOfServers(
  servers: readonly string[],
  open: (server: string) => Promise<IggyClient>,
  rules: HealthRules,
): Promise<StatusRecord> {
  const nodes = await Promise.all(
    servers.map((address, id) => look({ address, role: 'none', status: 'no login' }, id, open)),
  );
  return remoteRecord(servers.join(','), nodes, rules);
}

/** True when an error says that the cluster decides nothing at present. */
export function saysUndecided(error: unknown): boolean {
  if (!isIggyctlError(error)) return false;
  if (error.code === 'TIMEOUT' || error.code === 'OUTCOME_UNKNOWN') return true;
  const { serverCode } = error.details;
  return serverCode === 57 || serverCode === 58;
}

function remoteRecord(
  name: string,
  nodes: readonly NodeRecord[],
  rules: HealthRules,
): StatusRecord {
  const leader = nodes.find(({ role, reachable }) => role === 'primary' && reachable);
  return judged(
    {
      kind: 'cluster.status',
      v: 1,
      name,
      source: 'remote',
      quorum: {
        need: Math.floor(nodes.length / 2) + 1,
        have: nodes.filter(({ reachable }) => reachable).length,
      },
      view: null,
      primary: leader?.id ?? null,
      nodes,
    },
    rules,
  );
}

interface Known {
  readonly address: string;
  readonly role: string;
  readonly status: string;
}

async function look(
  { address, role, status }: Known,
  id: number,
  open: (server: string) => Promise<IggyClient>,
): Promise<NodeRecord> {
  // The keys stand in the order that the record has everywhere.
  const record = (
    seen: Pick<NodeRecord, 'reachable' | 'status' | 'rtt_us' | 'error'>,
  ): NodeRecord => ({
    ...{ id, address, reachable: seen.reachable },
    ...{ role, status: seen.status },
    ...{ view: null, log_view: null, commit: null, op: null, lag: null, pipeline: null },
    ...{
      checkpoint_op: null,
      partitions_behind: null,
      uptime_us: null,
      rtt_us: seen.rtt_us,
      error: seen.error,
    },
  });
  try {
    const client = await open(address);
    try {
      const start = performance.now();
      await client.ping();
      const rtt = Math.round((performance.now() - start) * 1000);
      return record({ reachable: true, status, rtt_us: rtt, error: null });
    } finally {
      await client.close();
    }
  } catch (error) {
    const { message } = reportOf(error);
    return record({ reachable: false, status: 'unreachable', rtt_us: null, error: message });
  }
}
