import { createPrng, encodeUtf8, getU64, getU128, type Prng, toHex } from '../base/index.js';
import {
  type HaltReason,
  isMetadataGroup,
  quorums,
  type ReplicaTrace,
} from '../consensus/index.js';
import type { HostHalt, NodeHostConfig } from '../host/index.js';
import {
  Argon2Hashing,
  FaultyDisk,
  FlushQueue,
  MemoryDisk,
  NodeDisk,
  SystemClock,
  SystemEntropy,
  SystemFigureSource,
} from '../platform/index.js';
import type { LogEntry } from '../ports/index.js';
import type { SnapshotRequest } from '../server/index.js';
import { blake3 } from '../wire/index.js';
import { type CheckedOptions, checkOptions, portsOf } from './check-options.js';
import { type ClusterData, openClusterData } from './cluster-data.js';
import { ClusterFaults } from './cluster-faults.js';
import { ClusterNode, type NodeSurroundings } from './cluster-node.js';
import { Driver } from './driver.js';
import { dummyPasswordHash } from './dummy-hash.js';
import { ClusterNotReadyError, ClusterStateError } from './errors.js';
import { EventLog } from './events.js';
import {
  type InspectSection,
  inspectNode,
  inspectSections,
  type NodeInspection,
} from './inspect.js';
import { nodeConfigOf } from './node-config.js';
import type { LocalClusterOptions } from './options.js';
import type { ReadyRecord } from './ready-record.js';
import { ReplicaBus } from './replica-bus.js';
import { rosterOf } from './roster.js';
import { ClusterSettings } from './settings.js';
import { collectSnapshot } from './snapshot-archive.js';
import { type ClusterStatus, clusterStatusOf, liveStatuses, primaryOf } from './status.js';
import { StatusWatch } from './status-watch.js';
import { Ticker } from './ticker.js';

/** How an operator stops a node: as a power cut, in order, or frozen. */
export type KillMode = 'crash' | 'clean' | 'pause';

const maxFrameBytes = 64 * 1024 * 1024;
/** Without requests for this long ticks come in groups. */
const quietAfterMillis = 500;

/**
 * A replicated cluster in this process: every node has its own files, its own client port and its own
 * replica; the links between them carry real frames and can be made to fail.
 */
export class LocalCluster {
  readonly name: string;
  readonly settings: ClusterSettings;
  /** Links between the nodes; can be tapped. */
  readonly bus: ReplicaBus;
  readonly faults: ClusterFaults;
  /** Resolves when the last replica stopped itself. */
  readonly allHalted: Promise<{ readonly kind: 'halted'; readonly reason: HaltReason }>;
  readonly #options: CheckedOptions;
  readonly #data: ClusterData;
  readonly #hashing = new Argon2Hashing();
  readonly #clock = new SystemClock();
  readonly #entropy = new SystemEntropy();
  readonly #flushQueue = new FlushQueue();
  readonly #driver = new Driver(this.#flushQueue);
  readonly #events = new EventLog(() => this.#clock.nowMicros());
  readonly #watch = new StatusWatch(this.#events);
  readonly #figures: SystemFigureSource;
  readonly #ticker: Ticker;
  readonly #clusterId: Uint8Array;
  readonly #dummyHash = dummyPasswordHash(this.#entropy);
  readonly #halts: { readonly node: number; readonly halt: HostHalt }[] = [];
  #nodes: readonly ClusterNode[] = [];
  #waiters: (() => void)[] = [];
  #resolveHalted: (end: { readonly kind: 'halted'; readonly reason: HaltReason }) => void = () =>
    undefined;
  #isStopped = false;
  #activeAt = 0;
  #isTracing = false;

