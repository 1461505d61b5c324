import type { IggyClient } from '../../client/index.js';
import { clusterNodeRole, clusterNodeStatus } from '../../wire/index.js';
import type { Fields } from '../output/result.js';

/** One look at a server. */
export interface TopLook {
  readonly atMillis: number;
  readonly node: string;
  readonly version: string;
  readonly hostname: string;
  readonly cpu: number;
  readonly memory: bigint;
  readonly runTimeMicros: bigint;
  readonly clients: number;
  readonly messages: bigint;
  readonly nodes: readonly Fields[];
  readonly streams: readonly TopStream[];
}

interface TopStream {
  readonly [key: string]: string | number | bigint;
  readonly id: number;
  readonly name: string;
  readonly topics_count: number;
  readonly messages_count: bigint;
  readonly size_bytes: bigint;
}

/** Looks at the node that answers, and at what it says of the cluster. */
export async function lookAt(client: IggyClient, signal: AbortSignal): Promise<TopLook> {
  const stats = await client.system.stats({ signal });
  const streams = await client.streams.list({ signal });
  const nodes = await rosterOf(client, signal);
  const { endpoint } = client.session;
  return {
    atMillis: performance.now(),
    node: endpoint === undefined ? '' : `${endpoint.host}:${endpoint.port}`,
    version: stats.iggy_server_version,
    hostname: stats.hostname,
    cpu: stats.cpu_usage,
    memory: stats.memory_usage,
    runTimeMicros: stats.run_time,
    clients: stats.clients_count,
    messages: stats.messages_count,
    nodes,
    streams: streams.map((each) => ({
      ...{ id: each.id, name: each.name, topics_count: each.topics_count },
      ...{ messages_count: each.messages_count, size_bytes: each.size_bytes },
    })),
  };
}

/** The roster, or nothing where the user may not see it. */
async function rosterOf(client: IggyClient, signal: AbortSignal): Promise<readonly Fields[]> {
  try {
    const { nodes } = await client.system.clusterMetadata({ signal });
    return nodes.map(({ name, ip, tcp, role, status }) => ({
      ...{ name, address: `${ip}:${tcp}` },
      ...{
        role: nameOf(clusterNodeRole.table, role),
        status: nameOf(clusterNodeStatus.table, status),
      },
    }));
  } catch {
    return [];
  }
}

function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(table).find(([, each]) => each === value)?.[0] ?? String(value);
}
