import { setU64Number, setU128 } from '../base/index.js';
import { Command } from '../wire/index.js';
import { mark } from './counters.js';
import { sealed } from './frame/control.js';
import { requestPreparesAt } from './frame/layout.js';
import { coverageOf } from './merged-log.js';
import { nextNonce } from './nonce.js';
import { send } from './outbox.js';
import { pickSource } from './repair-source.js';
import type { ReplicaState } from './state.js';
import { isVerified } from './verify.js';

/**
 * Opens a repair if something is missing that this replica should hold and none is under way.
 * @source Iggy consensus protocol, journal repair
 */
export function settleRepair(r: ReplicaState): void {
  r.isRepairWanted = false;
  if (r.repair === undefined && mayRepair(r)) requestMissing(r, 0);
}

/** Backups repair what is committed, an elect everything its merged log names. */
function mayRepair(r: ReplicaState): boolean {
  if (r.isTransferring || r.isFenced || r.replicaCount === 1) return false;
  if (r.merged !== undefined) return true;
  return r.status === 'normal' && (r.commitMin < r.commitMax || r.isAnchorWanted);
}

/** Asks for the first missing op up to the last one; `stalls` rotates an elect's sources. */
export function requestMissing(r: ReplicaState, stalls: number): void {
  r.repair = undefined;
  const range = missingRange(r);
  if (range === undefined) return;
  const peer = pickSource(r, range.from, stalls);
  if (peer === undefined) return;
  if (range.to - range.from >= r.limits.repairChunk) mark(r, 'repair wider than one chunk');
  const nonce = nextNonce(r);
  r.repair = {
    nonce,
    fromOp: range.from,
    toOp: range.to,
    peer,
    idleTicks: 0,
    received: 0,
    stalls,
  };
  r.counters.repairRounds++;
  const frame = r.templates.frame(Command.RequestPrepares, 0);
  setU128(frame, requestPreparesAt.nonce, nonce);
  setU64Number(frame, requestPreparesAt.fromOp, range.from);
  setU64Number(frame, requestPreparesAt.toOp, range.to);
  send(r, peer, sealed(frame));
}

/**
 * First and last op that is not held, up to where the log is known. Entries that are held or staged but
 * not verified yet are not missing: once the gap below a known op is filled the chain decides on them.
 */
export function missingRange(r: ReplicaState): { from: number; to: number } | undefined {
  if (r.merged !== undefined) return coverageOf(r, r.merged).missing;
  const top = repairTop(r);
  let from = r.isAnchorWanted && r.commitMin > 0 ? r.commitMin : 0;
  let to = from;
  for (let op = Math.max(r.commitMin, r.floorCandidate) + 1; op <= top; op++) {
    if (r.log.has(op) || r.staged.has(op)) continue;
    if (from === 0) from = op;
    to = op;
  }
  return from === 0 ? undefined : { from, to };
}

/** Highest op a repair asks for. */
export function repairTop(r: ReplicaState): number {
  const { commitMax } = r;
  if (r.canonical.get(commitMax) !== undefined || isVerified(r, commitMax)) return commitMax;
  return Math.max(commitMax, r.canonical.lowestAbove(commitMax) ?? 0);
}

/** A tick of the session: without progress for a while the request is made again. */
export function tickRepair(r: ReplicaState): void {
  const session = r.repair;
  if (session === undefined) return;
  session.idleTicks++;
  if (session.idleTicks >= r.limits.repairTicks) requestMissing(r, session.stalls + 1);
}
