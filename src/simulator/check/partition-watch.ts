import { checkInvariants, type Replica } from '../../consensus/index.js';
import type { NodeHost } from '../../host/index.js';
import { prepareHeader } from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { PartitionRecord } from './partition-record.js';
import { countOf, membersOf } from './replica-bits.js';
import { violationOf } from './verdict.js';

type Slot =
  NodeHost['partitions']['slots'] extends ReadonlyMap<number, infer Value> ? Value : never;
/** A partition that runs on a node. */
export type RunningPartition = NonNullable<Slot['host']>;

const builderOffset = prepareHeader.offsetOf.replica;

/** Looks at one replica of a partition after every turn, and at what leaves it. */
export class PartitionWatch {
  readonly host: RunningPartition;
  readonly record: PartitionRecord;
  readonly #node: SimNode;
  readonly #nodes: readonly SimNode[];
  readonly #quorum: number;
  #directory = '';
  #commit = 0;
  #head = -1;
  #view = -1;
  #status = '';
  #transfer = '';

  constructor(options: {
    readonly host: RunningPartition;
    readonly record: PartitionRecord;
    readonly node: SimNode;
    readonly nodes: readonly SimNode[];
    readonly quorum: number;
  }) {
    this.host = options.host;
    this.record = options.record;
    this.#node = options.node;
    this.#nodes = options.nodes;
    this.#quorum = options.quorum;
    const { index } = this.#node;
    this.#guard(() => this.record.invariants.started(index, this.#replica));
    this.observeCommits();
  }

  /** A frame of this partition is about to leave. */
  sent(frame: Uint8Array): void {
    this.observeCommits();
    // Who acknowledges from memory is not judged by its disk.
    if (!this.#isJudged) return;
    const { index } = this.#node;
    const { commitMin } = this.#replica.status;
    const ledger = this.#ledgerOf(this.#node);
    this.#guard(() => {
      this.record.frames.sent({ index, ledger, mustBeSilent: false, commitMin }, frame);
      this.record.invariants.sent(index, frame, this.#replica.state);
    });
  }

  /** Brings the record up to what this replica committed. */
  observeCommits(): void {
    // An op commits in the view whose log this is; the same turn may have begun a later view change.
    const { commitMin, logView: view } = this.#replica.status;
    const { log, evicted } = this.#replica.state;
    if (commitMin === this.#commit) return;
    for (let op = this.#commit + 1; op <= commitMin; op++) {
      // What was written in the same turn may have left the journal.
      const entry = log.get(op) ?? evicted.get(op);
      if (entry === undefined) continue;
      const isFirst = this.record.committed(entry.frame, { node: this.#node.index, view });
      if (isFirst && this.#isJudged) this.#checkQuorum(op, entry.checksum, entry.frame);
    }
    this.#commit = commitMin;
  }

  /** After a turn. */
  observe(): void {
    const { status, head, view, transferStage } = this.#replica.status;
    this.observeCommits();
    const isSame = head === this.#head && view === this.#view && status === this.#status;
    if (isSame && transferStage === this.#transfer) return;
    this.#head = head;
    this.#view = view;
    this.#status = status;
    this.#transfer = transferStage;
    if (!this.#isJudged) return;
    const { index } = this.#node;
    this.#guard(() => checkInvariants(index, this.#replica, this.record.invariants));
  }

  /** True when nothing that is committed is missing here. */
  get isCurrent(): boolean {
    const { status, commitMin, head, transferStage, isRepairing } = this.#replica.status;
    const isQuiet = transferStage === 'idle' && !isRepairing;
    // A log that was lost goes on with a new one, which counts from the start.
    const hasAll = this.record.hasLost || commitMin >= this.record.head;
    return status === 'normal' && isQuiet && commitMin === head && hasAll;
  }

  /** True when the durable files of this replica hold all that is committed. */
  get isWhole(): boolean {
    const last = this.record.entries[this.record.head];
    if (!this.isCurrent) return false;
    if (last === undefined || this.record.place.ack === 'memory') return true;
    return this.#ledgerOf(this.#node).holds(this.record.head, last.checksum);
  }

  get #replica(): Replica {
    return this.host.replica;
  }

  get #isJudged(): boolean {
    return this.record.place.ack === 'fsync';
  }

  #ledgerOf(node: SimNode) {
    if (this.#directory === '') {
      const { stream, topic, partition } = this.host.address;
      this.#directory = `streams/${stream}/topics/${topic}/partitions/${partition}`;
    }
    return node.partitionLedgers.of(this.#directory);
  }

  /** S9: enough replicas held the entry when they said so. */
  #checkQuorum(op: number, checksum: bigint, frame: Uint8Array): void {
    let holders = this.record.frames.holders(checksum);
    const builder = frame[builderOffset] ?? -1;
    const primary = this.#replica.status.logView % this.#nodes.length;
    for (const node of this.#nodes) {
      const speaks = node.index === primary || node.index === builder;
      if (speaks && this.#ledgerOf(node).holds(op, checksum)) holders |= 1 << node.index;
    }
    if (countOf(holders) >= this.#quorum) return;
    const others = this.#nodes.map(({ index, host }) => {
      const slot = host?.partitions.slots.get(this.host.group);
      const status = slot?.host?.status;
      return `r${index} ${slot?.state} ${slot?.address.revision} v${status?.view} ${status?.commitMin}/${status?.head}`;
    });
    const held = `held by [${membersOf(holders).join(', ')}] only`;
    const detail = `op ${op} is committed, ${held}; ${others.join(', ')}`;
    this.record.report({ class: 'S', invariant: 'S9', detail, node: this.#node.index });
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.record.report(violationOf(error, this.#node.index));
    }
  }
}
