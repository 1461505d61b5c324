import { Command } from '../../wire/index.js';
import { mark } from '../counters.js';
import {
  prepareChecksum,
  prepareHeaderOf,
  prepareOp,
  prepareParent,
  prepareTimestamp,
  withCommand,
} from '../frame/prepare.js';
import { appendEntry, extendHead, queueRewrite } from '../journal.js';
import { logEntry } from '../log.js';
import type { MergedLog } from '../merge.js';
import { entryOf, expectedAt } from '../merged-log.js';
import { ignore } from '../outbox.js';
import type { ReplicaState } from '../state.js';
import { followChain, isVerified } from '../verify.js';
import { isBodyIntact, isPrepareSound } from './on-prepare.js';

/**
 * A stored prepare from a peer. It is taken as it is and counts for nothing until the chain from a
 * known op above confirms it; one that contradicts the log of the view is not taken at all. Of its
 * body only the bytes are judged: what is held below it may be superseded, and say other offsets.
 * @source Iggy consensus protocol, repair ingest
 */
export function onRepairPrepare(r: ReplicaState, repair: Uint8Array): void {
  const session = r.repair;
  if (session === undefined) {
    ignore(r, 'no_session', repair);
    return;
  }
  const frame = withCommand(repair, Command.Prepare);
  if (!isPrepareSound(r, frame)) {
    ignore(r, 'checksum_mismatch', repair);
    return;
  }
  if (r.merged !== undefined) {
    stage(r, r.merged, frame);
    return;
  }
  const op = prepareOp(frame);
  const known = r.canonical.get(op);
  const isLoose = known === undefined && op === r.commitMin + 1 && !r.isAnchorOpen;
  if (op === r.commitMin && r.isAnchorWanted) {
    session.received++;
    takeAnchor(r, frame);
  } else if (op <= r.commitMin || op > session.toOp) {
    ignore(r, 'old_prepare', repair);
  } else if (known !== undefined && known !== prepareChecksum(frame)) {
    ignore(r, 'superseded', repair);
  } else if (isLoose && prepareParent(frame) !== r.anchor.checksum) {
    ignore(r, 'superseded', repair);
  } else if (r.log.has(op)) {
    ignore(r, 'old_prepare', repair);
  } else if (!isBodyIntact(r, frame)) {
    ignore(r, 'body_refused', repair);
  } else {
    session.idleTicks = 0;
    session.received++;
    ingest(r, frame);
  }
}

/** For an elect: kept aside until the view starts, if it may belong to the merged log. */
function stage(r: ReplicaState, merged: MergedLog, frame: Uint8Array): void {
  const entry = logEntry(frame, false);
  const expected = expectedAt(r, merged, entry.op);
  const isInScope = entry.op > r.commitMin && entry.op <= merged.opHead;
  const isRight = expected === undefined || expected === entry.checksum;
  if (!isInScope || !isRight || entryOf(r, entry.op, expected) !== undefined) {
    ignore(r, isInScope && !isRight ? 'superseded' : 'old_prepare', frame);
    return;
  }
  // The identity does not cover every byte.
  if (!isBodyIntact(r, frame)) {
    ignore(r, 'body_refused', frame);
    return;
  }
  r.staged.put(entry);
  if (r.repair === undefined) return;
  r.repair.idleTicks = 0;
  r.repair.received++;
}

/**
 * The entry that an installed state or a floor ends with. Its body is applied already; its header
 * lets this replica name its commit point to a candidate.
 */
function takeAnchor(r: ReplicaState, frame: Uint8Array): void {
  const checksum = prepareChecksum(frame);
  if (!r.isAnchorOpen && checksum !== r.anchor.checksum) return;
  const above = r.log.get(r.commitMin + 1);
  if (above !== undefined && isVerified(r, above.op) && above.parent !== checksum) return;
  r.anchor = { op: r.commitMin, checksum };
  r.isAnchorOpen = false;
  r.isAnchorWanted = false;
  r.keptHeader = prepareHeaderOf(frame);
  queueRewrite(r, 'drain');
}

function ingest(r: ReplicaState, frame: Uint8Array): void {
  const entry = logEntry(frame, false);
  if (entry.op <= r.head) mark(r, 'repair of a hole');
  appendEntry(r, entry);
  followChain(r, entry.op);
  r.timestampFloor = Math.max(r.timestampFloor, prepareTimestamp(frame));
  extendHead(r);
}
