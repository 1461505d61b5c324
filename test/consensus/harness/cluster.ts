import { createPrng, type Prng } from '../../../src/base/index.js';
import {
  type ConsensusLimits,
  consensusLimits,
  metadataGroup,
  type Proposal,
  type ProposalOutcome,
  Replica,
  type ReplicaConfig,
  type ReplicaEffect,
  type ReplicaEvent,
  type ReplicaTrace,
} from '../../../src/consensus/index.js';
import { checkInvariants, InvariantHistory } from '../../../src/consensus/invariants.js';
import { Command, Operation } from '../../../src/wire/index.js';
import { CounterMachine } from './counter-machine.js';
import { SimDisk } from './disk.js';

export interface ClusterOptions {
  readonly replicaCount?: number;
  readonly seed?: number;
  readonly limits?: Partial<ConsensusLimits>;
  /** What one node has different limits in. */
  readonly limitsOf?: (index: number) => Partial<ConsensusLimits>;
  readonly requestPolicy?: ReplicaConfig['requestPolicy'];
  /** Per mille of frames that are lost, sent twice, or delayed by some ticks. */
  readonly loss?: number;
  readonly duplication?: number;
  readonly delay?: number;
  /** Per mille of frames that arrive with one flipped bit. */
  readonly corruption?: number;
  /** Completes writes at once; otherwise some ticks later. */
  readonly slowDisk?: boolean;
  readonly tracing?: boolean;
}

interface Flight {
  readonly from: number;
  readonly to: number;
  readonly frame: Uint8Array;
  readonly due: number;
}

export interface SimNode {
  readonly index: number;
  readonly disk: SimDisk;
  machine: CounterMachine;
  replica: Replica | undefined;
  halted: string | undefined;
}

/** What a frame filter does with a frame: let it pass, lose it, or change it. */
export type FrameFilter = (flight: {
  readonly from: number;
  readonly to: number;
  readonly frame: Uint8Array;
}) => boolean;

/** A whole cluster of one group on a simulated network and disks; everything follows from a seed. */
export class Cluster {
  readonly nodes: readonly SimNode[];
  readonly outcomes = new Map<number, ProposalOutcome>();
  readonly readOutcomes = new Map<number, number>();
  readonly traces: { readonly node: number; readonly event: ReplicaTrace }[] = [];
  readonly history = new InvariantHistory();
  readonly #options: ClusterOptions;
  readonly #prng: Prng;
  readonly #cut = new Set<string>();
  #filters: FrameFilter[] = [];
  #flights: Flight[] = [];
  #tick = 0;
  #token = 0;
  #starts = 0n;
  /** Microseconds per tick that clocks advance. */
  clock = 1_700_000_000_000_000;
  checks = true;

  constructor(options: ClusterOptions = {}) {
    this.#options = options;
    this.#prng = createPrng(options.seed ?? 1);
    this.nodes = Array.from({ length: options.replicaCount ?? 3 }, (_, index) => ({
      index,
      disk: new SimDisk(),
      machine: new CounterMachine(),
      replica: undefined,
      halted: undefined,
    }));
    for (const node of this.nodes) this.start(node.index);
  }

  get tick(): number {
    return this.#tick;
  }

  get prng(): Prng {
    return this.#prng;
  }

