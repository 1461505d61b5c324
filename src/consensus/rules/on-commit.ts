import { getU64, tryGetU64Number } from '../../base/index.js';
import { senderOf, viewOf } from '../frame/control.js';
import { heartbeatAt } from '../frame/layout.js';
import { answerHeartbeat } from '../heartbeat.js';
import { ignore } from '../outbox.js';
import { announceView } from '../start-view.js';
import type { ReplicaState } from '../state.js';
import { learnCanonical } from '../verify.js';

/**
 * The primary's heartbeat: the only sign of life that elections look at.
 * @source Iggy consensus protocol, commit heartbeats
 */
export function onCommit(r: ReplicaState, frame: Uint8Array): void {
  const view = viewOf(frame);
  if (view > r.view) {
    const mayMatter = r.status === 'normal' || r.isPrimaryByIndex;
    if (mayMatter) r.observedNewerView = Math.max(r.observedNewerView, view);
    ignore(r, 'newer_view', frame);
  } else if (r.isPrimaryByIndex && !r.hasCeded) {
    onOlderPrimary(r, view, frame);
  } else if (r.status !== 'normal') {
    ignore(r, 'not_normal', frame);
  } else if (view < r.view) {
    ignore(r, 'older_view', frame);
  } else if (senderOf(frame) !== r.primary) {
    ignore(r, 'foreign_replica', frame);
  } else {
    onCurrentHeartbeat(r, frame);
  }
}

/** Corrects a primary that missed its replacement. */
function onOlderPrimary(r: ReplicaState, view: number, frame: Uint8Array): void {
  if (r.status === 'normal' && view < r.view && senderOf(frame) === view % r.replicaCount) {
    announceView(r);
  } else {
    ignore(r, view < r.view ? 'older_view' : 'foreign_replica', frame);
  }
}

function onCurrentHeartbeat(r: ReplicaState, frame: Uint8Array): void {
  const counter = tryGetU64Number(frame, heartbeatAt.timestampMonotonic);
  const commit = tryGetU64Number(frame, heartbeatAt.commit);
  if (counter < 0 || commit < 0) {
    ignore(r, 'malformed', frame);
    return;
  }
  // The counter keeps replayed heartbeats from holding off an election.
  if (counter > r.heartbeatCounter) {
    r.heartbeatCounter = counter;
    r.timeouts.heartbeat.start();
  }
  r.commitMax = Math.max(r.commitMax, commit);
  const checksum = getU64(frame, heartbeatAt.commitChecksum);
  if (checksum !== 0n) learnCanonical(r, commit, checksum);
  answerHeartbeat(r, counter);
  // On every accepted heartbeat, not only when the commit point moved: it may have moved through a
  // prepare that was dropped as a gap.
  if (r.commitMin < r.commitMax) r.isRepairWanted = true;
}
