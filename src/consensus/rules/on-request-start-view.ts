import { getU128 } from '../../base/index.js';
import { unpackProbeNonce } from '../../wire/index.js';
import { senderOf, viewOf } from '../frame/control.js';
import { requestStartViewAt } from '../frame/layout.js';
import { ignore } from '../outbox.js';
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
  if (isLost) {
    r.lostPeers |= replicaBit(sender);
    r.lostView = Math.max(r.lostView, viewOf(frame));
  }
  if (r.status !== 'normal') {
    ignore(r, 'not_normal', frame);
  } else if (r.isActingPrimary && r.logView === r.view) {
    // It promised never to follow an older view than its own, and cannot begin one without its log.
    if (isLost || isStuckAhead(r, viewOf(frame))) {
      r.observedNewerView = Math.max(r.observedNewerView, viewOf(frame));
    }
    answerProbe(r, sender, nonce);
  } else if (sender === r.primary && viewOf(frame) === r.view) {
    // Exactly this view: probes are repeated, and the index matches again every n views.
    enterViewChange(r, r.view + 1, 'primary_probed_view');
  } else {
    ignore(r, 'not_primary', frame);
  }
}

/**
 * Whether somebody has asked from a later view for longer than it would have asked before it began
 * the next one: a replica that came back empty may not, and hears nothing it could follow here.
 */
function isStuckAhead(r: ReplicaState, view: number): boolean {
  if (view <= r.view) return false;
  r.aheadProbes++;
  return r.aheadProbes > 2 * r.limits.probeAttempts;
}
