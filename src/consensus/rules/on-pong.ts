import { tryGetU64Number } from '../../base/index.js';
import { learnCommit } from '../acks.js';
import { senderOf, viewOf } from '../frame/control.js';
import { heartbeatAt } from '../frame/layout.js';
import { ignore } from '../outbox.js';
import { notePeer } from '../quorum-check.js';
import type { ReplicaState } from '../state.js';

/**
 * A backup's answer to a heartbeat: it still follows this primary, and confirms read rounds up to
 * the counter it repeats.
 * @source Iggy consensus protocol, heartbeat answer
 */
export function onPong(r: ReplicaState, frame: Uint8Array): void {
  const view = viewOf(frame);
  const counter = tryGetU64Number(frame, heartbeatAt.timestampMonotonic);
  if (!r.isActingPrimary) {
    ignore(r, 'not_primary', frame);
  } else if (view !== r.view) {
    ignore(r, view > r.view ? 'newer_view' : 'older_view', frame);
  } else if (counter < 0 || counter > r.heartbeatCounter) {
    ignore(r, 'malformed', frame);
  } else {
    notePeer(r, senderOf(frame));
    r.reads.noteAnswer(senderOf(frame), counter);
    learnCommit(r, tryGetU64Number(frame, heartbeatAt.commit));
  }
}
