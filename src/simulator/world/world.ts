import { consensusLimits, InvariantHistory, quorums } from '../../consensus/index.js';
import { CanonicalLog } from '../check/canonical-log.js';
import { FrameChecker } from '../check/frame-checker.js';
import { isMetadataFrame } from '../check/frame-group.js';
import { Judges } from '../check/judges.js';
import { PartitionJudge } from '../check/partition-judge.js';
import { RemovalChecker } from '../check/removal-checker.js';
import { ReplicaWatch } from '../check/replica-watch.js';
import { ReplyChecker } from '../check/reply-checker.js';
import { StateChecker } from '../check/state-checker.js';
import { checkQuorums, checkReserved } from '../check/static-rules.js';
import { type Report, type Violation, violationOf } from '../check/verdict.js';
import { ViewChecker } from '../check/view-checker.js';
import type { Plan } from '../plan/plan.js';
import { Dice, domain } from '../random/draw.js';
import { EventQueue } from '../scheduler/event-queue.js';
import { collectLife } from '../trace/life-marks.js';
import type { Recorder } from '../trace/recorder.js';
import { type ClientHub, hubOf } from './client-hub.js';
import { FaultDriver } from './fault-driver.js';
import { areOthersWhole, mayLoseDisk, rotFile } from './lost-disk.js';
import { type Flight, Network } from './network.js';
import { configOf } from './node-config.js';
import { actingPrimary, verdictOnHalt } from './node-facts.js';
import { ReplicaPipes } from './replica-pipes.js';
import { rotPartition } from './rot-data.js';
import { RoughClient } from './rough-client.js';
import { SimClient } from './sim-client.js';
import { SimNode } from './sim-node.js';

type QueuedEvent = Flight | (() => void);

/** Core steps of one tick above which nothing but a loop can be the reason. */
const stepBudget = 100_000;
/** Ticks between deep comparisons of states. */
const deepEvery = 1000;
/** A whole cluster with its clients under virtual time; everything follows from the plan. */
export class World {
  readonly plan: Plan;
  readonly dice: Dice;
  readonly recorder: Recorder;
  readonly nodes: readonly SimNode[];
  readonly clients: SimClient[] = [];
  readonly rough: readonly RoughClient[];
  readonly judges: Judges;
  readonly network: Network;
  /** Links between replicas as bytes, in plans that have them so. */
  readonly pipes: ReplicaPipes | undefined;
  readonly hub: ClientHub;
  readonly faults: FaultDriver;
  readonly canonical: CanonicalLog;
  readonly partitions: PartitionJudge;
  tick = 0;
  /** Whether clients begin new requests. */
  mayAsk = true;
  crashes = 0;
  wipes = 0;
  violation: Violation | undefined;
  readonly #queue = new EventQueue<QueuedEvent>();
  readonly #history = new InvariantHistory();
  readonly #frames: FrameChecker;
  readonly #replies: ReplyChecker;
  readonly #states: StateChecker;
  readonly #watches: readonly ReplicaWatch[];
  readonly #views: ViewChecker;
  readonly #report: Report;
  readonly #isJudged: (violation: Violation) => boolean;
  #woken: SimNode[] = [];
  #steps = 0;

