import { senderOf, viewOf } from '../frame/control.js';
import { ignore } from '../outbox.js';
import { countReplicas, replicaBit } from '../quorum.js';
import type { ReplicaState } from '../state.js';
import { enterViewChange } from '../view-change.js';

/**
 * Somebody wants a view to begin. A newer one is joined; with enough others wanting the same, this
 * replica votes. The threshold is judged on arrival only.
 * @source Iggy consensus protocol, StartViewChange
 */
export function onStartViewChange(r: ReplicaState, frame: Uint8Array): void {
  const view = viewOf(frame);
  if (r.status === 'recovering') {
    ignore(r, 'not_normal', frame);
    return;
  }
  if (view < r.view) {
    ignore(r, 'older_view', frame);
    return;
  }
  if (view > r.view) enterViewChange(r, view, 'received_start_view_change');
  if (r.status !== 'view-change') {
    // A straggler's message for a view that has started already.
    ignore(r, 'unexpected', frame);
    return;
  }
  r.svcSenders |= replicaBit(senderOf(frame));
  const others = countReplicas(r.svcSenders & ~replicaBit(r.self));
  if (others >= r.quorums.startViewChange) r.isVoteDue = true;
}