  node(index: number): SimNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`no node ${index}`);
    return node;
  }

  replica(index: number): Replica {
    const { replica } = this.node(index);
    if (replica === undefined) throw new Error(`node ${index} is down`);
    return replica;
  }

  get live(): readonly SimNode[] {
    return this.nodes.filter((node) => node.replica !== undefined);
  }

  /** Index of the acting primary of the highest view, or -1. */
  get primary(): number {
    let best = -1;
    let view = -1;
    for (const { index, replica } of this.live) {
      if (replica?.status.isActingPrimary === true && replica.status.view > view) {
        best = index;
        view = replica.status.view;
      }
    }
    return best;
  }

  start(index: number, extra: { joining?: boolean } = {}): void {
    const node = this.node(index);
    node.machine = new CounterMachine();
    node.halted = undefined;
    this.#starts++;
    const config: ReplicaConfig = {
      cluster: 7n,
      group: metadataGroup,
      groupIncarnation: 0,
      replica: index,
      replicaCount: this.nodes.length,
      limits: consensusLimits({ ...this.#options.limits, ...this.#options.limitsOf?.(index) }),
      requestPolicy: this.#options.requestPolicy ?? 'watermark',
      durability: 'durable',
      tracing: this.#options.tracing ?? false,
    };
    const found = { ...node.disk.recover(this.#starts), ...extra };
    node.replica = new Replica(config, node.machine, found);
    this.history.started(index, node.replica);
  }

  /** Power cut: only what was durable stays. */
  crash(index: number): void {
    const node = this.node(index);
    node.replica = undefined;
    node.disk.crash();
    this.history.stopped(index);
  }

  restart(index: number): void {
    this.crash(index);
    this.start(index);
  }

  /** Loses everything between two nodes, in both directions. */
  cut(a: number, b: number): void {
    this.cutOneWay(a, b);
    this.cutOneWay(b, a);
  }

  cutOneWay(from: number, to: number): void {
    this.#cut.add(`${from}>${to}`);
  }

  isolate(index: number): void {
    for (const node of this.nodes) if (node.index !== index) this.cut(index, node.index);
  }

  heal(): void {
    this.#cut.clear();
    this.#filters = [];
  }

  /** Frames for which the filter returns false are lost. */
  filter(filter: FrameFilter): void {
    this.#filters.push(filter);
  }

  /** Removes what is under way on the network. */
  dropFlights(): void {
    this.#flights = [];
  }

  /** Delivers a frame right now. */
  inject(to: number, frame: Uint8Array): void {
    this.step(to, { kind: 'frame', frame, now: this.clock });
  }

  propose(index: number, proposal: Omit<Proposal, 'token'>): number {
    const token = ++this.#token;
    this.step(index, { kind: 'propose', proposal: { ...proposal, token }, now: this.clock });
    return token;
  }

  register(index: number, client: bigint, userId = 1): number {
    return this.propose(index, {
      source: 'client',
      operation: Operation.Register,
      client,
      session: 0,
      request: 0n,
      requestChecksum: 0n,
      userId,
      body: new Uint8Array(0),
    });
  }

  request(
    index: number,
    fields: Pick<Proposal, 'client' | 'session' | 'request'> & Partial<Proposal>,
  ): number {
    return this.propose(index, {
      source: 'client',
      operation: Operation.CreateStream,
      requestChecksum: 0n,
      userId: 0,
      body: new Uint8Array([1, 2, 3]),
      ...fields,
    });
  }

  read(index: number): number {
    const token = ++this.#token;
    this.step(index, { kind: 'read', token, now: this.clock });
    return token;
  }

  outcome(token: number): ProposalOutcome | undefined {
    return this.outcomes.get(token);
  }

  step(index: number, event: ReplicaEvent): void {
    const { replica } = this.node(index);
    if (replica === undefined) return;
    this.#perform(index, replica.step(event));
    if (this.checks) checkInvariants(index, replica, this.history);
  }

  /** Completes writes and delivers frames that are due, until nothing is left to do. */
  settle(): void {
    for (let rounds = 0; rounds < 10_000; rounds++) {
      const didIo = this.#options.slowDisk !== true && this.#completeWrites();
      if (!this.#deliverDue() && !didIo) return;
    }
    throw new Error('the cluster does not come to rest');
  }

  /** Lets time pass: every live replica gets one tick, then everything due happens. */
  run(ticks = 1): void {
    for (let i = 0; i < ticks; i++) {
      this.#tick++;
      this.clock += 10_000;
      for (const node of this.live) this.step(node.index, { kind: 'tick', now: this.clock });
      if (this.#options.slowDisk === true) this.#completeSomeWrites();
      this.settle();
    }
  }

  /** Runs until a condition holds. */
  runUntil(holds: () => boolean, maxTicks = 5000): void {
    for (let i = 0; i < maxTicks; i++) {
      if (holds()) return;
      this.run();
    }
    throw new Error(`condition not reached in ${maxTicks} ticks: ${this.describe()}`);
  }

  describe(): string {
    return this.nodes
      .map(({ index, replica }) => {
        if (replica === undefined) return `${index}: down`;
        const s = replica.status;
        return (
          `${index}: ${s.status} v${s.view}/${s.logView} head ${s.head} ` +
          `commit ${s.commitMin}/${s.commitMax} ${s.transferStage}` +
          `${s.isActingPrimary ? ' primary' : ''}${s.isRepairing ? ' repairing' : ''}`
        );
      })
      .join(' | ');
  }

  #perform(from: number, effects: readonly ReplicaEffect[]): void {
    const node = this.node(from);
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          if (this.checks && node.replica !== undefined) {
            this.history.sent(from, effect.frame, node.replica.state);
          }
          this.#transmit(from, effect.to, effect.frame);
          break;
        case 'journal-append':
        case 'journal-rewrite':
        case 'superblock-write':
        case 'snapshot-write':
          node.disk.submit(effect);
          break;
        case 'outcome':
          if (this.outcomes.has(effect.token)) throw new Error('answered twice');
          this.outcomes.set(effect.token, effect.outcome);
          break;
        case 'read-outcome':
          this.readOutcomes.set(effect.token, effect.code);
          break;
        case 'trace':
          this.traces.push({ node: from, event: effect.event });
          break;
        case 'halt':
          if (effect.reason === 'divergence' && this.checks) throw new Error(effect.detail);
          node.halted = effect.reason;
          this.crash(from);
          break;
        case 'rejoined':
        case 'frontier-durable':
          break;
      }
    }
  }

  #transmit(from: number, to: number, frame: Uint8Array): void {
    if (this.#cut.has(`${from}>${to}`)) return;
    for (const filter of this.#filters) if (!filter({ from, to, frame })) return;
    const { loss = 0, duplication = 0, delay = 0 } = this.#options;
    if (this.#prng.below(1000) < loss) return;
    const copies = this.#prng.below(1000) < duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const due = this.#tick + (delay === 0 ? 0 : this.#prng.below(delay + 1));
      this.#flights.push({ from, to, frame: this.#corrupt(frame), due });
    }
  }

  /**
   * Nothing covers the view of a prepare; a forged one whose primary built the entry cannot be told
   * from the truth and is not made.
   */
  #corrupt(frame: Uint8Array): Uint8Array {
    if (this.#prng.below(1000) >= (this.#options.corruption ?? 0)) return frame;
    const copy = frame.slice();
    const command = frame[60];
    const isPrepare = command === Command.Prepare || command === Command.RepairPrepare;
    const isUnsealedBody =
      command === Command.StateChunk || command === Command.StateTransferTarget;
    const at = this.#prng.below(isUnsealedBody ? 256 : frame.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << this.#prng.below(8));
    const view = new DataView(copy.buffer, copy.byteOffset).getUint32(52, true);
    const isForged = isPrepare && at >= 52 && at < 56 && view % this.nodes.length === copy[61];
    return isForged ? frame : copy;
  }

  #deliverDue(): boolean {
    const due = this.#flights.filter((flight) => flight.due <= this.#tick);
    if (due.length === 0) return false;
    this.#flights = this.#flights.filter((flight) => flight.due > this.#tick);
    for (const { from, to, frame } of due) {
      this.step(to, { kind: 'frame', frame, now: this.clock, from });
    }
    return true;
  }

  #completeWrites(): boolean {
    let did = false;
    for (const node of this.live) {
      while (node.replica !== undefined && node.disk.hasPending) {
        const event = node.disk.completeOne();
        if (event === undefined) break;
        did = true;
        this.step(node.index, event);
      }
    }
    return did;
  }

  #completeSomeWrites(): void {
    for (const node of this.live) {
      while (node.replica !== undefined && node.disk.hasPending && this.#prng.chance(0.6)) {
        const event = node.disk.completeOne();
        if (event !== undefined) this.step(node.index, event);
      }
    }
  }
}
