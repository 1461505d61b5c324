import { countOwnAck, sendPrepare } from '../acks.js';
import { mark } from '../counters.js';
import { repeatVote } from '../elect.js';
import { withView } from '../frame/prepare.js';
import { isGateOpen } from '../gate.js';
import { sendHeartbeat } from '../heartbeat.js';
import { writeEntry } from '../journal.js';
import { trace } from '../outbox.js';
import { isAcknowledgedBy, type PipelineEntry } from '../pipeline.js';
import { beginProbe, cede, isAmongTheLost, sendProbe } from '../probe.js';
import { countReplicas, replicaBit } from '../quorum.js';
import { hasLostQuorum } from '../quorum-check.js';
import { forgetLog } from '../rejoin.js';
import { tickRepair } from '../repair.js';
import type { ReplicaState } from '../state.js';
import { countDownAll } from '../timeouts.js';
import { setStage, tickTransfer } from '../transfer.js';
import { broadcastStartViewChange, enterViewChange } from '../view-change.js';

/**
 * 10 ms went by: all timers count, then each that fired is acted upon, in a fixed order. Every one
 * is armed again, backed off or stopped in the same tick.
 * @source Iggy consensus protocol, timers
 */
export function onTick(r: ReplicaState): void {
  r.ticks++;
  const { timeouts } = r;
  countDownAll(timeouts);
  if (timeouts.heartbeat.hasFired) onHeartbeatSilence(r);
  if (timeouts.startViewChange.hasFired) {
    timeouts.startViewChange.reset();
    broadcastStartViewChange(r);
  }
  if (timeouts.doViewChange.hasFired) {
    timeouts.doViewChange.reset();
    repeatVote(r);
  }
  if (timeouts.prepare.hasFired) onPrepareTimer(r);
  if (timeouts.commit.hasFired) onCommitTimer(r);
  if (timeouts.probe.hasFired) onProbeTimer(r);
  if (timeouts.viewChangeStatus.hasFired) onViewChangeStuck(r);
  if (r.unwritten.size > 0) rewriteFailed(r);
  repairSelfAcks(r);
  tickRepair(r);
  tickTransfer(r);
}

/** No sign of a primary: a newer view is asked for, otherwise a new one is begun. */
function onHeartbeatSilence(r: ReplicaState): void {
  r.timeouts.heartbeat.stop();
  if (r.status !== 'normal' || r.isActingPrimary) return;
  // The primary is alive in a view this replica missed; an election from here could not win.
  if (r.observedNewerView > r.view) beginProbe(r);
  else enterViewChange(r, r.view + 1, 'normal_heartbeat_timeout');
}

/** Sends what lacks a quorum to everybody who has not acknowledged it. */
function onPrepareTimer(r: ReplicaState): void {
  if (!r.isActingPrimary || r.pipeline.length === 0) {
    r.timeouts.prepare.stop();
    return;
  }
  r.timeouts.prepare.backOff(r.prng);
  if (!isGateOpen(r)) return;
  for (const pending of r.pipeline) {
    if (pending.entry.op > r.commitMax && !pending.hasQuorum) retransmit(r, pending);
  }
}

function retransmit(r: ReplicaState, pending: PipelineEntry): void {
  if (!pending.entry.durable) return;
  const frame = withView(pending.entry.frame, r.view);
  for (let to = 0; to < r.replicaCount; to++) {
    if (to === r.self || isAcknowledgedBy(pending, to)) continue;
    r.counters.prepareRetransmits++;
    sendPrepare(r, to, frame);
  }
  r.sentUpTo = Math.max(r.sentUpTo, pending.entry.op);
}

function onCommitTimer(r: ReplicaState): void {
  if (!r.isActingPrimary) {
    r.timeouts.commit.stop();
    return;
  }
  if (r.observedNewerView > r.view || hasLostQuorum(r)) {
    if (r.tracing) trace(r, 'PrimaryCeded', { observed_newer_view: r.observedNewerView });
    cede(r);
    return;
  }
  r.timeouts.commit.reset();
  sendHeartbeat(r);
}

function onProbeTimer(r: ReplicaState): void {
  if (r.status === 'view-change') {
    r.timeouts.probe.reset();
    // The StartView may have been lost: two messages instead of another election. A candidate asks
    // only when the others have gone on without it, otherwise it would wait for votes for ever; or
    // when those it would need wait to hear that it has nothing either.
    const isAsking = !r.isPrimaryByIndex || r.observedNewerView > r.view;
    if (isAsking || isAmongTheLost(r)) sendProbe(r);
    return;
  }
  if (r.status !== 'recovering') {
    r.timeouts.probe.stop();
    return;
  }
  r.probeAttempts++;
  if (r.probeAttempts < r.limits.probeAttempts || !mayElect(r)) {
    r.timeouts.probe.reset();
    sendProbe(r);
    return;
  }
  r.timeouts.probe.stop();
  // A new log begins in a view above all in which the lost one may have ended.
  const view = Math.max(r.view, r.amnesia === 'none' ? 0 : r.lostView) + 1;
  if (r.amnesia !== 'none') forgetLog(r);
  setStage(r, 'idle');
  r.transferPeer = -1;
  enterViewChange(r, view, 'view_probe_unanswered');
}

/**
 * A replica that may have lost its log must not vote history out of existence, unless every replica
 * is known to have lost its own.
 */
function mayElect(r: ReplicaState): boolean {
  if (r.amnesia === 'none') return true;
  const others = countReplicas(r.lostPeers & ~replicaBit(r.self));
  return r.journalLost && !r.joining && others === r.replicaCount - 1;
}

/** Asks for the next view only if enough others were heard for it to be able to succeed. */
function onViewChangeStuck(r: ReplicaState): void {
  r.timeouts.viewChangeStatus.reset();
  if (r.status !== 'view-change') {
    r.timeouts.viewChangeStatus.stop();
  } else if (countReplicas(r.viewChangePeers) >= r.quorums.viewChange - 1) {
    enterViewChange(r, r.view + 1, 'view_change_status_timeout');
  } else {
    mark(r, 'escalation withheld');
  }
}

/** Writes inherited entries again whose write failed. */
function rewriteFailed(r: ReplicaState): void {
  for (const op of [...r.unwritten]) {
    r.unwritten.delete(op);
    const entry = r.log.get(op);
    if (entry !== undefined && !entry.durable) writeEntry(r, entry);
  }
}

/** An entry that is durable here counts; a lost self-acknowledgement would pin the commit point. */
function repairSelfAcks(r: ReplicaState): void {
  if (!r.isActingPrimary) return;
  for (const pending of r.pipeline) {
    if (pending.entry.durable && !isAcknowledgedBy(pending, r.self)) countOwnAck(r, pending);
  }
}
