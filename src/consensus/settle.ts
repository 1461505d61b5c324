import { acknowledgeRun, entryLanded, forwardFromPrimary } from './acks.js';
import { settleCheckpoint } from './checkpoint.js';
import { applyCommitted } from './commit.js';
import { progressViewChange } from './elect.js';
import { isGateOpen } from './gate.js';
import { sendHeartbeat } from './heartbeat.js';
import { settleInstall } from './install.js';
import { flushRewrite } from './journal.js';
import { settleReads } from './reads.js';
import { settleRejoin } from './rejoin.js';
import { settleRepair } from './repair.js';
import { promoteRequests } from './rules/on-propose.js';
import { announceView, canAnnounce } from './start-view.js';
import type { ReplicaState } from './state.js';
import { settleSuperblock } from './superblock.js';
import { settleTransfer } from './transfer.js';
import { broadcastStartViewChange } from './view-change.js';

/**
 * The end of every step: everything that follows from the state as it now is. Rules only change
 * state; what has to be applied, written, asked for or said because of it is found out here, in a
 * fixed order, so that no path can forget it.
 */
export function settle(r: ReplicaState): void {
  if (r.halted) return;
  landMemoryEntries(r);
  if (r.status === 'view-change') progressViewChange(r);
  if (r.commitMin < r.commitMax) applyCommitted(r);
  if (r.requestQueue.length > 0 && r.isActingPrimary) promote(r);
  if (r.reads.pending.length > 0) settleReads(r);
  if (r.amnesia === 'catching-up') settleRejoin(r);
  settleTransfer(r);
  if (r.transferStage === 'fetching') settleInstall(r);
  if (r.isRepairWanted && r.lostUpToDurable === r.lostUpTo) settleRepair(r);
  settleCheckpoint(r);
  flushRewrite(r);
  settleSuperblock(r);
  if (r.isResumeDue && isGateOpen(r)) resumeSpeaking(r);
}

/** Says what the closed gate withheld; built from the state of now, nothing stale is sent. */
function resumeSpeaking(r: ReplicaState): void {
  const isLeading = r.status === 'normal' && r.isActingPrimary;
  if (isLeading && !r.isViewAnnounced && !canAnnounce(r)) return;
  r.isResumeDue = false;
  if (r.status === 'view-change') {
    broadcastStartViewChange(r);
    progressViewChange(r);
  } else if (isLeading) {
    if (!r.isViewAnnounced) announceView(r);
    r.isViewAnnounced = true;
    sendHeartbeat(r);
    forwardFromPrimary(r);
  } else if (r.status === 'normal') {
    acknowledgeRun(r);
  }
}

function promote(r: ReplicaState): void {
  promoteRequests(r);
  landMemoryEntries(r);
  if (r.commitMin < r.commitMax) applyCommitted(r);
}

/** In memory mode an entry is as durable as it will ever be at once. */
function landMemoryEntries(r: ReplicaState): void {
  for (let op = r.landed.shift(); op !== undefined; op = r.landed.shift()) {
    const entry = r.log.get(op);
    if (entry !== undefined && !entry.durable) entryLanded(r, entry);
  }
}
