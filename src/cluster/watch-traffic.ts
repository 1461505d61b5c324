import { emptyBytes } from '../base/index.js';
import type { ClusterNode } from './cluster-node.js';
import type { ReplicaBus } from './replica-bus.js';
import { endOf, linkEnds, type TrafficTap } from './traffic.js';

/** Hands all bytes between nodes and with clients to `tap`. */
export function watchTraffic(
  nodes: readonly ClusterNode[],
  bus: ReplicaBus,
  nowMicros: () => number,
  tap: TrafficTap,
): void {
  for (const node of nodes) watchClients(node, nowMicros, tap);
  const open = new Set<string>();
  bus.tap((from, to, bytes) => {
    const ends = linkEnds(from, to);
    const link = `${from} ${to}`;
    const timeMicros = nowMicros();
    if (!open.has(link)) tap({ kind: 'open', timeMicros, ...ends, bytes: emptyBytes });
    open.add(link);
    tap({ kind: 'bytes', timeMicros, ...ends, bytes });
  });
}

function watchClients(node: ClusterNode, nowMicros: () => number, tap: TrafficTap): void {
  node.connections.tap = ({ remote, framing, transport, direction, kind, bytes }) => {
    const client = endOf(remote);
    const { tcp, correlated = 0, websocket = 0 } = node.ports;
    const port = transport === 4 ? websocket : framing === 'correlated' ? correlated : tcp;
    // The node is where the client found it, as far as a capture can tell.
    const server = { address: client.address.includes(':') ? '::1' : '127.0.0.1', port };
    const [source, target] = direction === 'in' ? [client, server] : [server, client];
    tap({ kind, timeMicros: nowMicros(), source, target, bytes });
  };
}
