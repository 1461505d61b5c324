import type { DiskFault } from '../platform/index.js';
import type { ClusterNode } from './cluster-node.js';
import { ClusterStateError } from './errors.js';
import type { EventLog } from './events.js';
import type { LinkRule, LinkState } from './link-rules.js';
import type { ReplicaBus } from './replica-bus.js';

/** Which way the frames of an isolated node are stopped. */
export type IsolationDirection = 'in' | 'out' | 'both';

/** The faults of a cluster: links, disks, frozen nodes. */
export class ClusterFaults {
  readonly #nodes: readonly ClusterNode[];
  readonly #bus: ReplicaBus;
  readonly #events: EventLog;

  constructor(nodes: readonly ClusterNode[], bus: ReplicaBus, events: EventLog) {
    this.#nodes = nodes;
    this.#bus = bus;
    this.#events = events;
  }

  /** Links that have a rule. */
  get links(): readonly LinkState[] {
    return this.#bus.rules.list();
  }

  /** Changes what happens on one directed link. */
  link(from: number, to: number, change: Partial<LinkRule>): void {
    this.#node(from);
    this.#node(to);
    if (from === to) throw new ClusterStateError('CLUSTER_STATE', 'a node has no link to itself');
    this.#bus.rules.change(from, to, change);
    this.#events.add({
      plane: 'cluster',
      level: 'warn',
      event: 'LinkChanged',
      detail: { from, to, ...change },
    });
  }

  /** Cuts a node off from some of the others, from all if none are named. */
  isolate(
    node: number,
    from: readonly number[] = [],
    direction: IsolationDirection = 'both',
  ): void {
    this.#node(node);
    const others = this.#nodes
      .map(({ id }) => id)
      .filter((id) => id !== node && (from.length === 0 || from.includes(id)));
    for (const other of others) {
      if (direction !== 'in') this.link(node, other, { isCut: true });
      if (direction !== 'out') this.link(other, node, { isCut: true });
    }
  }

  /** Splits the nodes: what is in different groups cannot talk; unnamed nodes form one more. */
  partition(groups: readonly (readonly number[])[]): void {
    const groupOf = (node: number) => groups.findIndex((group) => group.includes(node));
    for (const { id: from } of this.#nodes) {
      for (const { id: to } of this.#nodes) {
        if (from !== to && groupOf(from) !== groupOf(to)) this.link(from, to, { isCut: true });
      }
    }
  }

  /** Makes a node's disk misbehave. */
  async disk(node: number, fault: DiskFault): Promise<void> {
    await this.#node(node).disk.inject(fault);
    const detail = { kind: fault.kind, target: fault.target ?? 'all', once: fault.once === true };
    this.#events.add({ node, plane: 'cluster', level: 'warn', event: 'DiskFault', detail });
  }

  /** Takes all faults of the nodes away, of all nodes if none are named; gives their number. */
  heal(nodes: readonly number[] = []): number {
    const healed = this.#nodes.filter(({ id }) => nodes.length === 0 || nodes.includes(id));
    let count = this.#bus.rules.heal(healed.map(({ id }) => id));
    for (const node of healed) {
      count += node.disk.heal();
      if (node.state !== 'paused') continue;
      node.resume();
      count += 1;
    }
    this.#events.add({ plane: 'cluster', level: 'info', event: 'Healed', detail: { count } });
    return count;
  }

  #node(id: number): ClusterNode {
    const node = this.#nodes[id];
    if (node !== undefined) return node;
    throw new ClusterStateError('CLUSTER_NODE_UNKNOWN', `there is no node ${id}`, { node: id });
  }
}
