import { getU64Number, getU128 } from '../../base/index.js';
import { type AnnouncedView, acceptCommitHint, adoptView } from '../adopt.js';
import { senderOf, viewOf } from '../frame/control.js';
import { startViewAt } from '../frame/layout.js';
import { decodeSuffix } from '../frame/suffix.js';
import { alarm, ignore } from '../outbox.js';
import { probeNonce } from '../probe.js';
import type { ReplicaState } from '../state.js';
import { isNumberAt } from '../wire-number.js';

/**
 * A primary announces its view and log, to all or in answer to a probe. One whose suffix does not
 * decode is dropped; the probe brings another.
 * @source Iggy consensus protocol, StartView on a backup
 */
export function onStartView(r: ReplicaState, frame: Uint8Array): void {
  const view = viewOf(frame);
  if (view < r.view) {
    ignore(r, 'older_view', frame);
    return;
  }
  if (senderOf(frame) !== view % r.replicaCount) {
    ignore(r, 'foreign_replica', frame);
    return;
  }
  const announced = decode(frame);
  if (announced === undefined) {
    ignore(r, 'malformed', frame);
    return;
  }
  const nonce = getU128(frame, startViewAt.incarnation);
  if (isStale(r, announced, nonce)) {
    ignore(r, 'stale_start_view', frame);
  } else if (r.status === 'normal' && view === r.view) {
    acceptCommitHint(r, announced);
  } else {
    adoptView(r, announced);
  }
}

function decode(frame: Uint8Array): AnnouncedView | undefined {
  const numbers = [startViewAt.op, startViewAt.commit, startViewAt.offsetFloor];
  if (!numbers.every((at) => isNumberAt(frame, at))) return undefined;
  const op = getU64Number(frame, startViewAt.op);
  const commit = getU64Number(frame, startViewAt.commit);
  const suffix = decodeSuffix(frame, op);
  if (suffix === undefined) return undefined;
  const offsetFloor = getU64Number(frame, startViewAt.offsetFloor);
  return { view: viewOf(frame), op, commit, suffix, offsetFloor, sender: senderOf(frame) };
}

/**
 * A replica that lost its log learns from its first StartView what it may have acknowledged before.
 * Only the answer to the probe now running was made after the loss; a late copy of an earlier one,
 * or of one that was for everybody, may end below that.
 */
function isStale(r: ReplicaState, announced: AnnouncedView, nonce: bigint): boolean {
  const { view, op } = announced;
  if (r.amnesia === 'blind' && nonce !== probeNonce(r)) return true;
  if (view > r.logView) {
    // No later view's log can end below what was applied; something is very wrong with it.
    if (op < r.commitMin) alarm(r, 'view_below_commit', { op, commit: r.commitMin });
    return op < r.commitMin || isOtherLife(r, announced, nonce);
  }
  if (op < r.commitMin) return true;
  // A lower head in the same view is right only for a log that outlived a restart, and only from
  // the answer to the probe now running: an older answer knows less than was acknowledged since.
  return r.status === 'recovering' && op < r.head && nonce !== probeNonce(r);
}

/** An answer addressed to a previous life or an earlier probe. */
function isOtherLife(r: ReplicaState, announced: AnnouncedView, nonce: bigint): boolean {
  return (
    r.status === 'recovering' &&
    nonce !== 0n &&
    announced.view <= r.view &&
    announced.op < r.head &&
    nonce !== probeNonce(r)
  );
}