  /**
   * Starts a cluster and waits until it has a primary.
   * @throws CLUSTER_OPTION_INVALID, SETTING_UNKNOWN, SETTING_INVALID, CONSENSUS_CONFIG_INVALID,
   *   CLUSTER_RUNNING, CLUSTER_LAYOUT_MISMATCH, LISTEN_FAILED, CLUSTER_NOT_READY, BOOT_REFUSED when
   *   all nodes refuse
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
    this.#options = checked;
    this.name = checked.name;
    this.settings = new ClusterSettings(options.settings);
    this.#data = openClusterData(checked, this.#hashing);
    this.bus = new ReplicaBus(checked.nodes, this.#prng(options.seed));
    this.faults = new ClusterFaults(() => this.#nodes, this.bus, this.#events);
    this.#figures = new SystemFigureSource(checked.directory ?? '.');
    this.#clusterId = blake3(encodeUtf8(checked.name)).slice(0, 16);
    this.#ticker = new Ticker(
      checked.tickMillis,
      () => this.#tick(),
      () => this.#isQuiet(),
    );
  }

  get nodes(): readonly ClusterNode[] {
    return this.#nodes;
  }

  /** Nodes that stopped themselves, in order. */
  get halts(): readonly { readonly node: number; readonly halt: HostHalt }[] {
    return this.#halts;
  }

  get events(): EventLog {
    return this.#events;
  }

