import type { ClusterNode } from './cluster-node.js';
import type { EventLog } from './events.js';

interface Seen {
  readonly state: string;
  readonly view: number;
  readonly status: string;
  readonly isPrimary: boolean;
  /** View changes that the node entered, by reason. */
  readonly viewChanges: ReadonlyMap<string, number>;
}

/** Reports what changed about the nodes between two looks at them. */
export class StatusWatch {
  readonly #events: EventLog;
  readonly #seen: (Seen | undefined)[] = [];

  constructor(events: EventLog) {
    this.#events = events;
  }

  look(nodes: readonly ClusterNode[]): void {
    for (const node of nodes) {
      const before = this.#seen[node.id];
      const live = node.host?.status;
      const isPrimary = live?.isActingPrimary === true;
      const view = live?.view ?? before?.view ?? 0;
      const status = live?.status ?? node.state;
      const isSame =
        before?.state === node.state &&
        before.view === view &&
        before.status === status &&
        before.isPrimary === isPrimary;
      if (isSame) continue;
      const viewChanges = new Map(node.host?.replica.counters.viewChanges);
      const now = { state: node.state, view, status, isPrimary, viewChanges };
      this.#seen[node.id] = now;
      if (before !== undefined) this.#report(node, before, now);
    }
  }

  #report(node: ClusterNode, before: Seen, now: Seen): void {
    const base = { node: node.id, plane: 'metadata', view: now.view } as const;
    if (now.state !== before.state) {
      const detail = { was: before.state, now: now.state, error: node.error ?? '' };
      const level = now.state === 'stopped' || now.state === 'refused' ? 'error' : 'info';
      this.#events.add({ ...base, plane: 'cluster', level, event: 'NodeStateChanged', detail });
    }
    if (now.view !== before.view) {
      const reason = newReason(before.viewChanges, now.viewChanges);
      const detail = {
        oldView: before.view,
        newView: now.view,
        ...(reason !== undefined && { reason }),
      };
      this.#events.add({ ...base, level: 'info', event: 'ViewChanged', detail });
    }
    if (now.status !== before.status && now.state === before.state) {
      const detail = { was: before.status, now: now.status };
      this.#events.add({ ...base, level: 'info', event: 'ReplicaStateChanged', detail });
    }
    if (now.isPrimary && !before.isPrimary) {
      this.#events.add({ ...base, level: 'info', event: 'PrimaryElected', detail: {} });
    }
  }
}

/** Why the view change was entered that a node counted between two looks. */
function newReason(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): string | undefined {
  for (const [reason, count] of now) if (count > (before.get(reason) ?? 0)) return reason;
  return undefined;
}
