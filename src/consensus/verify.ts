import { mark } from './counters.js';
import { fence } from './fence.js';
import { prepareTimestamp } from './frame/prepare.js';
import { appendEntry, discardEntry, extendHead } from './journal.js';
import type { LogEntry } from './log.js';
import { alarm } from './outbox.js';
import type { ReplicaState } from './state.js';

/**
 * Records that `checksum` is the canonical prepare at `op` of the current view's log, and follows
 * the chain of held entries downwards from there. Held entries that contradict it are superseded:
 * they are discarded, or, when already applied, this replica has diverged.
 */
export function learnCanonical(r: ReplicaState, op: number, checksum: bigint): void {
  if (op < r.commitMin) return;
  if (op === r.commitMin) {
    if (r.isAnchorOpen) closeAnchor(r, checksum);
    else if (op > 0 && checksum !== r.anchor.checksum) fence(r, op);
    return;
  }
  const known = r.canonical.get(op);
  if (known !== undefined) {
    if (known !== checksum) alarm(r, 'canonical_conflict', { op });
    return;
  }
  r.canonical.set(op, checksum);
  followChain(r, op);
}

/** Follows the chain below a held or staged entry whose canonical checksum is known. */
export function followChain(r: ReplicaState, from: number): void {
  for (let op = from; op > r.commitMin; op--) {
    const canonical = r.canonical.get(op);
    if (canonical === undefined) return;
    const entry = r.log.get(op) ?? takeStaged(r, op, canonical);
    if (entry === undefined) return;
    if (entry.checksum !== canonical) {
      mark(r, 'held entry discarded');
      discardEntry(r, op);
      return;
    }
    const below = op - 1;
    if (below === r.commitMin) {
      if (entry.parent !== r.anchor.checksum && !r.isAnchorOpen) fence(r, below);
      return;
    }
    const known = r.canonical.get(below);
    if (known !== undefined) {
      if (known !== entry.parent) alarm(r, 'canonical_conflict', { op: below });
      return;
    }
    r.canonical.set(below, entry.parent);
  }
}

/**
 * What repair brought at `op`, now that it is known to be right: it becomes part of the log. Kept
 * aside for an elect it may be of another log than that of `logView`, and stays.
 */
function takeStaged(r: ReplicaState, op: number, canonical: bigint): LogEntry | undefined {
  const entry = r.staged.get(op);
  if (entry === undefined) return undefined;
  const isRight = entry.checksum === canonical;
  if (isRight || r.merged === undefined) r.staged.remove(op);
  if (!isRight) return undefined;
  appendEntry(r, entry);
  r.timestampFloor = Math.max(r.timestampFloor, prepareTimestamp(entry.frame));
  extendHead(r);
  return entry;
}

/** True when the held entry at `op` is the one of the current view's log. */
export function isVerified(r: ReplicaState, op: number): boolean {
  const canonical = r.canonical.get(op);
  return canonical !== undefined && r.log.holds(op, canonical);
}

/** The identity of a floor that was accepted without its header becomes known. */
function closeAnchor(r: ReplicaState, checksum: bigint): void {
  r.anchor = { op: r.commitMin, checksum };
  r.isAnchorOpen = false;
}
