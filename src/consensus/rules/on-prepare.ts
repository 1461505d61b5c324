import { acknowledgeOp, forwardAlongChain } from '../acks.js';
import {
  bodyChecksumOf,
  committedEntryOf,
  isPrepareIntact,
  prepareBuilder,
  prepareChecksum,
  prepareCommit,
  prepareHeaderFault,
  prepareOp,
  prepareParent,
  prepareTimestamp,
  prepareView,
} from '../frame/prepare.js';
import { appendEntry, extendHead, queueRewrite } from '../journal.js';
import { isJournalFull } from '../journal-space.js';
import { logEntry } from '../log.js';
import { ignore } from '../outbox.js';
import type { ReplicaState } from '../state.js';
import { isLogRecorded } from '../superblock.js';
import { followChain, isVerified } from '../verify.js';

/**
 * A prepare on its way along the chain, or sent again. The tests run in this order and the first
 * that matches ends the processing.
 * @source Iggy consensus protocol, receiving a prepare
 */
export function onPrepare(r: ReplicaState, frame: Uint8Array): void {
  if (!isPrepareSound(r, frame)) {
    ignore(r, 'checksum_mismatch', frame);
  } else if (r.isTransferring) {
    ignore(r, 'state_transfer', frame);
  } else if (r.status !== 'normal') {
    ignore(r, 'not_normal', frame);
  } else if (prepareView(frame) > r.view) {
    // Only a hint: the view of a prepare is the one field that no checksum covers.
    r.observedNewerView = Math.max(r.observedNewerView, prepareView(frame));
    ignore(r, 'newer_view', frame);
  } else if (prepareView(frame) < r.view) {
    ignore(r, 'older_view', frame);
  } else if (!isProvenanceSound(r, frame)) {
    ignore(r, 'provenance', frame);
  } else {
    onCurrentPrepare(r, frame);
  }
}

/** Header form, size, identity and body: before anything trusts a checksum as an identity. */
export function isPrepareSound(r: ReplicaState, frame: Uint8Array): boolean {
  return (
    prepareHeaderFault(frame) === undefined &&
    frame.length <= r.limits.entryBytesMax &&
    isPrepareIntact(frame)
  );
}

/** What only the state machine can judge of a body: batch stamps, messages. */
function isBodyAccepted(r: ReplicaState, frame: Uint8Array): boolean {
  const verify = r.machine.verifyBody;
  if (verify === undefined) return true;
  return verify.call(r.machine, committedEntryOf(frame), bodyChecksumOf(frame));
}

/** Whether the bytes of a body are those its entry was built with. */
export function isBodyIntact(r: ReplicaState, frame: Uint8Array): boolean {
  const verify = r.machine.isBodyIntact;
  if (verify === undefined) return true;
  return verify.call(r.machine, committedEntryOf(frame), bodyChecksumOf(frame));
}

/**
 * `view` could have been changed on the way. Above the head this view began with, only its primary
 * builds; up to it, the view's own headers say what is right.
 */
function isProvenanceSound(r: ReplicaState, frame: Uint8Array): boolean {
  const op = prepareOp(frame);
  if (op <= r.commitMin) return true;
  const isKnown = r.canonical.get(op) === prepareChecksum(frame);
  return op > Math.max(r.adoptedHead, r.startedHead)
    ? prepareBuilder(frame) === r.primary
    : isKnown;
}

function onCurrentPrepare(r: ReplicaState, frame: Uint8Array): void {
  const op = prepareOp(frame);
  if (!r.isPrimaryByIndex && isOfThisGroup(r, frame)) {
    r.commitMax = Math.max(r.commitMax, prepareCommit(frame));
  }
  if (op <= r.commitMin) {
    ignore(r, 'old_prepare', frame);
  } else if (r.isPrimaryByIndex) {
    ignore(r, op > r.head ? 'gap' : 'old_prepare', frame);
  } else if (r.log.holds(op, prepareChecksum(frame))) {
    // Passed on and acknowledged again, this op only: the primary repeats every op that lacks a
    // quorum, so acknowledging more each time would be quadratic.
    recognise(r, op, frame);
    if (r.log.get(op)?.durable === true) forwardAlongChain(r, op, frame);
    acknowledgeOp(r, op);
  } else {
    acceptNew(r, op, frame);
  }
}

/**
 * Ids of partitions are used again, and a prepare does not say of which incarnation it is: a late one
 * of the group before names commits that mean nothing here. Only one that continues this log may.
 */
function isOfThisGroup(r: ReplicaState, frame: Uint8Array): boolean {
  if (r.plane === 'metadata') return true;
  return canonicalBelow(r, prepareOp(frame)) === prepareParent(frame);
}

/** A held entry is canonical once a prepare of the current view names it. */
function recognise(r: ReplicaState, op: number, frame: Uint8Array): void {
  if (r.canonical.get(op) !== undefined) return;
  r.canonical.set(op, prepareChecksum(frame));
  followChain(r, op);
}

function acceptNew(r: ReplicaState, op: number, frame: Uint8Array): void {
  const known = r.canonical.get(op);
  const below = canonicalBelow(r, op);
  const holdsOther = r.log.has(op);
  if (holdsOther && isVerified(r, op)) {
    ignore(r, 'superseded', frame);
  } else if (known !== undefined && known !== prepareChecksum(frame)) {
    ignore(r, 'superseded', frame);
  } else if (below !== undefined && below !== prepareParent(frame)) {
    ignore(r, 'superseded', frame);
  } else if (op > r.head + 1 && !continuesStaged(r, op, frame)) {
    ignore(r, 'gap', frame);
  } else if (isJournalFull(r)) {
    ignore(r, 'journal_full', frame);
  } else if (!isLogRecorded(r)) {
    // After a crash the record would count the entry to the log of an older view.
    ignore(r, 'not_normal', frame);
  } else if (!isBodyAccepted(r, frame)) {
    ignore(r, 'body_refused', frame);
  } else {
    accept(r, frame, holdsOther);
  }
}

/**
 * What the entry below `op` is known to be. A prepare has no seal and does not say of which
 * incarnation its group is: one that does not continue what was applied is dropped, not believed.
 */
export function canonicalBelow(r: ReplicaState, op: number): bigint | undefined {
  if (op - 1 > r.commitMin) return r.canonical.get(op - 1);
  return r.isAnchorOpen ? undefined : r.anchor.checksum;
}

/** What repair brought, from above the head up to `op`, is the chain this prepare goes on from. */
function continuesStaged(r: ReplicaState, op: number, frame: Uint8Array): boolean {
  let expected = prepareParent(frame);
  for (let at = op - 1; at > r.head; at--) {
    const entry = r.staged.get(at);
    if (entry?.checksum !== expected) return false;
    expected = entry.parent;
  }
  return true;
}

function accept(r: ReplicaState, frame: Uint8Array, replaces: boolean): void {
  const entry = logEntry(frame, false);
  // The superseded entry must not come back at a restart, so the journal is rewritten.
  if (replaces) queueRewrite(r, 'discard');
  r.staged.remove(entry.op);
  appendEntry(r, entry);
  r.canonical.set(entry.op, entry.checksum);
  followChain(r, entry.op);
  extendHead(r);
  r.timestampFloor = Math.max(r.timestampFloor, prepareTimestamp(frame));
}
