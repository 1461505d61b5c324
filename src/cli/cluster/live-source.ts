import type { ClusterEvent, LinkState, LocalCluster } from '../../cluster/index.js';
import { plainJson } from '../../cluster/index.js';
import type { LiveEvent, LiveModel, LiveNode } from '../../render/index.js';
import { eventRecord, eventText } from './event-record.js';
import { type NodeRecord, statusOfControl } from './status-record.js';
import { committed } from './until.js';

/** Time over which operations per second are counted. */
const rateMillis = 2000;
const keptEvents = 500;

/** Gathers what the live view shows of a cluster in this process. */
export class LiveSource {
  readonly #cluster: LocalCluster;
  readonly #startedAt = performance.now();
  readonly #samples: { readonly at: number; readonly commit: number }[] = [];
  readonly #endListening: () => void;
  #events: LiveEvent[] = [];

  constructor(cluster: LocalCluster) {
    this.#cluster = cluster;
    for (const event of cluster.events.since(0)) this.#take(event);
    this.#endListening = cluster.events.listen((event) => this.#take(event));
  }

  close(): void {
    this.#endListening();
  }

  /** Everything about the cluster; what belongs to the screen is added by the caller. */
  look(): Omit<LiveModel, 'selected' | 'notices' | 'message' | 'showsLog'> {
    const status = statusOfControl(plainJson(this.#cluster.status()));
    const commit = committed(status);
    const { links } = this.#cluster.faults;
    return {
      name: status.name,
      isHealthy: status.healthy,
      reasons: status.reasons,
      view: status.view ?? undefined,
      primary: status.primary ?? undefined,
      commit,
      opsPerSecond: this.#rate(commit),
      uptimeMicros: Math.round((performance.now() - this.#startedAt) * 1000),
      nodes: status.nodes.map((node) => this.#nodeOf(node, links, status.nodes.length)),
      events: this.#events,
    };
  }

  #nodeOf(node: NodeRecord, links: readonly LinkState[], count: number): LiveNode {
    return {
      id: node.id,
      address: node.address,
      role: node.role === 'none' ? '-' : node.role,
      status: node.status,
      view: node.view ?? undefined,
      commit: numberOf(node.commit),
      op: numberOf(node.op),
      pipeline: node.pipeline ?? undefined,
      connections: this.#cluster.nodes[node.id]?.connections.count,
      links: linksText(node.id, links, count),
      error: node.error ?? undefined,
    };
  }

  #rate(commit: number): number {
    const now = performance.now();
    this.#samples.push({ at: now, commit });
    while ((this.#samples[1]?.at ?? now) < now - rateMillis) this.#samples.shift();
    const [oldest] = this.#samples;
    const seconds = (now - (oldest?.at ?? now)) / 1000;
    return seconds > 0.2 ? Math.round((commit - (oldest?.commit ?? commit)) / seconds) : 0;
  }

  #take(event: ClusterEvent): void {
    if (event.level === 'debug') return;
    const { name, facts } = eventText(eventRecord(plainJson(event)));
    const { timeMicros, node, level } = event;
    this.#events.push({ timeMicros, node, level, event: name, detail: facts });
    if (this.#events.length >= 2 * keptEvents) this.#events = this.#events.slice(-keptEvents);
  }
}

/** What is wrong with the links of a node: `ok`, `isolated`, or `cut →1 ←2, faulty →0`. */
function linksText(node: number, links: readonly LinkState[], count: number): string {
  const mine = links.filter(({ from, to }) => from === node || to === node);
  const cut = mine.filter(({ isCut }) => isCut);
  const faulty = mine.filter(({ isCut }) => !isCut);
  if (count > 1 && cut.length === 2 * (count - 1)) return 'isolated';
  const list = (those: readonly LinkState[]) =>
    those.map(({ from, to }) => (from === node ? `→${to}` : `←${from}`)).join(' ');
  const parts = [
    ...(cut.length > 0 ? [`cut ${list(cut)}`] : []),
    ...(faulty.length > 0 ? [`faulty ${list(faulty)}`] : []),
  ];
  return parts.length === 0 ? 'ok' : parts.join(', ');
}

function numberOf(text: string | null): number | undefined {
  return text === null ? undefined : Number(text);
}