  constructor(
    plan: Plan,
    recorder: Recorder,
    isJudged: (violation: Violation) => boolean = () => true,
  ) {
    this.plan = plan;
    this.#isJudged = isJudged;
    this.recorder = recorder;
    this.dice = new Dice(BigInt(`0x${plan.seed}`));
    const report = (violation: Violation) => this.fail(violation);
    const { pipes } = plan.network;
    if (pipes !== undefined) this.pipes = new ReplicaPipes(pipes, this);
    this.network = new Network(plan, this.dice, (flight, delay, order) => {
      if (this.pipes !== undefined) this.pipes.write(flight, delay);
      else this.#queue.push(this.tick + delay, flight, order);
    });
    this.hub = hubOf(plan, this);
    this.nodes = Array.from({ length: plan.replicas }, (_, index) => this.#newNode(index));
    const limits = consensusLimits(plan.limits);
    this.canonical = new CanonicalLog(limits, report);
    this.#frames = new FrameChecker(plan.replicas, this.canonical, report);
    this.#replies = new ReplyChecker(this.canonical, report);
    this.#states = new StateChecker(this.canonical, report);
    this.#report = report;
    this.#views = new ViewChecker(this.canonical, quorums(plan.replicas).nack, report);
    new RemovalChecker(this.canonical, report).watch(this.nodes);
    checkQuorums(report);
    this.partitions = new PartitionJudge(plan, this.nodes, report);
    this.judges = new Judges({
      ...{ plan, nodes: this.nodes, canonical: this.canonical, report },
      tick: () => this.tick,
      mark: (name) => recorder.mark(name),
      isOpen: (node, connection) => this.hub.isOpen(node, connection),
    });
    const quorum = quorums(plan.replicas).replication;
    this.#watches = this.nodes.map(
      (node) =>
        new ReplicaWatch({
          ...{ node, canonical: this.canonical, frames: this.#frames },
          ...{ history: this.#history, recorder, report, quorum, nodes: this.nodes },
          committed: (entry, frame) => this.judges.committed(entry, frame, node),
        }),
    );
    this.faults = new FaultDriver(this, plan.faults);
    const { clients, twins } = plan.workload;
    for (let i = 0; i < clients; i++) this.addClient(i < 2 * twins ? i >> 1 : i);
    const { rough, names } = plan.workload;
    this.rough = Array.from(
      { length: rough },
      (_, number) => new RoughClient({ number, world: this, nodes: plan.replicas, names, report }),
    );
    for (const node of this.nodes) node.start();
  }

  hasFailed(): boolean {
    return this.violation !== undefined;
  }

  /** Highest op that is committed anywhere. */
  get head(): number {
    return this.canonical.head;
  }

  /** The acting primary of the highest view, or -1. */
  get primary(): number {
    return actingPrimary(this.nodes);
  }

  node(index: number): SimNode {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`there is no replica ${index}`);
    return node;
  }

  addClient(identity: number): SimClient {
    const client = new SimClient({
      index: this.clients.length,
      identity: (BigInt(identity + 1) << 64n) | 0xc11n,
      world: this,
      plan: this.plan.workload,
      nodes: this.plan.replicas,
      data: this.plan.data,
    });
    this.clients.push(client);
    return client;
  }

  /** One tick of 10 ms. */
  step(): void {
    this.recorder.begin(this.tick + 1);
    this.tick += 1;
    this.#steps = 0;
    for (const node of this.nodes) node.disk.now = this.tick;
    for (const { kind, target, value, until } of this.faults.advance()) {
      this.recorder.note('fault', target, `${kind} ${value} until ${until}`);
    }
    // A node that goes on has what came meanwhile before it, which no frame of this tick stands for.
    this.#drain();
    this.#deliverDue();
    this.#tickNodes();
    for (const client of this.clients) client.act(this.mayAsk);
    for (const client of this.rough) client.act(this.mayAsk);
    this.#drain();
    if (this.tick % deepEvery === 0) this.checkDeeply();
  }

  /** Compares the states of all replicas, with each other and with the reference. */
  checkDeeply(): void {
    for (const node of this.nodes) this.#states.check(node);
    this.partitions.checkDeeply();
  }

  later(ticks: number, run: () => void): void {
    this.#queue.push(this.tick + ticks, run);
  }

  wake(node: SimNode): void {
    if (!this.#woken.includes(node)) this.#woken.push(node);
  }

  sent(node: SimNode, to: number, frame: Uint8Array): void {
    this.#watch(node)?.sent(frame);
    this.partitions.sent(node, frame);
    this.judges.sent(node, frame);
    this.#views.sent(node, frame);
    checkReserved(frame, node.index, this.#report);
    const digest = this.recorder.frame('send', node.index, to, frame);
    if (isMetadataFrame(frame)) this.faults.sent(node.index, to, frame);
    if (to === node.index || to >= this.nodes.length) return;
    this.network.send(node.index, to, frame, this.tick, digest);
  }

  /** A whole frame of a client reached a node. */
  arrived(node: number, connection: number, frame: Uint8Array): void {
    this.judges.arrived({ node: this.node(node), connection, frame });
  }

  answered(node: number, connection: number, client: number, frame: Uint8Array): void {
    this.#watches[node]?.observeCommits();
    this.recorder.client('reply', client, `from r${node}`, frame);
    this.judges.answered({ node: this.node(node), connection, frame });
    this.#replies.answered(node, frame);
    this.partitions.answered(this.node(node), client, frame);
  }

  isLinkUp(from: number, to: number): boolean {
    if (this.pipes?.isUp(from, to) === false) return false;
    return !this.network.cut.has(from * 32 + to) && this.nodes[to]?.isAlive === true;
  }

  started(node: SimNode): void {
    if (node.isDamaged || node.isMisled) {
      const detail = `r${node.index}: booted over a journal that is damaged inside`;
      this.fail({ class: 'S', invariant: 'S19', detail, node: node.index });
    }
    this.#watch(node)?.started();
    this.#states.check(node);
  }

  halted(node: SimNode, reason: string, detail: string): void {
    this.recorder.note('halt', node.index, reason);
    this.recorder.mark(`halt ${reason}`);
    const verdict = verdictOnHalt(node, reason, detail);
    if (verdict !== undefined) this.fail(verdict);
    this.later(1, () => {
      this.stop(node, true);
      this.later(200, () => this.start(node));
    });
  }

  /** A process dies, or its machine loses power. */
  stop(node: SimNode, power: boolean): void {
    this.#watch(node)?.observeCommits();
    this.partitions.observe(node);
    this.partitions.stopped(node);
    if (node.host !== undefined) {
      collectLife(this.recorder, node.host);
      this.recorder.mark(`restart in ${node.host.status.status}`);
    }
    node.stop(power);
    this.crashes += 1;
    this.recorder.note(power ? 'power' : 'crash', node.index, '');
    this.#history.stopped(node.index);
    this.hub.dropAll(node.index, false);
  }

  start(node: SimNode): void {
    node.start();
  }

  /** Clients that write have to go elsewhere, and nobody comes; or all may come again. */
  shun({ index, isAlive }: SimNode, isShunned: boolean): void {
    if (isShunned) this.hub.shun(index, isAlive, this.plan.workload.readers);
    else this.hub.closed.delete(index);
  }

  resetClients(node: SimNode): void {
    this.hub.dropAll(node.index, node.isAlive);
  }

  /** Once a run, in odd clusters from 3 on, while everything there is has reached all others. */
  mayWipe(node: SimNode, isAgain = false): boolean {
    return isAgain ? areOthersWhole(this, node) : mayLoseDisk(this, node);
  }

  wipe(node: SimNode): void {
    this.wipes += 1;
    node.wipe();
    this.pipes?.forget(node.index);
    // What it said before is not true of the empty node that comes back.
    this.#queue.discard((event) => typeof event !== 'function' && event.from === node.index);
  }

  rot(node: SimNode, value: number): boolean {
    return rotFile(this.dice, node, value);
  }

  rotData(node: SimNode, value: number): string | undefined {
    return rotPartition(this, node, value);
  }

  fail(violation: Violation): void {
    if (this.violation !== undefined || !this.#isJudged(violation)) return;
    this.violation = violation;
    const node = violation.node ?? -1;
    this.recorder.note('verdict', node, `${violation.invariant} ${violation.detail}`);
  }

  #watch(node: SimNode): ReplicaWatch | undefined {
    return this.#watches[node.index];
  }

  #deliverDue(): void {
    for (let next = this.#queue.take(this.tick); next !== undefined; ) {
      if (typeof next === 'function') next();
      else this.#deliver(next);
      if (!this.plan.batched) this.#drain();
      if (this.violation !== undefined) return;
      next = this.#queue.take(this.tick);
    }
    this.#drain();
  }

  arrivedWhole(flight: Flight): boolean {
    if (this.nodes[flight.to]?.isAlive !== true) return false;
    this.#deliver(flight);
    return true;
  }

  #deliver({ from, to, frame, digest, isAltered, place }: Flight): void {
    const node = this.nodes[to];
    if (node === undefined || !node.isAlive || place?.isDropped === true) return;
    this.recorder.frame('recv', to, from, frame, digest);
    const watch = isAltered && node.state === 'up' ? this.#watch(node) : undefined;
    if (watch === undefined) {
      const deliver = () => node.push({ kind: 'replica-frame', from, frame });
      const handle = () => {
        deliver();
        this.#drain();
      };
      // Where frames are handled together nothing can be said about one of them.
      if (this.plan.batched || node.state !== 'up') deliver();
      else this.judges.delivered(node, frame, handle);
      return;
    }
    this.#drain();
    watch.mustReject(() => {
      node.push({ kind: 'replica-frame', from, frame });
      this.#drain();
    });
  }

  #tickNodes(): void {
    const { nodes } = this;
    const first = this.dice.below(nodes.length, domain.tickOrder, this.tick);
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[(first + i) % nodes.length];
      const isDue = node?.state === 'up' && this.tick % node.tickEvery === 0;
      if (isDue) node.push({ kind: 'tick' });
      if (!this.plan.batched) this.#drain();
    }
    this.#drain();
    for (const node of nodes) {
      if (node.state !== 'refused' || node.isDamaged || node.isMisled) continue;
      const detail = 'refused to boot although its files are as it left them';
      this.fail({ class: 'S', invariant: 'S19', detail, node: node.index });
    }
  }

  #drain(): void {
    while (this.#woken.length > 0) {
      const woken = this.#woken;
      this.#woken = [];
      for (const node of woken) {
        if (node.state === 'up') this.#drainNode(node);
        else if (node.state === 'paused') node.isDrainDue = true;
      }
    }
  }

  #drainNode(node: SimNode): void {
    this.#steps += 1;
    if (this.#steps > stepBudget) {
      this.fail({ class: 'W', invariant: 'LIVELOCK', detail: 'a tick does not end' });
      return;
    }
    node.host?.drain();
    try {
      this.#watch(node)?.observe();
      this.#views.observe(node);
      this.partitions.observe(node);
    } catch (error) {
      this.fail(violationOf(error, node.index));
    }
  }

  #newNode(index: number): SimNode {
    const { clocks, disk } = this.plan;
    return new SimNode({
      index,
      world: this,
      clients: this.hub.portsOf(index),
      config: () => configOf(this.plan, index),
      timing: disk,
      clock: clocks[index] ?? { offset: 0, drift: 0 },
    });
  }
}
