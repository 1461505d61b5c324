import { entryLanded } from '../acks.js';
import type { JournalResult } from '../events.js';
import { prepareChecksum } from '../frame/prepare.js';
import { queueRewrite, removeEntry, unclaimed } from '../journal.js';
import { halt, refuse, resultCode } from '../outbox.js';
import type { PendingWrite, ReplicaState } from '../state.js';

/**
 * A journal write ended. A failed sync is fatal: the bytes may or may not be on disk, and a retry
 * may report success without writing.
 * @source Iggy consensus protocol, append failure
 */
export function onJournalDone(r: ReplicaState, write: number, result: JournalResult): void {
  const pending = r.pendingWrites.get(write);
  if (pending === undefined) return;
  r.pendingWrites.delete(write);
  if (result === 'sync-failed') {
    halt(r, 'sync_failed', 'a journal write could not be made durable');
  } else if (pending.op === 0) {
    onRewriteDone(r, pending, result === 'ok');
  } else if (result === 'append-failed') {
    onAppendFailed(r, pending);
  } else {
    const entry = r.log.get(pending.op);
    if (entry?.checksum === pending.checksum) entryLanded(r, entry);
  }
}

/** After a failure the old file is still in place; the rewrite is tried again on a later tick. */
function onRewriteDone(r: ReplicaState, pending: PendingWrite, ok: boolean): void {
  if (pending.discards) r.pendingDiscards--;
  if (ok) return;
  queueRewrite(r, pending.discards ? 'discard' : 'drain');
  r.rewriteRetryAt = r.ticks + 1;
}

/** On a backup nothing was claimed. A primary has given the op away and must take it back. */
function onAppendFailed(r: ReplicaState, pending: PendingWrite): void {
  const { op } = pending;
  r.appendFailedAt = r.ticks;
  const held = r.log.holds(op, pending.checksum);
  if (pending.claimedIn !== unclaimed) {
    handBack(r, pending);
    return;
  }
  if (!held) return;
  if (r.isPrimaryByIndex && r.status === 'normal') {
    // Part of the log this view began with: it cannot be given up, only written again.
    r.unwritten.add(op);
    return;
  }
  removeEntry(r, op);
  lowerHead(r);
}

/**
 * The head falls to what is still held, and never into the log its view began with: a vote that ends
 * below that would have the next view give up, without a nack, what others may have acknowledged.
 * Nor below what is known to be committed, which may be on disk as such, or what may be lost here.
 */
function lowerHead(r: ReplicaState): void {
  const known = Math.max(r.commitMin, Math.min(r.commitMax, r.head), r.lostUpTo);
  const floor = Math.max(r.adoptedHead, known, ...r.viewHeaders.keys());
  while (r.head > floor && !r.log.has(r.head)) r.head--;
  const header = r.log.get(r.head)?.frame ?? r.viewHeaders.get(r.head);
  r.headChecksum = header === undefined ? r.anchor.checksum : prepareChecksum(header);
}

/**
 * Takes a claimed op back, only while it is nowhere: still primary of the same view, and nothing
 * was built on it. Otherwise memory claims an op that no disk and no peer holds.
 */
function handBack(r: ReplicaState, pending: PendingWrite): void {
  const { last } = r.pipeline;
  const mayHandBack =
    r.isActingPrimary &&
    pending.claimedIn === r.view &&
    r.head === pending.op &&
    r.sentUpTo < pending.op &&
    last?.entry.op === pending.op &&
    last.entry.checksum === pending.checksum;
  if (!mayHandBack) {
    halt(r, 'log_frontier', `op ${pending.op} was claimed but could not be written`);
    return;
  }
  r.pipeline.pop();
  removeEntry(r, pending.op);
  r.canonical.delete(pending.op);
  r.head = pending.op - 1;
  r.headChecksum = last.entry.parent;
  if (r.pipeline.length === 0) r.timeouts.prepare.stop();
  refuse(r, last.token, resultCode.notCommitted);
}
