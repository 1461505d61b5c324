import { getU128 } from '../base/index.js';
import { type HaltReason, quorums } from '../consensus/index.js';
import type { HostHalt } from '../host/index.js';
import { checkOptions } from './check-options.js';
import { ClusterFaults } from './cluster-faults.js';
import { ClusterMachinery } from './cluster-machinery.js';
import type { ClusterNode } from './cluster-node.js';
import { ClusterNotReadyError, ClusterStateError } from './errors.js';
import type { EventLog } from './events.js';
import {
  type InspectSection,
  inspectNode,
  inspectSections,
  type NodeInspection,
} from './inspect.js';
import { lostDataOf } from './lost-data.js';
import type { LocalClusterOptions } from './options.js';
import type { ReadyRecord } from './ready-record.js';
import type { ReplicaBus } from './replica-bus.js';
import { ClusterSettings } from './settings.js';
import { type ClusterStatus, clusterStatusOf, liveStatuses, primaryOf } from './status.js';
import { StatusWatch } from './status-watch.js';
import { Ticker } from './ticker.js';
import { watchTraffic } from './watch-traffic.js';
import { wideId } from './wide-id.js';

/** How an operator stops a node: as a power cut, in order, or frozen. */
export type KillMode = 'crash' | 'clean' | 'pause';

/** A node that stopped itself. */
export interface NodeHalt {
  readonly node: number;
  readonly halt: HostHalt;
}

/** The last replica stopped itself. */
export interface ClusterHalt {
  readonly kind: 'halted';
  readonly reason: HaltReason;
}

/** Without requests for this long ticks come in groups. */
const quietAfterMillis = 500;

/**
 * A replicated cluster in this process: every node has its own files, its own client port and its own
 * replica; the links between them carry real frames and can be made to fail.
 */
export class LocalCluster {
  readonly name: string;
  readonly settings: ClusterSettings;
  readonly faults: ClusterFaults;
  /** Resolves when the last replica stopped itself. */
  readonly allHalted: Promise<ClusterHalt>;
  readonly nodes: readonly ClusterNode[];
  readonly #machinery: ClusterMachinery;
  readonly #watch: StatusWatch;
  readonly #ticker: Ticker;
  readonly #halts: NodeHalt[] = [];
  #resolveHalted: (end: ClusterHalt) => void = () => undefined;
  #waiters: (() => void)[] = [];
  #isStopped = false;
  /** Those who want the events of consensus. */
  #tracers = 0;
  #activeAt = 0;

  /**
   * Starts a cluster and waits until it has a primary.
   * @throws CLUSTER_OPTION_INVALID, SETTING_UNKNOWN, SETTING_INVALID, CONSENSUS_CONFIG_INVALID,
   *   CLUSTER_RUNNING, CLUSTER_LAYOUT_MISMATCH, CLUSTER_FILE_FAILED, LISTEN_FAILED,
   *   CLUSTER_NOT_READY, BOOT_REFUSED when all nodes refuse
   */
  static async start(options: LocalClusterOptions): Promise<LocalCluster> {
    const cluster = new LocalCluster(options);
    try {
      await cluster.#boot();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  private constructor(options: LocalClusterOptions) {
    const checked = checkOptions(options);
    this.allHalted = new Promise((resolve) => {
      this.#resolveHalted = resolve;
    });
    this.name = checked.name;
    this.settings = new ClusterSettings(options.settings);
    const machinery = new ClusterMachinery(checked, this.settings, options.seed);
    this.#machinery = machinery;
    this.nodes = Array.from({ length: checked.nodes }, (_, id) =>
      machinery.createNode(id, {
        active: () => this.#active(),
        halted: (halt) => this.#onHalt(id, halt),
      }),
    );
    this.faults = new ClusterFaults(this.nodes, machinery.bus, machinery.events);
    if (options.traffic !== undefined) {
      watchTraffic(this.nodes, machinery.bus, () => machinery.nowMicros(), options.traffic);
    }
    this.#watch = new StatusWatch(machinery.events);
    this.#ticker = new Ticker(
      checked.tickMillis,
      () => this.#tick(),
      () => this.#isQuiet(),
    );
  }

