import type { ReplicaStatus } from '../consensus/index.js';
import type { NodeHost } from '../host/index.js';
import type { ClusterNode, NodeState } from './cluster-node.js';

/** One node as `cluster status` shows it. */
export interface NodeStatus {
  readonly id: number;
  /** `host:port` of the TCP listener. */
  readonly address: string;
  readonly state: NodeState;
  /** False while the node answers nobody. */
  readonly reachable: boolean;
  readonly role: 'primary' | 'backup' | 'none';
  /** `normal`, `view-change`, `recovering`, or the state of a node that is not running. */
  readonly status: string;
  readonly view?: number;
  readonly logView?: number;
  readonly commit?: number;
  readonly op?: number;
  /** Committed operations that this node has not applied. */
  readonly lag?: number;
  /** Operations in flight. */
  readonly pipeline?: number;
  readonly checkpointOp?: number;
  readonly uptimeMillis?: number;
  readonly connections?: number;
  /** Partitions that are being opened, filled or brought to their present view here. */
  readonly partitionsBehind?: number;
  /** What it does not serve because its files cannot be trusted, in words. */
  readonly refusals?: readonly string[];
  /** Why the node stopped or refuses to start. */
  readonly error?: string;
}

/** A whole cluster as `cluster status` shows it. */
export interface ClusterStatus {
  readonly name: string;
  readonly healthy: boolean;
  /** Why it is not healthy. */
  readonly reasons: readonly string[];
  /** Nodes needed, and nodes that take part. */
  readonly quorum: { readonly need: number; readonly have: number };
  readonly view?: number;
  readonly primary?: number;
  readonly nodes: readonly NodeStatus[];
}

type Slots = NodeHost['partitions']['slots'];
type Slot = Slots extends ReadonlyMap<number, infer Value> ? Value : never;
type Partition = NonNullable<Slot['host']>;

/** Partitions left alone that are named; more of them are counted. */
const namedRefusals = 3;

/** Operations a backup may be behind without being called unhealthy. */
const healthyLag = 64;

function nodeStatusOf(node: ClusterNode, host: string, commitMax: number): NodeStatus {
  const base = {
    id: node.id,
    address: `${host}:${node.ports.tcp}`,
    state: node.state,
    ...(node.error !== undefined && { error: node.error }),
  };
  const live = node.host?.status;
  if (live === undefined) {
    return { ...base, reachable: false, role: 'none', status: node.state };
  }
  const isPaused = node.state === 'paused';
  return {
    ...base,
    reachable: !isPaused,
    role: live.isActingPrimary ? 'primary' : 'backup',
    status: isPaused ? 'paused' : live.status,
    view: live.view,
    logView: live.logView,
    commit: live.commitMin,
    op: live.head,
    lag: Math.max(0, commitMax - live.commitMin),
    pipeline: live.pipelineLength,
    checkpointOp: live.checkpointOp,
    uptimeMillis: node.uptimeMillis,
    connections: node.connections.count,
    partitionsBehind: countBehind(node),
    refusals: refusalsOf(node),
  };
}

function countBehind({ host }: ClusterNode): number {
  let count = 0;
  for (const { state, host: partition } of host?.partitions.slots.values() ?? []) {
    if (state === 'opening' || (partition !== undefined && !isCurrent(partition))) count += 1;
  }
  return count;
}

/** Whether a partition follows the log of its view and needs no state of others. */
function isCurrent({ status, hasRejoined }: Partition): boolean {
  const isWhole = status.transferStage === 'idle' && !status.isFenced && hasRejoined;
  return status.status === 'normal' && isWhole && status.recoveryBarrier === 0;
}

/** What a node does not serve because its files cannot be trusted. */
function refusalsOf({ id, host }: ClusterNode): readonly string[] {
  const refused = host?.partitions.refused ?? [];
  const named = refused.slice(0, namedRefusals).map(({ address, reason = '' }) => {
    const { stream, topic, partition } = address;
    return `node ${id} leaves partition ${stream}/${topic}/${partition} alone: ${reason}`;
  });
  const more = refused.length - named.length;
  return more > 0 ? [...named, `node ${id} leaves ${more} more partitions alone`] : named;
}

/** Live metadata status of the nodes that run. */
export function liveStatuses(nodes: readonly ClusterNode[]): readonly ReplicaStatus[] {
  return nodes.flatMap((node) =>
    node.state === 'running' && node.host !== undefined ? [node.host.status] : [],
  );
}

/** The node that leads, by its own and the newest view. */
export function primaryOf(nodes: readonly ClusterNode[]): ReplicaStatus | undefined {
  return liveStatuses(nodes)
    .filter(({ isActingPrimary }) => isActingPrimary)
    .sort((a, b) => b.view - a.view)[0];
}

export function clusterStatusOf(cluster: {
  readonly name: string;
  readonly host: string;
  readonly nodes: readonly ClusterNode[];
  readonly quorum: number;
}): ClusterStatus {
  const { name, host, nodes, quorum } = cluster;
  const live = liveStatuses(nodes);
  const commitMax = Math.max(0, ...live.map((status) => status.commitMax));
  const primary = primaryOf(nodes);
  const views = new Set(live.map(({ view }) => view));
  const rows = nodes.map((node) => nodeStatusOf(node, host, commitMax));
  const have = live.filter(({ status }) => status === 'normal').length;
  const reasons = [
    ...(have < quorum ? [`${have} of ${quorum} needed nodes take part`] : []),
    ...(primary === undefined ? ['there is no primary'] : []),
    ...(views.size > 1 ? ['the nodes are in different views'] : []),
    ...rows
      .filter(({ lag = 0 }) => lag > healthyLag)
      .map(({ id, lag = 0 }) => `node ${id} is ${lag} operations behind`),
    ...rows.flatMap(({ refusals = [] }) => refusals),
  ];
  return {
    name,
    healthy: reasons.length === 0,
    reasons,
    quorum: { need: quorum, have },
    ...(primary !== undefined && { view: primary.view, primary: primary.replica }),
    nodes: rows,
  };
}
