import type { IggyClient } from '../../client/index.js';
import { metadataFields } from '../cluster-metadata.js';
import { reportOf } from '../output/report-error.js';
import { type HealthRules, judged, type NodeRecord, type StatusRecord } from './status-record.js';

type Announced = ReturnType<typeof metadataFields>['nodes'][number];

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
  const nodes = await Promise.all(announced.map((node, id) => look(node, id, open)));
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

async function look(
  { ip, endpoints, role, status }: Announced,
  id: number,
  open: (server: string) => Promise<IggyClient>,
): Promise<NodeRecord> {
  const address = `${ip}:${endpoints.tcp}`;
  // The keys stand in the order that the record has everywhere.
  const record = (
    seen: Pick<NodeRecord, 'reachable' | 'status' | 'rtt_us' | 'error'>,
  ): NodeRecord => ({
    ...{ id, address, reachable: seen.reachable },
    ...{ role: role === 'leader' ? 'primary' : 'backup', status: seen.status },
    ...{ view: null, log_view: null, commit: null, op: null, lag: null, pipeline: null },
    ...{ checkpoint_op: null, uptime_us: null, rtt_us: seen.rtt_us, error: seen.error },
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
