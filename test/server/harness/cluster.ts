import {
  consensusLimits,
  metadataGroup,
  type RecoveredState,
  Replica,
  type ReplicaEffect,
  type ReplicaEvent,
  type RequestPolicy,
} from '../../../src/consensus/index.js';
import { watchEndedUsers } from '../../../src/host/ended-users.js';
import { MetadataMachine } from '../../../src/machine/index.js';
import {
  type ServerConfig,
  ServerCore,
  type ServerEffect,
  type ServerEvent,
  serverDefaults,
} from '../../../src/server/index.js';
import { dummyHash, only } from './script-node.js';

type Work =
  | { readonly to: number; readonly life: number; readonly replica: ReplicaEvent }
  | { readonly to: number; readonly life: number; readonly server: ServerEvent };

export interface ClusterOptions {
  readonly nodes?: number;
  readonly policy?: RequestPolicy;
  readonly clientSlots?: number;
  readonly retiredSlots?: number;
  readonly server?: Partial<ServerConfig>;
}

/** What a node keeps over a restart. */
interface Disk {
  entries: Uint8Array[];
  superblock: RecoveredState['superblock'];
  snapshot: RecoveredState['snapshot'];
}

/** Nodes with real replicas, machines and servers; sockets, disks and clocks are played here. */
export class TestCluster {
  readonly nodes: TestNode[] = [];
  readonly options: ClusterOptions;
  now = 1_700_000_000_000_000;
  /** Links that lose everything, as `from>to`. */
  readonly cut = new Set<string>();
  #work: Work[] = [];

  constructor(options: ClusterOptions = {}) {
    this.options = options;
    const count = options.nodes ?? 1;
    for (let i = 0; i < count; i++) this.nodes.push(new TestNode(this, i));
    this.ticksUntil(() => this.nodes.some((node) => node.status.isCaughtUp));
  }

  node(index: number): TestNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`no node ${index}`);
    return node;
  }

  get leader(): TestNode {
    return only(this.nodes.filter((node) => node.isUp && node.status.isActingPrimary));
  }

  push(work: Work): void {
    this.#work.push(work);
  }

  /** Runs until nothing is left to do. */
  settle(): void {
    for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) {
      const node = this.node(next.to);
      if (!node.isUp || node.life !== next.life) continue;
      if ('replica' in next) node.performAll(node.replica.step(next.replica));
      else node.performServer(node.server.step(next.server));
    }
  }

  ticks(count: number): void {
    for (let i = 0; i < count; i++) {
      this.now += 10_000;
      for (const { index: to, life } of this.nodes) {
        this.push({ to, life, replica: { kind: 'tick', now: this.now } });
        this.push({ to, life, server: { kind: 'tick', now: this.now } });
      }
      this.settle();
    }
  }

  ticksUntil(condition: () => boolean, limit = 3_000): void {
    for (let i = 0; !condition(); i++) {
      if (i > limit) throw new Error('the condition never came true');
      this.ticks(1);
    }
  }

  deliver(
    from: number,
    to: number,
    work: { replica: ReplicaEvent } | { server: ServerEvent },
  ): void {
    if (this.cut.has(`${from}>${to}`)) return;
    this.push({ to, life: this.node(to).life, ...work });
  }

  /** Cuts or mends all links of a node. */
  isolate(index: number, cut: boolean): void {
    for (const { index: other } of this.nodes) {
      for (const link of [`${index}>${other}`, `${other}>${index}`]) {
        if (cut) this.cut.add(link);
        else this.cut.delete(link);
      }
    }
  }
}

export class TestNode {
  readonly index: number;
  readonly #cluster: TestCluster;
  readonly disk: Disk = { entries: [], superblock: undefined, snapshot: undefined };
  machine!: MetadataMachine;
  replica!: Replica;
  server!: ServerCore;
  isUp = true;
  life = 0;
  readonly closed = new Set<number>();
  #ended!: ReturnType<typeof watchEndedUsers>;
  #sent = new Map<number, Uint8Array[]>();
  #entropy = 0;

  constructor(cluster: TestCluster, index: number) {
    this.index = index;
    this.#cluster = cluster;
    this.boot();
  }

  get status() {
    return this.replica.status;
  }

  /** Stops the node without a word; what it had synced stays. */
  kill(): void {
    this.isUp = false;
    this.#sent.clear();
  }