  /** Nodes, roles, progress: read in this process, so it works without a primary. */
  status(): ClusterStatus {
    return clusterStatusOf({
      name: this.name,
      host: this.#options.host,
      nodes: this.#nodes,
      quorum: quorums(this.#options.nodes).viewChange,
    });
  }

  /** Looks into one node. @throws CLUSTER_NODE_UNKNOWN */
  inspect(id: number, sections: readonly InspectSection[] = inspectSections): NodeInspection {
    const context = { links: this.faults.links, settings: this.settings.list() };
    return inspectNode(this.#node(id), sections, context);
  }

  /** Switches the events of consensus on or off; every operation makes several. */
  setTracing(tracing: boolean): void {
    this.#isTracing = tracing;
    for (const node of this.#nodes) node.host?.setTracing(tracing);
  }

  /** What a started cluster says about itself. */
  readyRecord(context: string | null = null, control: string | null = null): ReadyRecord {
    const primary = primaryOf(this.#nodes);
    return {
      kind: 'cluster.ready',
      v: 1,
      name: this.name,
      pid: process.pid,
      control,
      data_dir: this.#options.directory ?? null,
      context,
      cluster_id: toHex(this.#clusterId),
      view: primary?.view ?? 0,
      primary: primary?.replica ?? 0,
      nodes: this.#nodes.map(({ id, ports }) => ({
        id,
        tcp: ports.tcp,
        correlated: ports.correlated ?? null,
        data_dir: this.#data.directoryOf(id) ?? null,
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
        else if (this.#isStopped || performance.now() >= end) reject(notReady(status));
        else this.#waiters.push(look);
      };
      look();
    });
  }

  /** Stops a node. @throws CLUSTER_NODE_UNKNOWN, CLUSTER_STATE when it does not run */
  async kill(id: number, mode: KillMode): Promise<void> {
    const node = this.#node(id);
    if (node.state !== 'running' && node.state !== 'paused') {
      throw new ClusterStateError('CLUSTER_STATE', `node ${id} is ${node.state}`, {
        node: id,
        state: node.state,
      });
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
    const isTogether = liveStatuses(this.#nodes).length === 0;
    await node.start(await this.#configOf(id, isTogether));
  }

  /** Asks the primary to give up its leadership; true if there was one. */
  stepDown(): boolean {
    const primary = primaryOf(this.#nodes);
    if (primary === undefined) return false;
    this.#nodes[primary.replica]?.push({ kind: 'step-down' });
    return true;
  }

  /** Stops all nodes in order and lets go of ports and files. Sessions survive. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#ticker.stop();
    this.bus.close();
    await Promise.all(this.#nodes.map((node) => node.stop()));
    for (const waiter of this.#waiters.splice(0)) waiter();
    await this.#hashing.close();
    this.#data.release();
  }

  async #boot(): Promise<void> {
    this.#nodes = Array.from({ length: this.#options.nodes }, (_, id) => this.#createNode(id));
    await Promise.all(this.#nodes.map((node) => node.bind()));
    const isTogether = this.#data.livedBefore;
    await Promise.all(
      this.#nodes.map(async (node) => node.start(await this.#configOf(node.id, isTogether))),
    );
    const [refused] = this.#nodes.map(({ refusal }) => refusal);
    if (refused !== undefined && this.#nodes.every(({ state }) => state === 'refused')) {
      throw refused;
    }
    this.#watch.look(this.#nodes);
    this.#ticker.start();
    await this.waitFor(({ primary }) => primary !== undefined, this.#options.waitMillis);
  }

  #createNode(id: number): ClusterNode {
    const { host, nodes, maxConnections, tls } = this.#options;
    const directory = this.#data.directoryOf(id);
    const defer = (callback: () => void) => this.#driver.defer(callback);
    const around: NodeSurroundings = {
      nodeCount: nodes,
      driver: this.#driver,
      bus: this.bus,
      disk: new FaultyDisk(
        directory === undefined ? new MemoryDisk(defer) : new NodeDisk(directory),
      ),
      ports: {
        clock: this.#clock,
        entropy: this.#entropy,
        hashing: this.#hashing,
        system: () => this.#figures.collect(),
        log: { write: (entry) => this.#log(id, entry) },
        trace: (event, group) => this.#trace(id, event, group),
        collectSnapshot: (request, done) => this.#collect(id, request, done),
      },
      listen: {
        host,
        ports: portsOf(id, this.#options, this.settings),
        maxConnections,
        maxFrameBytes,
        flushQueue: this.#flushQueue,
        tls,
      },
      active: () => this.#active(),
      halted: (halt) => this.#onHalt(id, halt),
    };
    return new ClusterNode(id, around);
  }

  async #configOf(id: number, isTogether: boolean): Promise<NodeHostConfig> {
    const { name, host, portBase } = this.#options;
    const ports = this.#nodes.map((node) => node.ports);
    return nodeConfigOf(id, {
      manifest: await this.#data.manifest(),
      id: getU128(this.#clusterId, 0),
      settings: this.settings,
      roster: rosterOf({ name, host, portBase, ports, settings: this.settings }),
      dummyPasswordHash: this.#dummyHash,
      isTogether,
      isTracing: this.#isTracing,
    });
  }

  #collect(id: number, request: SnapshotRequest, done: (archive?: Uint8Array) => void): void {
    const from = {
      disk: this.#node(id).disk,
      events: this.#events.since(0).filter(({ node = id }) => node === id),
      settings: this.settings.list(),
    };
    collectSnapshot(request, from).then(done, () => done(undefined));
  }

  #onHalt(node: number, halt: HostHalt): void {
    this.#halts.push({ node, halt });
    // A node that an operator stopped may come back; one that stopped itself has its reason.
    const isOver = this.#nodes.every(({ state }) => state === 'stopped' || state === 'refused');
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
      liveStatuses(this.#nodes).every(
        (live) => live.status === 'normal' && live.commitMin === live.commitMax,
      )
    );
  }

  #tick(): void {
    for (const node of this.#nodes) node.tick();
    this.#watch.look(this.#nodes);
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  #node(id: number): ClusterNode {
    const node = this.#nodes[id];
    if (node !== undefined) return node;
    throw new ClusterStateError('CLUSTER_NODE_UNKNOWN', `there is no node ${id}`, { node: id });
  }

  #log(node: number, { level, event, fields }: LogEntry): void {
    this.#events.add({ node, plane: 'metadata', level, event, detail: fields });
  }

  #trace(node: number, event: ReplicaTrace, group: bigint): void {
    const plane = isMetadataGroup(group) ? 'metadata' : 'partitions';
    const { view, op, ...detail } = event.fields;
    this.#events.add({
      node,
      plane,
      level: 'debug',
      event: event.name,
      ...(typeof view === 'number' && { view }),
      ...(op !== undefined && { op: Number(op) }),
      detail,
    });
  }

  #prng(seed: bigint | undefined): Prng {
    return createPrng(seed ?? getU64(this.#entropy.bytes(8), 0));
  }
}

function notReady(status: ClusterStatus): ClusterNotReadyError {
  const why = status.reasons.join('; ') || 'the condition did not hold';
  const errors = status.nodes.flatMap(({ id, error }) =>
    error === undefined ? [] : [`node ${id}: ${error}`],
  );
  return new ClusterNotReadyError(`not ready in time: ${[why, ...errors].join('; ')}`, { status });
}
