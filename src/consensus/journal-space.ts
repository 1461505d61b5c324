import type { ReplicaState } from './state.js';

/** A checkpoint is due: the free slots are down to the margin. */
export function isCheckpointDue(r: ReplicaState): boolean {
  const { journalSlots, checkpointMargin, journalBytesMax } = r.limits;
  return !fits(r, journalSlots - checkpointMargin, journalBytesMax);
}

/**
 * No live prepare is taken any more. Those already accepted found their slots in the margin while
 * the checkpoint that makes room is under way.
 */
export function isJournalFull(r: ReplicaState): boolean {
  return !fits(r, r.limits.journalSlots, 2 * r.limits.journalBytesMax);
}

/**
 * With a large state the log may grow beyond its slots: a checkpoint costs time in proportion to
 * the state, so it has to be rare in proportion to it. Logs without checkpoints have no bound.
 */
function fits(r: ReplicaState, slots: number, bytes: number): boolean {
  if (r.machine.snapshots === undefined) return true;
  if (r.log.bytes >= bytes) return false;
  if (r.log.size < slots) return true;
  const snapshotBytes = r.checkpointPayload?.length ?? 0;
  return r.log.bytes < r.limits.checkpointLogFactor * snapshotBytes;
}
