import { getU32, tryGetU64Number } from '../../base/index.js';
import { countAck, learnCommit, namesEntry } from '../acks.js';
import { senderOf } from '../frame/control.js';
import { prepareOkAt } from '../frame/layout.js';
import { ignore } from '../outbox.js';
import { isAcknowledgedBy } from '../pipeline.js';
import { notePeer } from '../quorum-check.js';
import type { ReplicaState } from '../state.js';

/**
 * An acknowledgement. It counts once, for exactly the prepare in flight, in the current view.
 * @source Iggy consensus protocol, acks and commit advance
 */
export function onPrepareOk(r: ReplicaState, frame: Uint8Array): void {
  const view = getU32(frame, prepareOkAt.view);
  if (!r.isActingPrimary) {
    ignore(r, 'not_primary', frame);
  } else if (view !== r.view) {
    ignore(r, view > r.view ? 'newer_view' : 'older_view', frame);
  } else if (r.isTransferring) {
    ignore(r, 'state_transfer', frame);
  } else {
    notePeer(r, senderOf(frame));
    learnCommit(r, tryGetU64Number(frame, prepareOkAt.commit));
    const pending = r.pipeline.at(tryGetU64Number(frame, prepareOkAt.op));
    if (pending === undefined) ignore(r, 'unknown_prepare', frame);
    else if (!namesEntry(frame, pending.entry)) ignore(r, 'checksum_mismatch', frame);
    else if (isAcknowledgedBy(pending, senderOf(frame))) ignore(r, 'duplicate_ack', frame);
    else countAck(r, pending, senderOf(frame));
  }
}
