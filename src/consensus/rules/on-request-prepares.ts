import { getU64, getU128, setU64Number, setU128 } from '../../base/index.js';
import { Command } from '../../wire/index.js';
import { sealed, senderOf } from '../frame/control.js';
import { repairReplyAt, requestPreparesAt } from '../frame/layout.js';
import { prepareOp, withCommand } from '../frame/prepare.js';
import type { LogEntry } from '../log.js';
import { ignore, send } from '../outbox.js';
import type { ReplicaState } from '../state.js';

/**
 * Serves stored prepares, also during a view change: an elect could not start otherwise. Whatever
 * is held may be served; it is the receiver that knows which entries its log names.
 * @source Iggy consensus protocol, journal repair
 */
export function onRequestPrepares(r: ReplicaState, frame: Uint8Array): void {
  const isPurging = r.machine.isPurgePending?.() === true;
  if (r.status === 'recovering' || r.isTransferring || r.isFenced || isPurging) {
    ignore(r, r.isTransferring ? 'state_transfer' : 'not_normal', frame);
    return;
  }
  const peer = senderOf(frame);
  const nonce = getU128(frame, requestPreparesAt.nonce);
  const top = Math.max(r.commitMax, r.head);
  const from = clamp(getU64(frame, requestPreparesAt.fromOp), top + 1);
  const to = clamp(getU64(frame, requestPreparesAt.toOp), top);
  const evicted = evictedUpTo(r);
  const first = firstServable(r, Math.max(from, evicted + 1), to);
  if (first === undefined) {
    // Bare silence would leave the peer asking; where nothing is evicted it learns that, too.
    terminate(r, peer, Command.RangeEvicted, nonce, evicted + 1);
    terminate(r, peer, Command.RepairDone, nonce, from - 1);
    return;
  }
  if (from <= evicted) terminate(r, peer, Command.RangeEvicted, nonce, evicted + 1);
  const last = serve(r, peer, first, to);
  terminate(r, peer, Command.RepairDone, nonce, last);
}

/** A hostile 2^64-1 must not pin a loop; ops beyond the own log cannot be served anyway. */
function clamp(op: bigint, limit: number): number {
  return op > BigInt(limit) ? limit : Number(op);
}

/** Highest op that is gone here because a checkpoint or its effects on disk represent it. */
function evictedUpTo(r: ReplicaState): number {
  const kept = r.keptHeader === undefined ? 0 : prepareOp(r.keptHeader);
  if (r.plane === 'metadata') return Math.max(kept, r.checkpointOp - 1, 0);
  const [oldest] = r.evicted.ops();
  return oldest === undefined ? kept : oldest - 1;
}

function firstServable(r: ReplicaState, from: number, to: number): number | undefined {
  if (r.config.chaos?.fire('early-range-evicted') === true) return undefined;
  for (let op = from; op <= to; op++) if (stored(r, op) !== undefined) return op;
  return undefined;
}

function serve(r: ReplicaState, peer: number, first: number, to: number): number {
  const chunk = r.config.chaos?.fire('tiny-repair-round') === true ? 1 : r.limits.repairChunk;
  const end = Math.min(to, first + chunk - 1);
  let op = first;
  for (; op <= end; op++) {
    const entry = stored(r, op);
    if (entry === undefined) break;
    send(r, peer, withCommand(entry.frame, Command.RepairPrepare));
  }
  return op - 1;
}

function stored(r: ReplicaState, op: number): LogEntry | undefined {
  return r.log.get(op) ?? r.evicted.get(op);
}

function terminate(
  r: ReplicaState,
  peer: number,
  command: number,
  nonce: bigint,
  op: number,
): void {
  const frame = r.templates.frame(command, 0);
  setU128(frame, repairReplyAt.nonce, nonce);
  setU64Number(frame, repairReplyAt.op, Math.max(0, op));
  send(r, peer, sealed(frame));
}
