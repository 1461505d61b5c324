import { getU128 } from '../../base/index.js';
import { unpackProbeNonce } from '../../wire/index.js';
import { mark } from '../counters.js';
import { senderOf, viewOf } from '../frame/control.js';
import { requestStartViewAt } from '../frame/layout.js';
import { ignore } from '../outbox.js';
import { beginProbe } from '../probe.js';
import { replicaBit } from '../quorum.js';
import { answerProbe } from '../start-view.js';
import type { ReplicaState } from '../state.js';
import { enterViewChange } from '../view-change.js';

/**
 * Somebody asks which view it is. The acting primary answers that replica alone. A probe from the
 * current view's own primary proves that it gave up or lost its state.
 * @source Iggy consensus protocol, the view probe
 */
export function onRequestStartView(r: ReplicaState, frame: Uint8Array): void {
  const nonce = getU128(frame, requestStartViewAt.incarnation);
  const sender = senderOf(frame);
  const isLost = unpackProbeNonce(nonce).journalLost;
  if (isLost) r.lostPeers |= replicaBit(sender);
  if (r.status !== 'normal') {
    if (isLost && isEmptyHanded(r)) joinTheLost(r);
    ignore(r, 'not_normal', frame);
  } else if (r.isActingPrimary && r.logView === r.view) {
    answerProbe(r, sender, nonce);
  } else if (sender === r.primary && viewOf(frame) === r.view) {
    // Exactly this view: probes are repeated, and the index matches again every n views.
    enterViewChange(r, r.view + 1, 'primary_probed_view');
  } else {
    ignore(r, 'not_primary', frame);
  }
}

/** A candidate that never held, acknowledged or wrote down anything of a log in memory. */
function isEmptyHanded(r: ReplicaState): boolean {
  const isCandidate = r.status === 'view-change' && r.amnesia === 'none' && !r.hasForgotten;
  const isInMemory = r.config.durability === 'memory';
  return isCandidate && isInMemory && r.head === 0 && r.commitMax === 0;
}

/**
 * Those who lost the log wait for all others to say the same. One that came to life after the loss
 * has as little, and nobody to elect it: it asks like they do.
 */
function joinTheLost(r: ReplicaState): void {
  r.journalLost = true;
  r.amnesia = 'blind';
  mark(r, 'empty-handed among the lost');
  beginProbe(r);
}
