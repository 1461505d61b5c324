import type { RosterConfig, RosterNode } from '../server/index.js';
import type { NodePorts } from './node-listeners.js';
import type { ClusterSettings } from './settings.js';

const upstreamTcpPort = 8090;
/** What upstream announces on its default ports, whether or not something listens there. */
const upstreamPorts = { quic: 8080, http: 3000, websocket: 8092 } as const;

/**
 * What the cluster announces to its clients. A lone node on upstream's default port announces
 * upstream's default ports, as the official tests expect; everything else announces what is bound.
 * @source Iggy cluster metadata
 */
export function rosterOf(cluster: {
  readonly name: string;
  readonly host: string;
  readonly portBase: number;
  readonly ports: readonly NodePorts[];
  readonly settings: ClusterSettings;
}): RosterConfig {
  const { name, host, ports, settings } = cluster;
  const isAlone = ports.length === 1;
  const isLikeUpstream = isAlone && cluster.portBase === upstreamTcpPort;
  const advertisedHost = settings.text('advertise.host');
  const announced = (kind: 'tcp' | 'quic' | 'http' | 'websocket', index: number, bound: number) => {
    const base = settings.port(`advertise.${kind}`);
    return base === undefined ? bound : base === 0 ? 0 : base + index;
  };
  const nodes = ports.map((bound, index): RosterNode => {
    const unset = isLikeUpstream ? upstreamPorts : { quic: 0, http: 0, websocket: 0 };
    return {
      name: isAlone ? 'iggy-node' : `node-${index}`,
      replica: index,
      host,
      ...(advertisedHost !== '' && { advertisedHost }),
      tcp: announced('tcp', index, bound.tcp),
      quic: announced('quic', index, unset.quic),
      http: announced('http', index, unset.http),
      websocket: announced('websocket', index, bound.websocket ?? unset.websocket),
    };
  });
  return { clusterName: isAlone ? 'single-node' : name, nodes };
}
