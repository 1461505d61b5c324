import type { ReplicaState } from './state.js';

/**
 * Whether frames that speak for a view may leave: the view and log view in memory are durable, and
 * the last record could be written, and no removal of log entries is still under way. Otherwise a
 * crash could bring back an older view than the one peers saw this replica act in.
 * @source Iggy consensus protocol, write before send
 */
export function isGateOpen(r: ReplicaState): boolean {
  return (
    r.viewDurable === r.view &&
    r.logViewDurable === r.logView &&
    r.lostUpToDurable === r.lostUpTo &&
    r.superblockFailures === 0 &&
    r.pendingDiscards === 0 &&
    r.isRewriteQueued !== 'discard' &&
    !r.isFenced &&
    !r.halted
  );
}

/**
 * Whether this replica may describe its log to a candidate now: nothing of it is still on its way
 * to disk, and what it does not hold it really never prepared.
 */
export function canVote(r: ReplicaState): boolean {
  const isQuiet = r.pendingWrites.size === 0 && r.unwritten.size === 0;
  return isGateOpen(r) && isQuiet && r.amnesia === 'none';
}
