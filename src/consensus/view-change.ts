import { Command } from '../wire/index.js';
import { viewMax } from './constants.js';
import { countOne, mark } from './counters.js';
import { sealed } from './frame/control.js';
import { isGateOpen } from './gate.js';
import { broadcast, halt, trace } from './outbox.js';
import { startProbeTimer } from './probe.js';
import { replicaBit } from './quorum.js';
import type { ReplicaState } from './state.js';
import { cancelWaiters } from './waiters.js';

/** What started a view change. */
export type ViewChangeReason =
  | 'normal_heartbeat_timeout'
  | 'primary_probed_view'
  | 'view_probe_unanswered'
  | 'view_change_status_timeout'
  | 'received_start_view_change'
  | 'received_do_view_change'
  | 'sources_evicted'
  | 'step_down';

/**
 * Enters a view change, atomically. Nothing is sent before the new view is durable; the rest
 * follows from the state at the end of the step.
 * @source Iggy consensus protocol, entering a view change
 */
export function enterViewChange(r: ReplicaState, view: number, reason: ViewChangeReason): void {
  if (view > viewMax) {
    halt(r, 'log_frontier', 'view numbers are exhausted');
    return;
  }
  countOne(r.counters.viewChanges, reason);
  if (r.tracing) trace(r, 'ViewChangeStarted', { old_view: r.view, new_view: view, reason });
  if (r.head > r.commitMax) mark(r, 'view change with an uncommitted suffix');
  cancelWaiters(r);
  r.view = view;
  r.status = 'view-change';
  resetViewChange(r);
  r.svcSenders = replicaBit(r.self);
  r.isResumeDue = true;
  r.timeouts.heartbeat.stop();
  r.timeouts.commit.stop();
  r.timeouts.prepare.stop();
  r.timeouts.doViewChange.stop();
  r.timeouts.startViewChange.start();
  r.timeouts.viewChangeStatus.start();
  startProbeTimer(r);
  if (r.tracing) trace(r, 'ReplicaStateChanged', {});
}

/**
 * Forgets everything that belongs to one view change, also a repair towards its merged log: late answers
 * would be taken for entries of the log of `logView`. View headers belong to `logView`.
 */
export function resetViewChange(r: ReplicaState): void {
  if (r.merged !== undefined) r.repair = undefined;
  r.svcSenders = 0;
  r.isVoteDue = false;
  r.sentVote = undefined;
  r.votes = [];
  r.hasNewVote = false;
  r.merged = undefined;
  r.viewChangePeers = 0;
}

export function broadcastStartViewChange(r: ReplicaState): void {
  if (!isGateOpen(r)) return;
  if (r.tracing) trace(r, 'ControlMessageScheduled', { action: 'send_start_view_change' });
  broadcast(r, sealed(r.templates.frame(Command.StartViewChange, r.view)));
}