  /** Starts from what is on disk. */
  boot(): void {
    const { options } = this.#cluster;
    const nodeCount = options.nodes ?? 1;
    this.life += 1;
    this.isUp = true;
    this.machine = new MetadataMachine({ root: { username: 'iggy', passwordHash: 'phc:iggy' } });
    this.#ended = watchEndedUsers(this.machine);
    const incarnation = BigInt(1_000 * (this.index + 1) + this.life);
    const { clientSlots, retiredSlots } = options;
    const limits = consensusLimits({
      ...(clientSlots === undefined ? {} : { clientSlots }),
      ...(retiredSlots === undefined ? {} : { retiredSlots }),
    });
    const { superblock, snapshot } = this.disk;
    this.replica = new Replica(
      {
        cluster: 77n,
        group: metadataGroup,
        groupIncarnation: 0,
        replica: this.index,
        replicaCount: nodeCount,
        limits,
        requestPolicy: options.policy ?? 'watermark',
        durability: 'durable',
        tracing: false,
      },
      this.#ended.machine,
      {
        incarnation,
        entries: [...this.disk.entries],
        ...(superblock === undefined ? {} : { superblock }),
        ...(snapshot === undefined ? {} : { snapshot }),
      },
    );
    this.server = new ServerCore(
      {
        node: this.index,
        nodeCount,
        cluster: 77n,
        bootIncarnation: incarnation,
        serverVersion: 'iggyctl/0.0.0-test',
        dummyPasswordHash: dummyHash,
        roster: { clusterName: 'test', nodes: [] },
        ...serverDefaults,
        ...options.server,
      },
      {
        metadata: this.machine,
        consensus: this.replica,
        partitions: { find: () => undefined, isRefused: () => false },
        entropy: { bytes: (length) => new Uint8Array(length).fill(++this.#entropy) },
        links: { isUp: () => true },
        system: () => {
          throw new Error('not asked for in these tests');
        },
      },
    );
  }

  open(connection: number): void {
    this.#feed({
      kind: 'opened',
      connection,
      address: '127.0.0.1:5000',
      localAddress: '127.0.0.1',
      transport: 1,
      framing: 'consensus',
    });
    this.#cluster.settle();
  }

  close(connection: number): void {
    this.#feed({ kind: 'closed', connection, now: this.#cluster.now });
    this.#cluster.settle();
  }

  /** Hands a frame to the server and runs everything that follows from it. */
  send(connection: number, frame: Uint8Array): Uint8Array[] {
    this.taken(connection);
    this.write(connection, frame);
    this.#cluster.settle();
    return this.taken(connection);
  }

  /** Hands a frame to the server without running anything yet. */
  write(connection: number, frame: Uint8Array): void {
    this.#feed({ kind: 'frame', connection, frame, now: this.#cluster.now });
  }

  /** The one answer to a frame; lets time pass until it is there. */
  ask(connection: number, frame: Uint8Array): Uint8Array {
    const frames = this.send(connection, frame);
    if (frames.length > 0) return only(frames);
    this.#cluster.ticksUntil(() => this.#sent.has(connection));
    return only(this.taken(connection));
  }

  taken(connection: number): Uint8Array[] {
    const frames = this.#sent.get(connection) ?? [];
    this.#sent.delete(connection);
    return frames;
  }

  performAll(effects: readonly ReplicaEffect[]): void {
    for (const effect of effects) this.#perform(effect);
    const users = this.#ended.take();
    if (users.length > 0) this.#feed({ kind: 'users-ended', users, now: this.#cluster.now });
  }

  performServer(effects: readonly ServerEffect[]): void {
    for (const effect of effects) this.#performServer(effect);
  }

  #feed(server: ServerEvent): void {
    this.#cluster.push({ to: this.index, life: this.life, server });
  }

  #step(replica: ReplicaEvent): void {
    this.#cluster.push({ to: this.index, life: this.life, replica });
  }

  #perform(effect: ReplicaEffect): void {
    const { now } = this.#cluster;
    switch (effect.kind) {
      case 'send': {
        const event = { kind: 'frame', frame: effect.frame, from: this.index, now } as const;
        this.#cluster.deliver(this.index, effect.to, { replica: event });
        break;
      }
      case 'journal-append':
        this.disk.entries.push(...effect.entries);
        this.#step({ kind: 'journal-done', write: effect.write, result: 'ok' });
        break;
      case 'journal-rewrite':
        this.disk.entries = [...effect.entries];
        this.#step({ kind: 'journal-done', write: effect.write, result: 'ok' });
        break;
      case 'superblock-write':
        this.disk.superblock = effect.record;
        this.#step({ kind: 'superblock-done', write: effect.write, ok: true });
        break;
      case 'outcome':
        this.#feed({ kind: 'outcome', token: effect.token, outcome: effect.outcome, now });
        break;
      case 'read-outcome':
        this.#feed({ kind: 'read-outcome', token: effect.token, code: effect.code, now });
        break;
      case 'halt':
        throw new Error(`node ${this.index} stopped itself: ${effect.detail}`);
      default:
    }
  }

  #performServer(effect: ServerEffect): void {
    const { now } = this.#cluster;
    switch (effect.kind) {
      case 'send': {
        const frames = this.#sent.get(effect.connection) ?? [];
        this.#sent.set(effect.connection, [...frames, effect.frame]);
        break;
      }
      case 'close':
        this.closed.add(effect.connection);
        break;
      case 'propose':
        this.#step({ kind: 'propose', proposal: effect.proposal, now });
        break;
      case 'confirm-read':
        this.#step({ kind: 'read', token: effect.token, now });
        break;
      case 'forward': {
        const event = { kind: 'replica-frame', frame: effect.frame, now } as const;
        this.#cluster.deliver(this.index, effect.replica, { server: event });
        break;
      }
      case 'verify-password': {
        const matches = effect.phc === `phc:${new TextDecoder().decode(effect.password)}`;
        this.#feed({ kind: 'password-verified', job: effect.job, matches, now });
        break;
      }
      case 'hash-password': {
        const phc = `phc:${new TextDecoder().decode(effect.password)}`;
        this.#feed({ kind: 'password-hashed', job: effect.job, phc, now });
        break;
      }
      default:
    }
  }
}
