import { checkInvariants, type InvariantHistory, type Replica } from '../../consensus/index.js';
import { prepareHeader } from '../../wire/index.js';
import type { Recorder } from '../trace/recorder.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry, CanonicalLog } from './canonical-log.js';
import type { FrameChecker } from './frame-checker.js';
import { isMetadataFrame } from './frame-group.js';
import { countOf, membersOf } from './replica-bits.js';
import { type Report, violationOf } from './verdict.js';

/** Looks at one replica after every turn, and at everything that leaves it. */
export class ReplicaWatch {
  readonly #node: SimNode;
  readonly #nodes: readonly SimNode[];
  readonly #canonical: CanonicalLog;
  readonly #frames: FrameChecker;
  readonly #history: InvariantHistory;
  readonly #recorder: Recorder;
  readonly #report: Report;
  readonly #quorum: number;
  readonly #committed: (entry: CanonicalEntry, frame: Uint8Array) => void;
  #commit = 0;
  #head = 0;
  #view = 0;
  #status = '';
  #transfer = '';

  constructor(options: {
    readonly node: SimNode;
    readonly nodes: readonly SimNode[];
    readonly canonical: CanonicalLog;
    readonly frames: FrameChecker;
    readonly history: InvariantHistory;
    readonly recorder: Recorder;
    readonly report: Report;
    readonly quorum: number;
    readonly committed: (entry: CanonicalEntry, frame: Uint8Array) => void;
  }) {
    this.#node = options.node;
    this.#nodes = options.nodes;
    this.#canonical = options.canonical;
    this.#frames = options.frames;
    this.#history = options.history;
    this.#recorder = options.recorder;
    this.#report = options.report;
    this.#quorum = options.quorum;
    this.#committed = options.committed;
  }

  /** The replica came to life. */
  started(): void {
    const replica = this.#replica;
    if (replica === undefined) return;
    this.#commit = 0;
    this.#status = '';
    this.#guard(() => this.#history.started(this.#node.index, replica));
    const { commitMin, checkpointOp } = replica.status;
    if (commitMin < checkpointOp) {
      this.#fail('S3', `restarted at ${commitMin}, below its checkpoint ${checkpointOp}`);
    }
    if (replica.status.view < this.#node.ledger.view) {
      this.#fail(
        'S5',
        `restarted in view ${replica.status.view}, durable is ${this.#node.ledger.view}`,
      );
    }
    this.observeCommits();
  }

  /** A frame is about to leave. */
  sent(frame: Uint8Array): void {
    const replica = this.#replica;
    if (replica === undefined || !isMetadataFrame(frame)) return;
    this.observeCommits();
    const { index, ledger, mustBeSilent } = this.#node;
    const { commitMin } = replica.status;
    this.#guard(() => {
      this.#frames.sent({ index, ledger, mustBeSilent, commitMin }, frame);
      this.#history.sent(index, frame, replica.state);
    });
  }

  /** Brings the canonical log up to what this replica committed. */
  observeCommits(): void {
    const replica = this.#replica;
    if (replica === undefined) return;
    // An op commits in the view whose log this is; the same turn may have begun a later view change.
    const { commitMin, logView } = replica.status;
    if (commitMin === this.#commit) return;
    for (let op = this.#commit + 1; op <= commitMin; op++) {
      const entry = replica.state.log.get(op);
      if (entry === undefined) continue;
      const by = { node: this.#node.index, view: logView };
      if (!this.#canonical.committed(entry.frame, by)) continue;
      this.#checkQuorum(op, entry.checksum, logView % this.#nodes.length);
      const committed = this.#canonical.get(op);
      if (committed !== undefined) this.#committed(committed, entry.frame);
    }
    this.#commit = commitMin;
    this.#recorder.note('commit', this.#node.index, String(commitMin));
  }

  /** After a turn. @throws INVARIANT */
  observe(): void {
    const replica = this.#replica;
    if (replica === undefined) return;
    this.observeCommits();
    const { status } = replica;
    const isSame =
      status.head === this.#head && status.view === this.#view && status.status === this.#status;
    if (isSame && status.transferStage === this.#transfer) return;
    this.#note(replica);
    checkInvariants(this.#node.index, replica, this.#history);
    const { pipelineLength, requestQueueLength } = status;
    const { pipelineDepth, requestQueueDepth } = replica.state.limits;
    if (pipelineLength > pipelineDepth || requestQueueLength > requestQueueDepth) {
      this.#fail('S21', `${pipelineLength} in the pipeline, ${requestQueueLength} waiting`);
    }
  }

  /** S14: what comes in while `deliver` runs must change nothing. */
  mustReject(deliver: () => void): void {
    const before = this.#facts();
    deliver();
    this.#recorder.mark('altered frame rejected');
    const after = this.#facts();
    if (before === after) return;
    this.#fail('S14', `an altered frame changed the state from ${before} to ${after}`);
  }

  get #replica(): Replica | undefined {
    return this.#node.host?.replica;
  }

  #facts(): string {
    const s = this.#replica?.status;
    const state = this.#replica?.state;
    if (s === undefined || state === undefined) return 'down';
    const { runTop, heartbeatCounter, pipeline, svcSenders, votes } = state;
    const acks = [...pipeline].map((pending) => pending.acks).join(' ');
    const voted = votes.map((vote) => vote?.op ?? '').join(' ');
    const place = `${s.status} ${s.view}/${s.logView} ${s.head} ${s.commitMin}/${s.commitMax}`;
    return `${place} ${runTop} ${state.log.size} ${heartbeatCounter} ${svcSenders} [${acks}] [${voted}]`;
  }

  #checkQuorum(op: number, checksum: bigint, primary: number): void {
    let holders = this.#frames.holders(checksum);
    const builder = this.#builderOf(op);
    for (const { index, ledger } of this.#nodes) {
      const speaks = index === primary || index === builder;
      if (speaks && ledger.holds(op, checksum)) holders |= 1 << index;
    }
    if (countOf(holders) >= this.#quorum) return;
    const held = membersOf(holders).join(', ');
    this.#fail(
      'S9',
      `op ${op} is committed, held by [${held}], which is less than ${this.#quorum}`,
    );
  }

  #builderOf(op: number): number {
    return this.#replica?.state.log.get(op)?.frame[builderOffset] ?? -1;
  }

  #note(replica: Replica): void {
    const { status, view, head, transferStage, isRepairing } = replica.status;
    const { index } = this.#node;
    if (view !== this.#view) this.#recorder.note('view', index, String(view));
    if (status !== this.#status) {
      this.#recorder.note('status', index, status);
      this.#recorder.mark(`status ${status}`);
    }
    if (transferStage !== this.#transfer && transferStage !== 'idle') {
      this.#recorder.mark(`transfer ${transferStage}`);
    }
    if (isRepairing) this.#recorder.mark('repair');
    this.#head = head;
    this.#view = view;
    this.#status = status;
    this.#transfer = transferStage;
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#report(violationOf(error, this.#node.index));
    }
  }

  #fail(invariant: string, detail: string): void {
    const node = this.#node.index;
    this.#report({ class: 'S', invariant, detail: `r${node}: ${detail}`, node });
  }
}

const builderOffset = prepareHeader.offsetOf.replica;
