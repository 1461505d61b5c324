import { contentOf, type LogEntry } from './log.js';
import { emit } from './outbox.js';
import type { ReplicaState } from './state.js';

/** A journal write is not a claim of this replica as primary. */
export const unclaimed = -1;

/**
 * Takes a prepare into the log and asks for its journal write. `claimedIn` is the view in which
 * this replica, as primary, gave it its op.
 */
export function appendEntry(r: ReplicaState, entry: LogEntry, claimedIn = unclaimed): void {
  removeEntry(r, entry.op);
  r.log.put(entry);
  r.machine.logged?.(contentOf(entry));
  writeEntry(r, entry, claimedIn);
}

/** Asks for the journal write of an entry that is in the log. */
export function writeEntry(r: ReplicaState, entry: LogEntry, claimedIn = unclaimed): void {
  if (r.config.durability === 'memory') {
    r.landed.push(entry.op);
    return;
  }
  const write = ++r.writeCounter;
  const { op, checksum } = entry;
  r.pendingWrites.set(write, { op, checksum, claimedIn, discards: false });
  emit(r, { kind: 'journal-append', write, entries: [entry.frame] });
}

/**
 * Moves the head over held entries. Never over a hole: a vote advertises the head, and jumping one
 * would nominate a primary that cannot walk its own log.
 */
export function extendHead(r: ReplicaState): void {
  for (let next = r.log.get(r.head + 1); next !== undefined; next = r.log.get(r.head + 1)) {
    r.head = next.op;
    r.headChecksum = next.checksum;
  }
}

/** Takes an uncommitted entry out of memory only. */
export function removeEntry(r: ReplicaState, op: number): void {
  const removed = r.log.remove(op);
  if (removed === undefined) return;
  r.unwritten.delete(op);
  r.machine.unlogged?.(op);
  if (r.runTop >= op) r.runTop = Math.max(r.commitMin, op - 1);
}

/**
 * Takes an entry out durably: a restart must not find it again. Until the journal is rewritten,
 * at the end of this step, no gated frame leaves.
 */
export function discardEntry(r: ReplicaState, op: number): void {
  removeEntry(r, op);
  queueRewrite(r, 'discard');
}

export function queueRewrite(r: ReplicaState, purpose: 'drain' | 'discard'): void {
  if (r.config.durability === 'memory') return;
  if (r.isRewriteQueued !== 'discard') r.isRewriteQueued = purpose;
}

/** Emits the rewrite that this step made necessary, with everything held now. */
export function flushRewrite(r: ReplicaState): void {
  if (r.isRewriteQueued === 'no' || r.ticks < r.rewriteRetryAt) return;
  const discards = r.isRewriteQueued === 'discard';
  const write = ++r.writeCounter;
  r.isRewriteQueued = 'no';
  if (discards) r.pendingDiscards++;
  r.pendingWrites.set(write, { op: 0, checksum: 0n, claimedIn: unclaimed, discards });
  const anchor = r.plane === 'partition' ? r.keptHeader : undefined;
  emit(r, {
    kind: 'journal-rewrite',
    write,
    entries: r.log.entries().map((entry) => entry.frame),
    ...(anchor === undefined ? {} : { anchor }),
  });
}
