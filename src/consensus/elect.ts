import { advanceRun } from './acks.js';
import { learnHeader, sweepAbove } from './adopt.js';
import { countOne, mark } from './counters.js';
import { fence } from './fence.js';
import { prepareChecksum, prepareClient, prepareOp, prepareTimestamp } from './frame/prepare.js';
import { decodeVote, type Vote } from './frame/suffix.js';
import { canVote, isGateOpen } from './gate.js';
import { appendEntry, queueRewrite } from './journal.js';
import { type MergedLog, mergeVotes } from './merge.js';
import { coverageOf, entriesOf } from './merged-log.js';
import { alarm, broadcast, trace } from './outbox.js';
import { buildVote } from './own-suffix.js';
import { noToken } from './pipeline.js';
import { endProbe } from './probe.js';
import { replicaBit } from './quorum.js';
import { restartQuorumCheck } from './quorum-check.js';
import type { ReplicaState } from './state.js';
import { resetViewChange } from './view-change.js';

/**
 * Moves a view change on as far as it goes: own vote, merge, and, for the elect, the start of the
 * view once its log can be served. Called whenever something it waits for may have happened.
 */
export function progressViewChange(r: ReplicaState): void {
  if (r.isVoteDue && r.sentVote === undefined) castVote(r);
  if (!r.isPrimaryByIndex) return;
  if (r.merged === undefined && r.hasNewVote) tryMerge(r);
  if (r.merged !== undefined && isCovered(r, r.merged)) startView(r, r.merged);
}

/** Sends the own vote, once: a nack is a promise, so repeats are byte-identical. */
function castVote(r: ReplicaState): void {
  if (!canVote(r)) return;
  const frame = buildVote(r);
  r.sentVote = frame;
  r.timeouts.doViewChange.start();
  if (r.tracing) {
    const fields = { action: 'send_do_view_change', op: r.head, commit: r.commitMax };
    trace(r, 'ControlMessageScheduled', fields);
  }
  broadcast(r, frame);
  if (!r.isPrimaryByIndex) return;
  const own = decodeVote(frame);
  if (own !== undefined) recordVote(r, own);
}

/** The first vote of a sender in a view wins. */
export function recordVote(r: ReplicaState, vote: Vote): void {
  if (r.votes[vote.replica] !== undefined) return;
  r.votes[vote.replica] = vote;
  r.hasNewVote = true;
}

function tryMerge(r: ReplicaState): void {
  r.hasNewVote = false;
  const votes = r.votes.filter((vote) => vote !== undefined);
  const outcome = mergeVotes(votes, r.quorums);
  if (outcome.kind === 'awaiting-quorum') return;
  countOne(r.counters.merges, outcome.kind);
  if (outcome.kind === 'deadlocked') {
    alarm(r, 'merge_deadlocked', { op: outcome.op, reason: outcome.reason });
  }
  if (outcome.kind !== 'ready') return;
  const { log } = outcome;
  const { opHead, commitMax } = log;
  if (opHead - commitMax > r.limits.pipelineDepth) {
    alarm(r, 'merge_too_wide', { head: opHead, commit: commitMax });
  } else if (opHead < r.commitMax) {
    alarm(r, 'merge_below_commit', { head: opHead, commit: r.commitMax });
  } else {
    r.decided = { votes, log };
    if (votes.some(({ op }) => op > opHead)) mark(r, 'truncation by nacks');
    park(r, log);
  }
}

/**
 * Accepts a decided log without starting the view: a StartView promises that everything it names
 * can be served, and a raised `logView` would claim a log that is not here yet. For the same reason
 * its commit point waits: what is held here is the log of an older view, and may be superseded.
 */
function park(r: ReplicaState, log: MergedLog): void {
  r.merged = log;
  r.pipeline.clear();
  r.repair = undefined;
  r.exhaustedSources = 0;
}

