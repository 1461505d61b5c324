import { array, field, type StructValue, struct, text, u16, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { clusterNodeRole, clusterNodeStatus } from '../primitives/index.js';

const nodeShape = () =>
  ({
    name: field(text(u32), 'Name of the node.'),
    ip: field(text(u32), 'Address or host name clients can reach it at.'),
    tcp: field(u16, 'TCP port; 0 = switched off.'),
    quic: field(u16, 'QUIC port; 0 = switched off.'),
    http: field(u16, 'HTTP port; 0 = switched off.'),
    websocket: field(u16, 'WebSocket port; 0 = switched off.'),
    role: field(clusterNodeRole, 'At most one node leads; none while an election runs.'),
    status: field(clusterNodeStatus, 'The reference server reports every node as healthy.'),
  }) as const;

/** One node of the roster. */
export interface ClusterNode extends StructValue<typeof nodeShape> {}
const clusterNode = struct('ClusterNode', nodeShape);

const shape = () =>
  ({
    name: field(text(u32), 'Name of the cluster.'),
    nodes: field(array(u32, clusterNode), 'All nodes, in roster order.'),
  }) as const;

/** The roster of a cluster. */
export interface ClusterMetadata extends StructValue<typeof shape> {}

/** Reads the roster of the cluster. */
export const getClusterMetadata = command({
  code: 12,
  name: 'get_cluster_metadata',
  dispatchName: 'cluster.metadata',
  permission: 'any logged-in user',
  request: empty,
  response: struct('ClusterMetadata', shape),
});
