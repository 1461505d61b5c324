import type { Proposal, ProposalOutcome, SessionView } from '../../../src/consensus/index.js';
import { MetadataMachine } from '../../../src/machine/index.js';
import {
  type ConsensusView,
  type Framing,
  type GroupStatus,
  type PartitionView,
  type ServerConfig,
  ServerCore,
  type ServerDeps,
  type ServerEffect,
  type ServerEvent,
  serverDefaults,
} from '../../../src/server/index.js';

export const dummyHash = 'phc:nobody';

/** A server whose consensus is played by the test: proposals are collected, the test answers them. */
export class ScriptNode {
  readonly machine = new MetadataMachine({
    root: { username: 'iggy', passwordHash: 'phc:iggy' },
  });
  readonly sessions = new Map<bigint, SessionView>();
  readonly partitions = new Map<number, PartitionView>();
  /** Partitions that are left alone. */
  readonly refused = new Set<number>();
  readonly linksUp = new Set<number>([0, 1, 2]);
  readonly config: ServerConfig;
  readonly deps: ServerDeps;
  readonly server: ServerCore;
  readonly proposals: Proposal[] = [];
  readonly partitionProposals: { readonly group: number; readonly proposal: Proposal }[] = [];
  readonly forwards: { readonly replica: number; readonly frame: Uint8Array }[] = [];
  readonly logs: Extract<ServerEffect, { readonly kind: 'log' }>[] = [];
  readonly reads: Extract<ServerEffect, { readonly kind: 'confirm-read' }>[] = [];
  readonly collections: Extract<ServerEffect, { readonly kind: 'collect-snapshot' }>[] = [];
  readonly passwordJobs: ServerEffect[] = [];
  readonly closed = new Set<number>();
  readonly paused = new Set<number>();
  /** Password jobs are answered at once unless held. */
  holdPasswords = false;
  now = 1_000_000_000;
  /** Effects in the order in which they were asked for. */
  readonly effects: ServerEffect[] = [];
  status: { -readonly [K in keyof GroupStatus]: GroupStatus[K] } & {
    commitMin: number;
    isCaughtUp: boolean;
  } = {
    view: 0,
    primary: 0,
    status: 'normal',
    isActingPrimary: true,
    hasCeded: false,
    commitMax: 10,
    commitMin: 10,
    isCaughtUp: true,
  };
  readonly #sent = new Map<number, Uint8Array[]>();
  #entropy = 0;

