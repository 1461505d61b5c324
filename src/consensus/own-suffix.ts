import { setU32, setU64Number, setU128 } from '../base/index.js';
import { blankEntry, Command, sealSuffixBody } from '../wire/index.js';
import { suffixEntriesMax } from './constants.js';
import { mark } from './counters.js';
import { sealed } from './frame/control.js';
import { doViewChangeAt, headerSize, startViewAt } from './frame/layout.js';
import { prepareChecksum, prepareOp, prepareParent, prepareTimestamp } from './frame/prepare.js';
import { alarm } from './outbox.js';
import type { ReplicaState } from './state.js';

/** Header of a held op: in the log, among drained entries, or kept without its body. */
export function heldHeader(r: ReplicaState, op: number): Uint8Array | undefined {
  const entry = r.log.get(op) ?? r.evicted.get(op);
  if (entry !== undefined) return entry.frame;
  const kept = r.keptHeader;
  return kept !== undefined && prepareOp(kept) === op ? kept : undefined;
}

/**
 * This replica's vote: its log from the commit point to the head, op by op. A held op is present; an
 * op known only from the view's headers, or not at all, was never prepared here and is nacked,
 * except where this replica knows that it may have lost bytes.
 * @source Iggy consensus protocol, the uncommitted suffix
 */
export function buildVote(r: ReplicaState): Uint8Array {
  const op = r.head;
  const commit = Math.min(r.commitMax, op);
  const headers: Uint8Array[] = [];
  let present = 0n;
  let nack = 0n;
  const low = lowestOp(r, op, commit);
  const describable = describableUpTo(r, low, op);
  for (let at = op; at >= low; at--) {
    const bit = 1n << BigInt(op - at);
    const held = heldHeader(r, at);
    const isDescribed = at <= describable;
    if (held !== undefined && isDescribed) present |= bit;
    else if (held === undefined && at > commit && at > r.lostUpTo) nack |= bit;
    const header = isDescribed ? (held ?? r.viewHeaders.get(at)) : undefined;
    if (held === undefined && header !== undefined) mark(r, 'vote with a header and no body');
    headers.push(header ?? blankEntry(BigInt(at)));
  }
  const frame = suffixFrame(r, Command.DoViewChange, headers);
  setU64Number(frame, doViewChangeAt.op, op);
  setU64Number(frame, doViewChangeAt.commit, commit);
  setU32(frame, doViewChangeAt.logView, r.logView);
  setU64Number(frame, doViewChangeAt.offsetFloor, r.machine.offsetFloor?.() ?? 0);
  setU128(frame, doViewChangeAt.nackBitset, nack);
  setU128(frame, doViewChangeAt.presentBitset, present);
  return sealed(frame);
}

/**
 * Highest op up to which what is known here makes one log. A relic above a break, left by a crash
 * in the middle of a change of the journal, is not described: receivers refuse a vote that
 * contradicts itself as a whole. It is not nacked either.
 */
function describableUpTo(r: ReplicaState, low: number, op: number): number {
  let below: Uint8Array | undefined;
  for (let at = low; at <= op; at++) {
    const header = heldHeader(r, at) ?? r.viewHeaders.get(at);
    if (header === undefined) continue;
    if (below !== undefined && !mayFollow(header, below)) return at - 1;
    below = header;
  }
  return op;
}

function mayFollow(header: Uint8Array, below: Uint8Array): boolean {
  if (prepareTimestamp(header) <= prepareTimestamp(below)) return false;
  const isNext = prepareOp(header) === prepareOp(below) + 1;
  return !isNext || prepareParent(header) === prepareChecksum(below);
}

/** The log of the current view as its primary announces it; `nonce` 0 = to everybody. */
export function buildStartView(r: ReplicaState, nonce: bigint): Uint8Array {
  // Only what is durable here: a StartView promises that every op it names can be served.
  const op = r.runTop;
  const commit = Math.min(r.commitMax, op);
  const headers: Uint8Array[] = [];
  for (let at = op; at >= lowestOp(r, op, commit); at--) {
    headers.push(heldHeader(r, at) ?? blankEntry(BigInt(at)));
  }
  const frame = suffixFrame(r, Command.StartView, headers);
  setU64Number(frame, startViewAt.op, op);
  setU64Number(frame, startViewAt.commit, commit);
  setU64Number(frame, startViewAt.offsetFloor, r.machine.offsetFloor?.() ?? 0);
  setU128(frame, startViewAt.incarnation, nonce);
  return sealed(frame);
}

/** The commit point is included, it anchors the window; ops that do not fit stay undecided. */
function lowestOp(r: ReplicaState, op: number, commit: number): number {
  const low = Math.max(1, commit);
  if (op - low < suffixEntriesMax) return low;
  alarm(r, 'suffix_too_wide', { head: op, commit });
  return op - suffixEntriesMax + 1;
}

function suffixFrame(r: ReplicaState, command: number, headers: readonly Uint8Array[]): Uint8Array {
  const frame = r.templates.frame(command, r.view, headers.length * headerSize);
  for (const [i, header] of headers.entries()) {
    frame.set(header.subarray(0, headerSize), (i + 1) * headerSize);
  }
  sealSuffixBody(frame);
  return frame;
}
