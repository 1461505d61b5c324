import { equalRange, setU64Number } from '../base/index.js';
import { Command } from '../wire/index.js';
import { mark } from './counters.js';
import { sealed } from './frame/control.js';
import { prepareAt, prepareOkAt } from './frame/layout.js';
import { prepareOp, prepareView, withView } from './frame/prepare.js';
import { isGateOpen } from './gate.js';
import type { LogEntry } from './log.js';
import { send, trace } from './outbox.js';
import { acknowledge, type PipelineEntry } from './pipeline.js';
import { countReplicas } from './quorum.js';
import { isSilent } from './quorum-check.js';
import type { ReplicaState } from './state.js';
import { isVerified } from './verify.js';

/** A held entry became durable: pass it on, acknowledge what that completes. */
export function entryLanded(r: ReplicaState, entry: LogEntry): void {
  entry.durable = true;
  const before = r.runTop;
  advanceRun(r);
  if (entry.op > r.runTop) mark(r, 'acknowledgement withheld by the run rule');
  if (r.runTop > Math.max(before, entry.op)) mark(r, 'hole below the head filled');
  if (r.status !== 'normal') return;
  if (r.isActingPrimary) {
    forwardFromPrimary(r);
    const pending = r.pipeline.at(entry.op);
    if (pending?.entry === entry) countOwnAck(r, pending);
    return;
  }
  forwardAlongChain(r, entry.op, withView(entry.frame, r.view));
  // A hole that is filled completes the run above it; its acks were withheld until now.
  for (let op = Math.max(before, r.commitMax) + 1; op <= r.runTop; op++) acknowledgeOp(r, op);
}

/**
 * Extends the run of durable, chained entries above the last applied one. Only ops inside it may
 * be acknowledged: what lies above a hole would be lost by a restart.
 */
export function advanceRun(r: ReplicaState): void {
  let below = r.runTop === r.commitMin ? r.anchor.checksum : r.log.get(r.runTop)?.checksum;
  for (;;) {
    const next = r.log.get(r.runTop + 1);
    if (next === undefined || !next.durable) return;
    const isExempt = r.isAnchorOpen && r.runTop === r.commitMin;
    if (next.parent !== below && !isExempt) return;
    r.runTop++;
    below = next.checksum;
  }
}

/** Sends a PrepareOk for a held op, if everything an acknowledgement promises is true. */
export function acknowledgeOp(r: ReplicaState, op: number): void {
  if (r.status !== 'normal' || r.isTransferring || r.isPrimaryByIndex) return;
  if (op > r.runTop || op > r.head || r.amnesia !== 'none' || !isGateOpen(r)) return;
  if (r.machine.isPurgePending?.() === true || r.machine.mayAcknowledge?.(op) === false) return;
  const entry = r.log.get(op);
  if (entry === undefined || !isVerified(r, op)) return;
  const ok = r.templates.frame(Command.PrepareOk, r.view);
  const { frame } = entry;
  copyField(ok, prepareOkAt.parent, frame, prepareAt.parent, 16);
  copyField(ok, prepareOkAt.prepareChecksum, frame, prepareAt.checksum, 16);
  copyField(ok, prepareOkAt.op, frame, prepareAt.op, 8);
  setU64Number(ok, prepareOkAt.commit, r.commitMax);
  copyField(ok, prepareOkAt.timestamp, frame, prepareAt.timestamp, 8);
  copyField(ok, prepareOkAt.request, frame, prepareAt.request, 8);
  ok[prepareOkAt.operation] = frame[prepareAt.operation] ?? 0;
  if (r.tracing) {
    const fields = { action: 'send_prepare_ok', target: r.primary, op, commit: r.commitMax };
    trace(r, 'ControlMessageScheduled', fields);
  }
  send(r, r.primary, sealed(ok));
}

/** Acknowledges everything uncommitted that may be: after an adoption, or when the gate opens. */
export function acknowledgeRun(r: ReplicaState): void {
  for (let op = r.commitMax + 1; op <= r.runTop; op++) acknowledgeOp(r, op);
}