  constructor(config: Partial<ServerConfig> = {}) {
    const node = this;
    const consensus: ConsensusView = {
      get status() {
        return node.status;
      },
      session: (client) => this.sessions.get(client),
    };
    this.config = {
      node: 0,
      nodeCount: 3,
      cluster: 77n,
      bootIncarnation: 1_000n,
      serverVersion: 'iggyctl/0.0.0-test',
      dummyPasswordHash: dummyHash,
      roster: { clusterName: 'test', nodes: [] },
      ...serverDefaults,
      ...config,
    };
    this.deps = {
      metadata: this.machine,
      consensus,
      partitions: {
        find: (group) => this.partitions.get(group),
        isRefused: (group) => this.refused.has(group),
      },
      entropy: { bytes: (length) => new Uint8Array(length).fill(++this.#entropy) },
      links: { isUp: (replica) => this.linksUp.has(replica) },
      system: () => systemFigures,
    };
    this.server = new ServerCore(this.config, this.deps);
  }

  open(connection: number, framing: Framing = 'consensus', address = '127.0.0.1:5000'): void {
    this.step({
      kind: 'opened',
      connection,
      address,
      localAddress: '127.0.0.1',
      transport: 1,
      framing,
    });
  }

  close(connection: number): void {
    this.step({ kind: 'closed', connection, now: this.now });
  }

  /** Sends a frame and gives back what was sent to the connection because of it. */
  send(connection: number, frame: Uint8Array): Uint8Array[] {
    this.taken(connection);
    this.step({ kind: 'frame', connection, frame, now: this.now });
    return this.taken(connection);
  }

  /** The one answer to a frame that is answered at once. */
  ask(connection: number, frame: Uint8Array): Uint8Array {
    return only(this.send(connection, frame));
  }

  /** What was sent to a connection since the last look. */
  taken(connection: number): Uint8Array[] {
    const frames = this.#sent.get(connection) ?? [];
    this.#sent.delete(connection);
    return frames;
  }

  /** Answers the oldest proposal. */
  decide(outcome: ProposalOutcome): Proposal {
    const proposal = this.proposals.shift();
    if (proposal === undefined) throw new Error('nothing was proposed');
    const { client, userId } = proposal;
    if (outcome.kind === 'registered') {
      const { session: epoch, watermark, origin } = outcome;
      this.sessions.set(client, { epoch, userId, watermark, origin });
    }
    if (outcome.kind === 'logged-out') this.sessions.delete(client);
    this.step({ kind: 'outcome', token: proposal.token, outcome, now: this.now });
    return proposal;
  }

  decidePartition(outcome: ProposalOutcome): Proposal {
    const entry = this.partitionProposals.shift();
    if (entry === undefined) throw new Error('nothing was proposed');
    this.step({ kind: 'outcome', token: entry.proposal.token, outcome, now: this.now });
    return entry.proposal;
  }

  /** Logs a client in and answers its register with the given session. */
  login(connection: number, frame: Uint8Array, session: number): Uint8Array {
    this.taken(connection);
    this.step({ kind: 'frame', connection, frame, now: this.now });
    this.decide({ kind: 'registered', session, watermark: 0n, origin: session });
    return only(this.taken(connection));
  }

  ticks(count: number): void {
    for (let i = 0; i < count; i++) {
      this.now += 10_000;
      this.step({ kind: 'tick', now: this.now });
    }
  }

  step(event: ServerEvent): void {
    for (const effect of this.server.step(event)) this.#perform(effect);
  }

  #perform(effect: ServerEffect): void {
    this.effects.push(effect);
    switch (effect.kind) {
      case 'send': {
        const frames = this.#sent.get(effect.connection) ?? [];
        this.#sent.set(effect.connection, [...frames, effect.frame]);
        break;
      }
      case 'close':
        this.closed.add(effect.connection);
        break;
      case 'pause':
        if (effect.paused) this.paused.add(effect.connection);
        else this.paused.delete(effect.connection);
        break;
      case 'propose':
        this.proposals.push(effect.proposal);
        break;
      case 'propose-partition':
        this.partitionProposals.push(effect);
        break;
      case 'forward':
        this.forwards.push(effect);
        break;
      case 'confirm-read':
        this.reads.push(effect);
        break;
      case 'collect-snapshot':
        this.collections.push(effect);
        break;
      case 'verify-password':
      case 'hash-password':
        this.passwordJobs.push(effect);
        if (!this.holdPasswords) this.answerPassword(effect);
        break;
      case 'log':
        this.logs.push(effect);
        break;
    }
  }

  /** A password matches the hash `phc:<password>`. */
  answerPassword(effect: ServerEffect): void {
    const { now } = this;
    if (effect.kind === 'verify-password') {
      const matches = effect.phc === `phc:${new TextDecoder().decode(effect.password)}`;
      this.step({ kind: 'password-verified', job: effect.job, matches, now });
    }
    if (effect.kind === 'hash-password') {
      const phc = `phc:${new TextDecoder().decode(effect.password)}`;
      this.step({ kind: 'password-hashed', job: effect.job, phc, now });
    }
  }
}

export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`expected one, got ${items.length}`);
  return item;
}

const systemFigures = {
  processId: 42,
  cpuUsage: 1.5,
  totalCpuUsage: 2.5,
  memoryUsage: 1_000,
  totalMemory: 9_000,
  availableMemory: 5_000,
  runTimeMicros: 7,
  startTimeMicros: 8,
  readBytes: 0,
  writtenBytes: 0,
  hostname: 'host',
  osName: 'os',
  osVersion: '1',
  kernelVersion: '2',
  threads: 3,
  freeDisk: 10,
  totalDisk: 20,
};
