import { noLimit } from '../metadata/options/topic-settings.js';
import { noOffset } from './consumer-offsets.js';
import { beginAt } from './log-extent.js';
import { partitionLimits } from './partition-config.js';
import type { PartitionState } from './partition-state.js';
import { recordMark } from './record-mark.js';
import type { Segment } from './segment.js';
import { blockWrites, removeFiles, startSync } from './segment-writer.js';

/**
 * Removes old segments: those whose newest message has expired, and the oldest while the sealed
 * ones together exceed the partition's share of the topic's size. Local to this replica.
 * @param now wall time, microseconds
 * @returns how many were removed
 */
export function cleanSegments(state: PartitionState, now: number): number {
  const sealed = sealedSegments(state);
  const expired = leading(sealed, (segment) => hasExpired(state, segment, now));
  return removeOldest(state, Math.max(expired, countOverBudget(state, sealed)));
}

/** Removes the segments that DeleteSegments asked for, as far as consumers have got. */
export function trimSegments(state: PartitionState): number {
  const { deletedUpToOffset, deletedInGeneration, appliedGeneration } = state;
  if (deletedUpToOffset === 0 || deletedInGeneration !== appliedGeneration) return 0;
  const sealed = sealedSegments(state);
  return removeOldest(
    state,
    leading(sealed, (segment) => segment.endOffset <= deletedUpToOffset),
  );
}

/** End offset of the `count`-th oldest sealed segment, or of the newest one; 0 when none. */
export function truncationOffset(state: PartitionState, count: number): number {
  if (state.isHidden) return 0;
  const sealed = sealedSegments(state);
  return sealed[Math.min(count, sealed.length) - 1]?.endOffset ?? 0;
}

function sealedSegments(state: PartitionState): readonly Segment[] {
  return state.log.segments.slice(0, -1);
}

function hasExpired(state: PartitionState, segment: Segment, now: number): boolean {
  const { messageExpiry } = state.settings;
  if (messageExpiry === noLimit || messageExpiry === 0n) return false;
  const { newestTimestamp } = segment;
  return newestTimestamp !== undefined && newestTimestamp + Number(messageExpiry) <= now;
}

function countOverBudget(state: PartitionState, sealed: readonly Segment[]): number {
  const { maxTopicSize, segmentSize } = state.settings;
  if (maxTopicSize === noLimit || maxTopicSize === 0n) return 0;
  const share = Number(maxTopicSize / BigInt(Math.max(1, state.partitionsCount)));
  const budget = Math.max(share, segmentSize + partitionLimits.maxFrameBytes);
  let total = sealed.reduce((sum, segment) => sum + segment.size, 0);
  let count = 0;
  for (const { size } of sealed) {
    if (total <= budget) break;
    total -= size;
    count += 1;
  }
  return count;
}

/** Removes up to `count` sealed segments, but none that somebody has not read to its end. */
function removeOldest(state: PartitionState, count: number): number {
  if (state.isHidden || state.isHalted || state.writeBlocks > 0 || count === 0) return 0;
  const lowest = state.offsets.minimum();
  const removable = leading(
    sealedSegments(state).slice(0, Math.min(count, partitionLimits.segmentsPerPass)),
    (segment) =>
      (lowest === noOffset || segment.endOffset <= lowest) && segment.written === segment.size,
  );
  if (removable === 0) return 0;
  // The name of the active segment's file has to tell the next offset once the others are gone.
  try {
    state.log.ensureActiveFile(state.unsynced);
  } catch (error) {
    state.halt('sync_failed', `cannot create a segment: ${String(error)}`);
    return 0;
  }
  const dropped = state.log.dropOldest(removable);
  for (const segment of dropped) {
    state.sizeBytes -= segment.size;
    state.messages -= segment.messages;
  }
  state.report();
  // The mark first: without it a segment that is missing has been lost.
  state.extent = beginAt(state.extent, state.log.firstOffset);
  const unblock = blockWrites(state);
  recordMark(state, () => removeFiles(state, dropped, unblock));
  startSync(state);
  return dropped.length;
}

function leading(segments: readonly Segment[], matches: (segment: Segment) => boolean): number {
  const end = segments.findIndex((segment) => !matches(segment));
  return end < 0 ? segments.length : end;
}