/** Whether the whole merged log above the applied ops is here; what is missing is fetched. */
function isCovered(r: ReplicaState, merged: MergedLog): boolean {
  if (r.isFenced || r.isTransferring) return false;
  const { missing, isDiverged } = coverageOf(r, merged);
  if (isDiverged) fence(r, r.commitMin);
  if (missing !== undefined) r.isRepairWanted = true;
  return missing === undefined && !isDiverged;
}

/** Becomes primary of the view, in one step: status, head, rebuilt pipeline. */
function startView(r: ReplicaState, merged: MergedLog): void {
  const headers = new Map(merged.headers.map((header) => [prepareOp(header), header.slice()]));
  const [top] = merged.headers;
  takeMergedLog(r, merged);
  r.commitMax = Math.max(r.commitMax, merged.commitMax);
  resetViewChange(r);
  endProbe(r);
  r.status = 'normal';
  r.hasCeded = false;
  r.aheadProbes = 0;
  r.logView = r.view;
  r.viewHeaders = headers;
  r.head = Math.max(merged.opHead, r.commitMin);
  r.headChecksum = top === undefined ? r.anchor.checksum : prepareChecksum(top);
  for (const header of headers.values()) {
    r.timestampFloor = Math.max(r.timestampFloor, prepareTimestamp(header));
  }
  advanceRun(r);
  r.repair = undefined;
  r.adoptedHead = 0;
  r.startedHead = r.head;
  r.sentUpTo = r.head;
  r.heartbeatCounter = 0;
  r.isViewAnnounced = false;
  r.isResumeDue = true;
  r.recoveryBarrier = Math.min(r.recoveryBarrier, r.head);
  r.lostUpTo = Math.min(r.lostUpTo, r.head);
  r.machine.takeOffsetFloor?.(merged.offsetFloor);
  if (merged.offsetFloor > 0) mark(r, 'log of offsets behind a reservation');
  rebuildPipeline(r);
  startTimers(r);
  restartQuorumCheck(r);
  r.reads.reset();
  if (r.tracing) trace(r, 'PrimaryElected', {});
}

/**
 * Makes the own log the merged one: staged entries take their places, what contradicts them or is
 * above the head goes, durably before the view is persisted.
 */
function takeMergedLog(r: ReplicaState, merged: MergedLog): void {
  const entries = entriesOf(r, merged);
  sweepAbove(r, merged.opHead);
  for (const entry of entries) {
    if (r.log.holds(entry.op, entry.checksum)) continue;
    if (r.log.has(entry.op)) queueRewrite(r, 'discard');
    appendEntry(r, entry);
  }
  r.staged.clear();
  r.canonical.clear();
  for (const header of merged.headers) learnHeader(r, header);
  for (const header of merged.committedElsewhere) learnHeader(r, header);
}

/**
 * Inherited entries go on as they are, acknowledged by this replica once they are durable. Before anything else can take
 * the next op: a request admitted into an empty pipeline would break the sequence.
 */
function rebuildPipeline(r: ReplicaState): void {
  if (r.tracing) trace(r, 'ControlMessageScheduled', { action: 'rebuild_pipeline' });
  for (let op = r.commitMax + 1; op <= r.head; op++) {
    const entry = r.log.get(op);
    if (entry === undefined) {
      alarm(r, 'rebuild_gap', { op });
      return;
    }
    const isOwn = entry.durable && r.machine.mayAcknowledge?.(op) !== false;
    const acks = isOwn ? replicaBit(r.self) : 0;
    const client = prepareClient(entry.frame);
    r.pipeline.push({ entry, client, acks, hasQuorum: false, token: noToken, isUrgent: false });
  }
}

function startTimers(r: ReplicaState): void {
  r.timeouts.viewChangeStatus.stop();
  r.timeouts.doViewChange.stop();
  r.timeouts.startViewChange.stop();
  r.timeouts.heartbeat.stop();
  r.timeouts.commit.start();
  if (r.pipeline.length > 0) r.timeouts.prepare.start();
}

/** Repeats the own vote; a candidate whose merge decided has no more use for it. */
export function repeatVote(r: ReplicaState): void {
  if (r.sentVote === undefined || r.merged !== undefined || !isGateOpen(r)) return;
  broadcast(r, r.sentVote);
}