  /** Links between the nodes; can be tapped. */
  get bus(): ReplicaBus {
    return this.#machinery.bus;
  }

  /** What happened so far; can be listened to. */
  get events(): EventLog {
    return this.#machinery.events;
  }

  /** Nodes that stopped themselves, in order. */
  get halts(): readonly NodeHalt[] {
    return this.#halts;
  }

  /** Nodes, roles, progress: read in this process, so it works without a primary. */
  status(): ClusterStatus {
    const { host, nodes } = this.#machinery.options;
    const quorum = quorums(nodes).viewChange;
    return clusterStatusOf({ name: this.name, host, nodes: this.nodes, quorum });
  }

  /** Looks into one node. @throws CLUSTER_NODE_UNKNOWN */
  inspect(id: number, sections: readonly InspectSection[] = inspectSections): NodeInspection {
    const context = { links: this.bus.linksOf(id), settings: this.settings.list() };
    return inspectNode(this.#node(id), sections, context);
  }

  /**
   * Somebody wants the events of consensus, or wants them no longer; every operation makes several.
   * They are made for as long as anybody wants them.
   */
  setTracing(isWanted: boolean): void {
    this.#tracers = Math.max(0, this.#tracers + (isWanted ? 1 : -1));
    for (const node of this.nodes) node.host?.setTracing(this.#tracers > 0);
  }

  /** What a started cluster says about itself. */
  readyRecord(context: string | null = null, control: string | null = null): ReadyRecord {
    const { data, options, clusterId } = this.#machinery;
    const primary = primaryOf(this.nodes);
    return {
      kind: 'cluster.ready',
      v: 1,
      name: this.name,
      pid: process.pid,
      control,
      data_dir: options.directory ?? null,
      context,
      cluster_id: wideId(getU128(clusterId, 0)),
      view: primary?.view ?? 0,
      primary: primary?.replica ?? 0,
      nodes: this.nodes.map(({ id, ports }) => ({
        id,
        tcp: ports.tcp,
        correlated: ports.correlated ?? null,
        data_dir: data.directoryOf(id) ?? null,
        role: id === primary?.replica ? 'primary' : 'backup',
      })),
    };
  }

  /** Resolves once the condition holds; looked at every tick. @throws CLUSTER_NOT_READY */
  waitFor(condition: (status: ClusterStatus) => boolean, timeoutMillis: number): Promise<void> {
    const end = performance.now() + timeoutMillis;
    return new Promise((resolve, reject) => {
      const look = () => {
        const status = this.status();
        if (condition(status)) resolve();
        else if (this.#isStopped || performance.now() >= end) reject(this.#notReady(status));
        else this.#waiters.push(look);
      };
      look();
    });
  }

  /** Stops a node. @throws CLUSTER_NODE_UNKNOWN, CLUSTER_STATE when it does not run */
  async kill(id: number, mode: KillMode): Promise<void> {
    const node = this.#node(id);
    if (node.state !== 'running' && node.state !== 'paused') {
      const details = { node: id, state: node.state };
      throw new ClusterStateError('CLUSTER_STATE', `node ${id} is ${node.state}`, details);
    }
    if (mode === 'pause') node.pause();
    else if (mode === 'crash') await node.crash();
    else await node.stop();
  }

  /**
   * Starts a node again; one that runs is stopped in order first. A wiped node loses its data, and
   * neither votes nor acknowledges until it has caught up.
   */
  async restart(id: number, options: { readonly wipe?: boolean } = {}): Promise<void> {
    const node = this.#node(id);
    if (node.state === 'running' || node.state === 'paused') await node.stop();
    if (options.wipe === true) await node.wipe();
    await node.bind();
    await this.#start(node, liveStatuses(this.nodes).length === 0);
  }

  /** Asks the primary to give up its leadership; true if there was one. */
  stepDown(): boolean {
    const primary = primaryOf(this.nodes);
    if (primary === undefined) return false;
    this.nodes[primary.replica]?.push({ kind: 'step-down' });
    return true;
  }

  /** Stops all nodes in order and lets go of ports and files. Sessions survive. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#ticker.stop();
    this.bus.close();
    await Promise.all(this.nodes.map((node) => node.stop()));
    for (const waiter of this.#waiters.splice(0)) waiter();
    await this.#machinery.close();
  }

  async #boot(): Promise<void> {
    const { data, options } = this.#machinery;
    await Promise.all(this.nodes.map((node) => node.bind()));
    await Promise.all(this.nodes.map((node) => this.#start(node, data.livedBefore)));
    const refusals = this.nodes.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
    // Data is only called missing where too few of the others are left to go on.
    const missing = refusals.find(({ damage }) => damage === 'data_missing');
    const refused = missing ?? (refusals.length === this.nodes.length ? refusals[0] : undefined);
    if (refused !== undefined) throw refused;
    const isWhole = this.nodes.every(({ state }) => state === 'running');
    if (isWhole) await data.noteStarted();
    this.#watch.look(this.nodes);
    this.#ticker.start();
    await this.waitFor(({ primary }) => primary !== undefined, options.waitMillis);
  }

  async #start(node: ClusterNode, isTogether: boolean): Promise<void> {
    const ports = this.nodes.map((each) => each.ports);
    const mode = { isTogether, isTracing: this.#tracers > 0 };
    if (this.#machinery.data.hasStarted) {
      const lost = lostDataOf(node, this.nodes);
      if (lost.kind === 'refuses') return node.refuse(lost.why);
      if (lost.kind === 'joins') await this.#join(node);
    }
    await node.start(await this.#machinery.configOf(node.id, ports, mode));
  }

  async #join(node: ClusterNode): Promise<void> {
    await node.join();
    const detail = { effect: 'the node does not vote until the others have filled it' };
    const event = 'DataMissing';
    this.events.add({ node: node.id, plane: 'cluster', level: 'warn', event, detail });
  }

  #onHalt(node: number, halt: HostHalt): void {
    this.#halts.push({ node, halt });
    // A node that an operator stopped may come back; one that stopped itself has its reason.
    const isOver = this.nodes.every(({ state }) => state === 'stopped' || state === 'refused');
    if (isOver) this.#resolveHalted({ kind: 'halted', reason: halt.reason });
  }

  /** Something happened that ticks should follow closely. */
  #active(): void {
    this.#activeAt = performance.now();
    this.#ticker.hurry();
  }

  #isQuiet(): boolean {
    return (
      this.#waiters.length === 0 &&
      performance.now() - this.#activeAt > quietAfterMillis &&
      liveStatuses(this.nodes).every(
        (live) => live.status === 'normal' && live.commitMin === live.commitMax,
      )
    );
  }

  #tick(): void {
    for (const node of this.nodes) node.tick();
    this.#watch.look(this.nodes);
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  #node(id: number): ClusterNode {
    const node = this.nodes[id];
    if (node !== undefined) return node;
    throw new ClusterStateError('CLUSTER_NODE_UNKNOWN', `there is no node ${id}`, { node: id });
  }

  #notReady(status: ClusterStatus): ClusterNotReadyError {
    const why = status.reasons.join('; ') || 'the condition did not hold';
    const errors = this.nodes.flatMap(({ id, error, errorDetail = '' }) =>
      error === undefined ? [] : [`node ${id}: ${error} ${errorDetail}`.trimEnd()],
    );
    const message = `not ready in time: ${[why, ...errors].join('; ')}`;
    return new ClusterNotReadyError(message, { status });
  }
}
