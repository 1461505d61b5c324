import { setU32, setU64Number, setU128 } from '../base/index.js';
import { Command } from '../wire/index.js';
import { sealed } from './frame/control.js';
import { requestChunkAt, requestTransferAt } from './frame/layout.js';
import { nextNonce } from './nonce.js';
import { alarm, send, trace } from './outbox.js';
import type { ReplicaState } from './state.js';
import type { TransferStage } from './status.js';
import type { IncomingArtifact, TransferSession } from './transfer-session.js';

/** Asks a peer for a copy of its state; live prepares are ignored until it is installed. */
export function beginTransfer(r: ReplicaState, peer: number): void {
  r.repair = undefined;
  r.transfer = undefined;
  r.transferPeer = peer;
  setStage(r, 'awaiting-target');
}

/** Ends a transfer, installed or given up; whatever is missing then is repaired. */
export function endTransfer(r: ReplicaState): void {
  r.transfer = undefined;
  r.machine.artifacts?.abandon();
  r.transferPeer = -1;
  r.isRepairWanted = true;
  r.isResumeDue = true;
  setStage(r, 'idle');
}

/**
 * The commit point that came with an offer. It speaks of the log of the offering primary's view:
 * under any other one, entries that are held here may have been superseded below it.
 */
export function learnOfferedCommit(r: ReplicaState, session: TransferSession): void {
  if (r.status !== 'normal' || session.view !== r.view) return;
  r.commitMax = Math.max(r.commitMax, session.commitOp);
}

/**
 * Opens the session once it is known whom to ask. A replica that diverged, or has to be filled before it
 * follows the log, keeps asking the primary until an offer mends that.
 */
export function settleTransfer(r: ReplicaState): void {
  if ((r.isFenced || r.isUnfilled) && mayAskAgain(r)) beginTransfer(r, r.primary);
  if (r.transferStage !== 'awaiting-target' || r.transferPeer < 0) return;
  if (r.transfer !== undefined || r.status === 'recovering') return;
  r.transfer = {
    nonce: nextNonce(r),
    peer: r.transferPeer,
    commitOp: 0,
    commitMax: 0,
    view: 0,
    artifacts: [],
    idleTicks: 0,
    stalls: 0,
  };
  requestTarget(r, r.transfer);
}

function mayAskAgain(r: ReplicaState): boolean {
  const isFollower = r.status === 'normal' && !r.isPrimaryByIndex;
  return isFollower && r.transferStage === 'idle' && r.ticks >= r.transferRetryAt;
}

export function setStage(r: ReplicaState, stage: TransferStage): void {
  if (r.transferStage === stage) return;
  r.transferStage = stage;
  if (r.tracing) trace(r, 'TransferStageChanged', { stage });
}

function requestTarget(r: ReplicaState, session: TransferSession): void {
  const frame = r.templates.frame(Command.RequestStateTransfer, 0);
  setU128(frame, requestTransferAt.nonce, session.nonce);
  send(r, session.peer, sealed(frame));
}

/** First artifact that is wanted and not complete. */
export function nextArtifact(
  session: TransferSession,
): { readonly index: number; readonly artifact: IncomingArtifact } | undefined {
  for (const [index, artifact] of session.artifacts.entries()) {
    if (artifact.isWanted && artifact.received < artifact.length) return { index, artifact };
  }
  return undefined;
}

/** Asks for the next piece: one at a time, because links drop what they cannot queue. */
export function requestChunk(r: ReplicaState, session: TransferSession): void {
  const next = nextArtifact(session);
  if (next === undefined) return;
  const { index, artifact } = next;
  const frame = r.templates.frame(Command.RequestStateChunk, 0);
  setU128(frame, requestChunkAt.nonce, session.nonce);
  setU64Number(frame, requestChunkAt.offset, artifact.received);
  setU32(frame, requestChunkAt.len, Math.min(r.limits.chunkBytes, artifact.length));
  setU32(frame, requestChunkAt.artifact, index);
  send(r, session.peer, sealed(frame));
}

/** A tick of the session: stalls repeat the request, too many in a row give it up. */
export function tickTransfer(r: ReplicaState): void {
  r.offers.expire(r.ticks);
  const session = r.transfer;
  if (session === undefined) return;
  if (r.transferStage === 'idle') {
    r.transfer = undefined;
    r.machine.artifacts?.abandon();
    return;
  }
  if (r.transferStage === 'installing') return;
  session.idleTicks++;
  if (session.idleTicks < r.limits.repairTicks) return;
  session.idleTicks = 0;
  session.stalls++;
  if (session.stalls > r.limits.transferStallBudget) {
    alarm(r, 'transfer_abandoned', { peer: session.peer });
    endTransfer(r);
  } else if (r.transferStage === 'awaiting-target') {
    requestTarget(r, session);
  } else {
    requestChunk(r, session);
  }
}