/**
 * Sends what became durable on the primary to the next replica, in op order. Nothing leaves before
 * it is durable here, so the end of the chain is never ahead of its beginning.
 */
export function forwardFromPrimary(r: ReplicaState): void {
  if (r.replicaCount === 1 || !isGateOpen(r)) return;
  for (let op = r.sentUpTo + 1; op <= r.head; op++) {
    const entry = r.log.get(op);
    if (entry === undefined || !entry.durable) return;
    sendIntoChain(r, withView(entry.frame, r.view));
    r.sentUpTo = op;
  }
}

/** To the next replica, and to every one whose predecessor in the ring passes nothing on. */
function sendIntoChain(r: ReplicaState, frame: Uint8Array): void {
  for (let hop = 1; hop < r.replicaCount; hop++) {
    const to = (r.self + hop) % r.replicaCount;
    const before = (r.self + hop - 1) % r.replicaCount;
    if (hop === 1 || isSilent(r, before)) sendPrepare(r, to, frame);
  }
}

/** A prepare of the current view on its way to one replica. */
export function sendPrepare(r: ReplicaState, target: number, frame: Uint8Array): void {
  if (r.tracing) {
    const fields = { action: 'send_prepare', target, op: prepareOp(frame) };
    trace(r, 'ControlMessageScheduled', fields);
  }
  send(r, target, frame);
}

/** Passes a prepare of the current view on, unless the ring ends here or it is applied already. */
export function forwardAlongChain(r: ReplicaState, op: number, frame: Uint8Array): void {
  const next = (r.self + 1) % r.replicaCount;
  if (next === r.primary || op <= r.commitMin) return;
  if (prepareView(frame) === r.view && isGateOpen(r)) sendPrepare(r, next, frame);
}

/** Counts this primary's own copy, once it is durable here. */
export function countOwnAck(r: ReplicaState, pending: PipelineEntry): void {
  const { machine } = r;
  if (machine.isPurgePending?.() === true) return;
  if (machine.mayAcknowledge?.(pending.entry.op) !== false) countAck(r, pending, r.self);
}

/** Counts an acknowledgement on the primary; a completed quorum may move the commit point. */
export function countAck(r: ReplicaState, pending: PipelineEntry, replica: number): void {
  const reached = acknowledge(pending, replica, r.quorums.replication);
  if (r.tracing) {
    trace(r, 'PrepareAcked', {
      op: pending.entry.op,
      checksum: pending.entry.checksum,
      acking_replica: replica,
      ack_count: countReplicas(pending.acks),
      quorum: r.quorums.replication,
      quorum_reached: pending.hasQuorum,
    });
  }
  if (reached) advanceCommitMax(r);
}

/**
 * A backup says what it knows to be committed. An inherited op may have been committed by the
 * previous primary: backups that applied it acknowledge it no more, and this is how a new primary
 * finds out.
 */
export function learnCommit(r: ReplicaState, commit: number): void {
  if (commit <= r.commitMax) return;
  r.commitMax = Math.min(commit, r.head);
  if (r.timeouts.prepare.isRunning) r.timeouts.prepare.start();
  // What waited above with its quorum complete waits for no further acknowledgement.
  advanceCommitMax(r);
}

/** The longest run of ops with a quorum commits; one above an op without it does not. */
function advanceCommitMax(r: ReplicaState): void {
  const before = r.commitMax;
  while (r.pipeline.at(r.commitMax + 1)?.hasQuorum === true) r.commitMax++;
  // Otherwise backoff accumulated by earlier ops would delay those still in flight.
  if (r.commitMax > before && r.commitMax < r.head) r.timeouts.prepare.start();
}

function copyField(
  target: Uint8Array,
  to: number,
  source: Uint8Array,
  from: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) target[to + i] = source[from + i] ?? 0;
}

/** True when a PrepareOk names exactly the prepare that is in flight. */
export function namesEntry(ok: Uint8Array, entry: LogEntry): boolean {
  return equalRange(ok, prepareOkAt.prepareChecksum, entry.frame, prepareAt.checksum, 16);
}
