import { recordVote } from '../elect.js';
import { viewOf } from '../frame/control.js';
import { doViewChangeAt } from '../frame/layout.js';
import { decodeVote } from '../frame/suffix.js';
import { ignore } from '../outbox.js';
import type { ReplicaState } from '../state.js';
import { enterViewChange } from '../view-change.js';
import { isNumberAt } from '../wire-number.js';

/**
 * A vote. It is broadcast, so that a replica that missed the rest joins at once; only the candidate
 * keeps it, and votes itself then if it has not.
 * @source Iggy consensus protocol, DoViewChange
 */
export function onDoViewChange(r: ReplicaState, frame: Uint8Array): void {
  const view = viewOf(frame);
  if (r.status === 'recovering') {
    ignore(r, 'not_normal', frame);
    return;
  }
  if (view < r.view) {
    ignore(r, 'older_view', frame);
    return;
  }
  const { op, commit, offsetFloor } = doViewChangeAt;
  const isReadable = [op, commit, offsetFloor].every((at) => isNumberAt(frame, at));
  const vote = isReadable ? decodeVote(frame) : undefined;
  if (vote === undefined) {
    ignore(r, 'malformed', frame);
    return;
  }
  if (view > r.view) enterViewChange(r, view, 'received_do_view_change');
  if (r.status !== 'view-change' || !r.isPrimaryByIndex) return;
  r.isVoteDue = true;
  recordVote(r, vote);
}
