import { Command } from '../../wire/index.js';
import { mark } from '../counters.js';
import {
  prepareChecksum,
  prepareHeaderOf,
  prepareOp,
  prepareParent,
  withCommand,
} from '../frame/prepare.js';
import { queueRewrite } from '../journal.js';
import { logEntry } from '../log.js';
import type { MergedLog } from '../merge.js';
import { entryOf, expectedAt } from '../merged-log.js';
import { ignore } from '../outbox.js';
import type { ReplicaState } from '../state.js';
import { followChain, isVerified } from '../verify.js';
import { canonicalBelow, isBodyIntact, isPrepareSound } from './on-prepare.js';

/**
 * A stored prepare from a peer. It is taken as it is and counts for nothing until the chain from a
 * known op above confirms it: until then it is kept aside. No nonce tells late answers from others, and
 * a superseded entry in the log would be voted with. One that contradicts the log of the view is not
 * taken at all. Of its body only the bytes are judged: what is held below it may be superseded, and
 * say other offsets.
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
  if (op === r.commitMin && r.isAnchorWanted) {
    session.received++;
    takeAnchor(r, frame);
  } else if (op <= r.commitMin || op > session.toOp) {
    ignore(r, 'old_prepare', repair);
  } else if (contradicts(r, op, frame)) {
    ignore(r, 'superseded', repair);
  } else if (r.log.has(op) || r.staged.has(op)) {
    ignore(r, 'old_prepare', repair);
  } else if (!isBodyIntact(r, frame)) {
    ignore(r, 'body_refused', repair);
  } else {
    session.idleTicks = 0;
    session.received++;
    ingest(r, frame);
  }
}

/** Whether the log of the view is known to have another entry at `op`, or below it. */
function contradicts(r: ReplicaState, op: number, frame: Uint8Array): boolean {
  const known = r.canonical.get(op);
  if (known !== undefined) return known !== prepareChecksum(frame);
  const below = canonicalBelow(r, op);
  return below !== undefined && below !== prepareParent(frame);
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
  r.staged.put(entry);
  followChain(r, entry.op);
}
