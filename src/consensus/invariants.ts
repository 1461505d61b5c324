import { assert, getU32, getU64, getU64Number, getU128 } from '../base/index.js';
import { Command } from '../wire/index.js';
import { pipelineCeiling } from './constants.js';
import { commandOf, senderOf, viewOf } from './frame/control.js';
import { doViewChangeAt, headerSize, prepareOkAt, startViewAt } from './frame/layout.js';
import { prepareChecksum, prepareTimestamp } from './frame/prepare.js';
import { decodeSuffix, decodeVote } from './frame/suffix.js';
import type { LogEntry } from './log.js';
import type { Replica } from './replica.js';
import type { ReplicaState } from './state.js';

/** Frames that speak for a view and wait for its record. */
const gatedCommands: ReadonlySet<number> = new Set([
  Command.StartViewChange,
  Command.DoViewChange,
  Command.StartView,
  Command.Prepare,
  Command.PrepareOk,
  Command.Commit,
  Command.Pong,
]);

interface AckRecord {
  readonly checksum: bigint;
  readonly logView: number;
}

interface Memory {
  view: number;
  logView: number;
  commitMin: number;
  isRecovering: boolean;
  /** Entries put into the log when it was looked at last. */
  puts: number;
  /** Checksum of the newest acknowledgement per op, with the log view it was made in. */
  readonly acked: Map<number, AckRecord>;
}

/**
 * What the replicas of one group did so far, for the invariants that no single state shows. Fed by
 * tests and the simulator; it only reads.
 */
export class InvariantHistory {
  /** The one log: op to identity of the entry applied there by whoever applied it first. */
  readonly applied = new Map<number, bigint>();
  /** View of the replica that applied an op first. */
  readonly #appliedIn = new Map<number, number>();
  readonly #starters = new Map<number, number>();
  readonly #memories = new Map<number, Memory>();

  /** A replica came to life. */
  started(replica: number, instance: Replica): void {
    const { state } = instance;
    const memory = this.#memories.get(replica);
    assert(state.logView >= 0 && state.logView <= state.view, 'I-10: log_view <= view');
    this.#memories.set(replica, {
      view: state.view,
      logView: state.logView,
      commitMin: state.commitMin,
      isRecovering: state.status === 'recovering',
      puts: 0,
      acked: memory?.acked ?? new Map<number, AckRecord>(),
    });
  }

  /** A replica stopped; what it acknowledged stays true. */
  stopped(replica: number): void {
    const memory = this.#memories.get(replica);
    if (memory !== undefined) memory.commitMin = 0;
  }

  /** A frame leaves a replica. */
  sent(replica: number, frame: Uint8Array, state: Readonly<ReplicaState>): void {
    const command = commandOf(frame);
    if (gatedCommands.has(command)) {
      const isDurable = viewOf(frame) <= state.viewDurable;
      assert(isDurable, 'I-12: no view is spoken for before it is durable');
      assert(claimedLogView(frame) <= state.logViewDurable, 'I-12: nor the log of a view');
      // What left before the same step began to probe is lawful.
      const wasSilent = this.#memories.get(replica)?.isRecovering === true;
      const isSilent = wasSilent && state.status === 'recovering';
      assert(!isSilent, 'I-15: a recovering replica is silent', { command });
    }
    if (command === Command.PrepareOk) this.#sentAck(replica, frame, state);
    if (command === Command.DoViewChange) this.#sentVote(replica, frame);
    if (command === Command.StartView) this.#sentStartView(replica, frame, state);
    if (command === Command.Commit) {
      assert(viewOf(frame) % state.replicaCount === replica, 'S6: only the primary heartbeats');
    }
  }

  /** Looks at a replica after a step. */
  observe(replica: number, state: Readonly<ReplicaState>): void {
    const memory = this.#memories.get(replica);
    assert(memory !== undefined, 'an unknown replica');
    assert(state.view >= memory.view && state.logView >= memory.logView, 'I-10: views only grow');
    assert(state.commitMin >= memory.commitMin, 'I-08: commit_min never goes back');
    this.#observeApplied(memory.commitMin, state);
    if (state.logView > memory.logView) forgetSuperseded(memory.acked, state);
    memory.view = state.view;
    memory.logView = state.logView;
    memory.commitMin = state.commitMin;
    memory.isRecovering = state.status === 'recovering';
  }

  /** Ops whose entry is another than at the last call. */
  changedOps(replica: number, { log }: Readonly<ReplicaState>): readonly number[] {
    const memory = this.#memories.get(replica);
    const ops = log.putSince(memory?.puts ?? 0);
    if (memory !== undefined) memory.puts = log.puts;
    return ops;
  }

  #observeApplied(from: number, state: Readonly<ReplicaState>): void {
    for (let op = from + 1; op <= state.commitMin; op++) {
      const isAnchor = op === state.anchor.op;
      if (isAnchor && state.isAnchorOpen) continue;
      const checksum = isAnchor ? state.anchor.checksum : state.log.get(op)?.checksum;
      if (checksum === undefined) continue;
      const known = this.applied.get(op);
      assert(known === undefined || known === checksum, 'I-01: one log', { op });
      this.applied.set(op, checksum);
      if (known === undefined) this.#appliedIn.set(op, state.view);
    }
  }

  #sentAck(replica: number, frame: Uint8Array, state: Readonly<ReplicaState>): void {
    const op = getU64Number(frame, prepareOkAt.op);
    const checksum = getU64(frame, prepareOkAt.prepareChecksum);
    const entry = state.log.get(op);
    assert(entry?.durable === true && entry.checksum === checksum, 'I-19: acked what is held');
    assert(!state.isTransferring, 'I-30: nothing is acknowledged during a transfer');
    let below = state.anchor.checksum;
    for (let at = state.commitMin + 1; at <= op; at++) {
      const held = state.log.get(at);
      assert(held?.durable === true, 'I-37: no hole below an acknowledgement', { op, at });
      assert(
        held.parent === below || (state.isAnchorOpen && at === state.commitMin + 1),
        'I-37: the run below an acknowledgement is chained',
        { op, at },
      );
      below = held.checksum;
    }
    this.#memories.get(replica)?.acked.set(op, { checksum, logView: state.logView });
  }

  #sentVote(replica: number, frame: Uint8Array): void {
    const vote = decodeVote(frame);
    const memory = this.#memories.get(replica);
    assert(vote !== undefined && memory !== undefined, 'a vote decodes');
    const nack = getU128(frame, doViewChangeAt.nackBitset);
    const present = getU128(frame, doViewChangeAt.presentBitset);
    assert((nack & present) === 0n, 'I-23: a nacked op is not present');
    for (const [op, acked] of memory.acked) {
      const bit = vote.op - op;
      const isNacked = bit < 0 || ((nack >> BigInt(bit)) & 1n) === 1n;
      const stillClaims = acked.logView === vote.logView && op > vote.commit;
      assert(!isNacked || !stillClaims, 'I-38: an acknowledged op is never nacked', {
        op,
        replica,
      });
    }
  }

  #sentStartView(replica: number, frame: Uint8Array, state: Readonly<ReplicaState>): void {
    const view = viewOf(frame);
    const starter = this.#starters.get(view) ?? replica;
    assert(starter === replica && senderOf(frame) === replica, 'I-11: one primary per view', {
      view,
    });
    this.#starters.set(view, replica);
    const op = getU64Number(frame, startViewAt.op);
    const commit = getU64Number(frame, startViewAt.commit);
    const suffix = decodeSuffix(frame, op);
    assert(suffix !== undefined, 'a StartView decodes');
    assert(commit === 0 || suffix[op - commit] !== undefined, 'I-39: the commit point is named');
    for (const [i, header] of suffix.entries()) {
      const at = op - i;
      if (at <= state.commitMin) continue;
      assert(header !== undefined && state.log.get(at)?.durable === true, 'I-16: can be served');
    }
    for (const [committed, checksum] of this.applied) {
      // What later views committed since is none of the business of a late StartView.
      if ((this.#appliedIn.get(committed) ?? 0) > view) continue;
      const header = committed > op ? 'missing' : suffix[op - committed];
      if (header === 'missing') continue;
      if (header !== undefined) {
        assert(getU64(header, 0) === checksum, 'S10: a committed op is never replaced', {
          committed,
        });
      }
    }
  }
}

