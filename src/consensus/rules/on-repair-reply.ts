import { getU128, tryGetU64Number } from '../../base/index.js';
import { Command } from '../../wire/index.js';
import { mark } from '../counters.js';
import { judgeFloor, proposeFloor } from '../floor.js';
import { commandOf, senderOf } from '../frame/control.js';
import { repairReplyAt } from '../frame/layout.js';
import { ignore } from '../outbox.js';
import { replicaBit } from '../quorum.js';
import { missingRange, requestMissing } from '../repair.js';
import type { RepairSession } from '../repair-session.js';
import { sourcesOf } from '../repair-source.js';
import type { ReplicaState } from '../state.js';
import { beginTransfer } from '../transfer.js';
import { enterViewChange } from '../view-change.js';

/** RepairDone and RangeEvicted: claims of a peer; what counts is what is held here now. */
export function onRepairReply(r: ReplicaState, frame: Uint8Array): void {
  const session = r.repair;
  const op = tryGetU64Number(frame, repairReplyAt.op);
  if (session === undefined || getU128(frame, repairReplyAt.nonce) !== session.nonce) {
    ignore(r, session === undefined ? 'no_session' : 'stale_nonce', frame);
  } else if (op < 0) {
    ignore(r, 'malformed', frame);
  } else if (commandOf(frame) === Command.RepairDone) {
    onRepairDone(r, session);
  } else {
    onRangeEvicted(r, op, senderOf(frame));
  }
}

/**
 * Progress means that an op that was missing is held now; without it the stall timer decides. So it does
 * where entries could not be written: asked for again at once, they would come and go without end.
 */
function onRepairDone(r: ReplicaState, session: RepairSession): void {
  const missing = missingRange(r);
  if (missing === undefined) {
    r.repair = undefined;
    if (r.floorCandidate > 0 && !judgeFloor(r)) askForState(r, session.peer);
  } else if (session.received > 0 && r.ticks - r.appendFailedAt >= r.limits.repairTicks) {
    requestMissing(r, session.stalls);
  }
}

function askForState(r: ReplicaState, peer: number): void {
  if (r.transferStage === 'idle' && r.ticks >= r.transferRetryAt) beginTransfer(r, peer);
}

/** The missing ops no longer exist as entries at that peer. */
function onRangeEvicted(r: ReplicaState, firstRetained: number, peer: number): void {
  mark(r, 'range evicted at the source');
  // Not even that one entry is kept: votes go without it until the next commit.
  if (firstRetained > r.commitMin) r.isAnchorWanted = false;
  const missing = missingRange(r);
  if (missing === undefined || firstRetained <= missing.from) return;
  if (r.merged !== undefined) {
    onElectEvicted(r, missing.from, peer);
  } else if (r.plane === 'partition') {
    proposeFloor(r, firstRetained - 1);
  } else {
    askForState(r, peer);
  }
}

/**
 * Nobody offers a transfer while there is no primary, and whoever holds the highest committed op
 * holds everything below it: some later candidate can start this log.
 */
function onElectEvicted(r: ReplicaState, op: number, peer: number): void {
  r.exhaustedSources |= replicaBit(peer);
  if (sourcesOf(r, op).length > 0) requestMissing(r, (r.repair?.stalls ?? 0) + 1);
  else enterViewChange(r, r.view + 1, 'sources_evicted');
}
