import { advanceRun } from './acks.js';
import { contentOf } from './log.js';
import { alarm } from './outbox.js';
import { repairTop } from './repair.js';
import type { ReplicaState } from './state.js';
import type { CommittedEntry } from './state-machine.js';

/** A peer retains nothing up to `floor`: maybe the own files represent all of that. */
export function proposeFloor(r: ReplicaState, floor: number): void {
  if (floor > Math.max(r.commitMin, r.floorCandidate)) r.floorCandidate = floor;
}

/**
 * Judges a proposed floor once everything above it is held: it is accepted only if the log above
 * connects to the own files. A visible stall is better than a log with a hole.
 * @returns false when the floor was refused, so that only a state transfer can help
 */
export function judgeFloor(r: ReplicaState): boolean {
  const floor = Math.min(r.floorCandidate, r.commitMax);
  r.floorCandidate = 0;
  if (floor <= r.commitMin) return true;
  const window: CommittedEntry[] = [];
  for (let op = floor + 1; op <= repairTop(r); op++) {
    const entry = r.log.get(op) ?? r.staged.get(op);
    if (entry !== undefined) window.push(contentOf(entry));
  }
  if (r.machine.connects?.(floor, window) !== true) {
    alarm(r, 'floor_refused', { floor });
    return false;
  }
  r.canonical.dropThrough(floor);
  r.staged.dropBelow(floor + 1);
  r.commitMin = floor;
  r.runTop = floor;
  // Nobody kept the header of this op; the entry above it is exempt from naming it.
  r.anchor = { op: floor, checksum: 0n };
  r.isAnchorOpen = true;
  r.isAnchorWanted = true;
  r.keptHeader = undefined;
  r.head = Math.max(r.head, floor);
  advanceRun(r);
  return true;
}