/** View whose log the sender of a gated frame claims to have. */
function claimedLogView(frame: Uint8Array): number {
  const command = commandOf(frame);
  if (command === Command.StartViewChange) return 0;
  return command === Command.DoViewChange ? getU32(frame, doViewChangeAt.logView) : viewOf(frame);
}

/** Everything that can be seen in one replica alone, and in how it moved on. */
export function checkInvariants(
  replica: number,
  instance: Replica,
  history: InvariantHistory,
): void {
  const { state } = instance;
  if (state.halted) return;
  history.observe(replica, state);
  assert(state.commitMin <= state.commitMax, 'I-08: commit_min <= commit_max');
  assert(state.checkpointOp <= state.commitMin, 'S4: checkpoint <= commit_min');
  assert(state.commitMin <= state.head, 'S4: commit_min <= head');
  checkPrimary(state);
  checkLog(state, history.changedOps(replica, state));
}

function checkPrimary(state: Readonly<ReplicaState>): void {
  assert(state.pipeline.length <= state.pipeline.depth, 'I-18: the pipeline keeps its depth');
  if (!state.isActingPrimary) return;
  assert(state.commitMax <= state.head, 'S4: a primary has what is committed');
  assert(state.head - state.commitMax <= pipelineCeiling, 'I-21: a vote can describe the log');
  const { first, last } = state.pipeline;
  if (first === undefined || last === undefined) return;
  assert(last.entry.op === state.head, 'I-18: the pipeline ends at the head');
  assert(first.entry.op <= state.commitMax + 1, 'I-18: the pipeline begins at the commit point');
}

/** The neighbours of what changed: a look at a whole log costs more than the turn before it. */
function checkLog(state: Readonly<ReplicaState>, changed: readonly number[]): void {
  for (const op of changed) {
    const entry = state.log.get(op);
    if (entry === undefined) continue;
    assert(entry.frame.length >= headerSize, 'an entry has a header');
    checkTimestamps(state.log.get(op - 1), entry);
    checkTimestamps(entry, state.log.get(op + 1));
  }
  for (let op = state.commitMin + 1; op <= state.runTop; op++) {
    assert(state.log.get(op)?.durable === true, 'the run is durably held', { op });
  }
}

function checkTimestamps(below: LogEntry | undefined, above: LogEntry | undefined): void {
  if (below === undefined || above?.parent !== below.checksum) return;
  const isLater = prepareTimestamp(above.frame) > prepareTimestamp(below.frame);
  assert(isLater, 'I-22: timestamps strictly increase', { op: above.op });
}

/**
 * What the log of an adopted view does not contain may be nacked from now on: also when a crash comes
 * between the journal's agreement with that log and the record of it, after which the replica votes
 * with its former log view.
 * @source Iggy consensus protocol, invariant I-38 and the order of an adoption
 */
function forgetSuperseded(acked: Map<number, AckRecord>, state: Readonly<ReplicaState>): void {
  for (const [op, { checksum }] of acked) {
    const header = state.viewHeaders.get(op);
    const isOther = header !== undefined && prepareChecksum(header) !== checksum;
    if (op > state.head || isOther) acked.delete(op);
  }
}
