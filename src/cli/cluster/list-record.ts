import type { FoundCluster } from '../../cluster/index.js';
import { type Column, humanDuration, type Row, type Tone } from '../../render/index.js';
import type { Places } from '../config/places.js';
import { JsonFields } from './json-fields.js';
import { openLocalCluster } from './local-clusters.js';

/** One local cluster of this user. */
export type ClusterRecord = {
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'ready' | 'starting' | 'stopped' | 'dead';
  readonly nodes: number;
  readonly ports: readonly number[];
  readonly data_dir: string | null;
  readonly uptime_us: number | null;
};

/** What is known of a cluster from its files alone. */
export function clusterRecord(
  { name, state, ready }: FoundCluster,
  uptimeMicros: number | null = null,
): ClusterRecord {
  return {
    name,
    pid: state === 'dead' ? null : (ready?.pid ?? null),
    state,
    nodes: ready?.nodes.length ?? 0,
    ports: ready?.nodes.map(({ tcp }) => tcp) ?? [],
    data_dir: ready?.data_dir ?? null,
    uptime_us: uptimeMicros,
  };
}

/** The same with the uptime of its oldest node, if the cluster answers. */
export async function clusterRecordLive(
  places: Places,
  found: FoundCluster,
): Promise<ClusterRecord> {
  if (found.state !== 'ready') return clusterRecord(found);
  try {
    const { control } = await openLocalCluster(places, found.name);
    const status = new JsonFields(await control.call('status'));
    control.close();
    const uptimes = status.fieldsList('nodes').map((node) => node.number('uptimeMillis') ?? 0);
    return clusterRecord(found, Math.round(Math.max(0, ...uptimes) * 1000));
  } catch {
    return clusterRecord(found);
  }
}

/** Columns of `cluster list`. */
export const clusterColumns: readonly Column[] = [
  { key: 'name', title: 'Name' },
  { key: 'pid', title: 'Pid', align: 'right' },
  { key: 'state', title: 'State' },
  { key: 'nodes', title: 'Nodes', align: 'right' },
  { key: 'ports', title: 'Ports' },
  { key: 'data_dir', title: 'Data' },
  { key: 'uptime_us', title: 'Uptime', align: 'right' },
];

const tones: Readonly<Record<ClusterRecord['state'], Tone>> = {
  ready: 'ok',
  starting: 'warn',
  stopped: 'plain',
  dead: 'bad',
};

export function clusterRow(record: ClusterRecord): Row {
  const { state, ports, data_dir: dataDir, uptime_us: uptime } = record;
  const isMemory = dataDir === null && state === 'ready';
  return {
    name: record.name,
    pid: record.pid,
    state: { text: state, tone: tones[state] },
    nodes: record.nodes,
    ports: ports.length === 0 ? null : ports.join(' '),
    uptime_us: uptime === null ? null : humanDuration(uptime),
    data_dir: isMemory ? 'in memory' : dataDir,
  };
}
