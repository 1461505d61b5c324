import { prepareHeaderOf } from './frame/prepare.js';
import { queueRewrite } from './journal.js';
import { alarm } from './outbox.js';
import type { ReplicaState } from './state.js';
import { wantSuperblock } from './superblock.js';
import { endTransfer } from './transfer.js';

/** Entries, or bytes held, that make a drain worth a rewrite of the journal. */
const drainEntries = 256;
const drainBytes = 16 * 1024 * 1024;

/**
 * The effects of all ops up to `op` are synced, so their entries may leave the journal. The last
 * one's header stays: it is the commit point of a vote and the parent of the next op. A rewrite
 * copies what remains, hence it has to free at least as much.
 */
export function drainFlushed(r: ReplicaState, op: number): void {
  const last = Math.min(op, r.commitMin);
  const hasPiledUp = last - r.drainedUpTo >= drainEntries || r.log.bytes >= drainBytes;
  if (!hasPiledUp) return;
  const drained = r.log.entries().filter((entry) => entry.op <= last);
  const bytes = drained.reduce((sum, entry) => sum + entry.frame.length, 0);
  const top = drained.at(-1);
  if (top === undefined || bytes < r.log.bytes / 2) return;
  r.drainedUpTo = top.op;
  r.keptHeader = prepareHeaderOf(top.frame);
  for (const entry of drained) {
    r.log.remove(entry.op);
    if (r.replicaCount > 1) r.evicted.put(entry);
  }
  boundEvicted(r);
  queueRewrite(r, 'drain');
}

/** Drained entries are served to peers as long as they fit. */
function boundEvicted(r: ReplicaState): void {
  const { evictedRingEntries, evictedRingBytes } = r.limits;
  for (const op of r.evicted.ops()) {
    if (r.evicted.size <= evictedRingEntries && r.evicted.bytes <= evictedRingBytes) return;
    r.evicted.remove(op);
  }
}

/** The received files are in place: everything up to the offer's commit op is in them. */
export function artifactsInstalled(r: ReplicaState, ok: boolean): void {
  const session = r.transfer;
  if (session === undefined || r.transferStage !== 'installing') return;
  if (!ok) {
    alarm(r, 'install_failed', { op: session.commitOp });
    // What is held here reaches beyond the offer, from before the last restart: the log has to do.
    r.isUnfilled = false;
    endTransfer(r);
    return;
  }
  const op = session.commitOp;
  // Behind nothing the log begins with its genesis value.
  const checksum = op === 0 ? r.anchor.checksum : r.canonical.get(op);
  for (const held of r.log.ops()) r.log.remove(held);
  r.canonical.dropThrough(op);
  r.staged.dropBelow(op + 1);
  r.commitMin = op;
  r.commitMax = Math.max(r.commitMax, op);
  r.runTop = op;
  r.anchor = { op, checksum: checksum ?? 0n };
  r.isAnchorOpen = checksum === undefined;
  // Never below the log of the view: a vote that ended there would have the next one give up its end.
  if (r.head <= op) {
    r.head = op;
    r.headChecksum = r.anchor.checksum;
  }
  r.keptHeader = undefined;
  r.drainedUpTo = op;
  r.isAnchorWanted = op > 0;
  r.isFenced = false;
  r.isUnfilled = false;
  r.counters.transfersInstalled++;
  queueRewrite(r, 'drain');
  wantSuperblock(r);
  endTransfer(r);
}
