import { setU128 } from '../base/index.js';
import { Command, packProbeNonce } from '../wire/index.js';
import { mark } from './counters.js';
import { sealed } from './frame/control.js';
import { requestStartViewAt } from './frame/layout.js';
import { broadcast, trace } from './outbox.js';
import { countReplicas, replicaBit } from './quorum.js';
import type { ReplicaState } from './state.js';
import { cancelWaiters } from './waiters.js';

/** Nonce of the probe now running: boot incarnation, journal-lost mark, probe counter. */
export function probeNonce(r: ReplicaState): bigint {
  return packProbeNonce({
    boot: r.bootIncarnation,
    counter: r.probeCounter,
    journalLost: r.journalLost || isAmongTheLost(r),
  });
}

/** Its log is still that of view 0, whose primary is replica 0. */
function wasFirstPrimary(r: ReplicaState): boolean {
  return r.logView === 0 && r.self === 0;
}

/**
 * One that votes for a new log where others have lost the old one: it never held, acknowledged or wrote down
 * anything of it, or it heard from all that it is gone. The others wait for everybody to say that nothing is
 * left, so it goes on to say so until there is a new log: they may be needed for that. So does a primary of the
 * first view that came late, when all others lost theirs: what it proposed and never saw acknowledged, nobody
 * else can have committed.
 */
export function isAmongTheLost(r: ReplicaState): boolean {
  if (r.status !== 'view-change' || r.amnesia !== 'none') return false;
  if (r.forgottenIn >= 0) return r.forgottenIn === r.logView;
  if (r.commitMax > 0) return false;
  const haveAllLost = countReplicas(r.lostPeers & ~replicaBit(r.self)) === r.replicaCount - 1;
  return r.head === 0 ? r.lostPeers !== 0 : wasFirstPrimary(r) && haveAllLost;
}

/**
 * Begins to ask which view it is. Until that is known this replica is invisible to every quorum.
 * The first probe leaves when the timer fires.
 * @source Iggy consensus protocol, the view probe
 */
export function beginProbe(r: ReplicaState): void {
  cancelWaiters(r);
  r.status = 'recovering';
  r.probeAttempts = 0;
  r.timeouts.prepare.stop();
  r.timeouts.commit.stop();
  r.timeouts.heartbeat.stop();
  r.timeouts.startViewChange.stop();
  r.timeouts.doViewChange.stop();
  r.timeouts.viewChangeStatus.stop();
  startProbeTimer(r);
  if (r.tracing) trace(r, 'ReplicaStateChanged', {});
}

/** A primary that cannot lead gives way: primary by index, but no longer acting as one. */
export function cede(r: ReplicaState): void {
  mark(r, 'primary ceded');
  r.hasCeded = true;
  beginProbe(r);
}

/** Every start of the timer is a new probe, so an answer to an earlier one is told apart. */
export function startProbeTimer(r: ReplicaState): void {
  r.probeCounter++;
  r.timeouts.probe.start();
}

/** The hint may come from an unprotected field; at the price of one probe it is forgotten. */
export function endProbe(r: ReplicaState): void {
  r.timeouts.probe.stop();
  r.probeAttempts = 0;
  r.observedNewerView = r.view;
}

export function sendProbe(r: ReplicaState): void {
  if (isAmongTheLost(r)) mark(r, 'empty-handed among the lost');
  const frame = r.templates.frame(Command.RequestStartView, r.view);
  setU128(frame, requestStartViewAt.incarnation, probeNonce(r));
  if (r.tracing) trace(r, 'ControlMessageScheduled', { action: 'send_request_start_view' });
  broadcast(r, sealed(frame));
}
