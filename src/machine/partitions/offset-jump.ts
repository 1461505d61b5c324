import { beginAt } from './log-extent.js';
import type { PartitionState } from './partition-state.js';
import { recordMark } from './record-mark.js';
import { blockWrites } from './segment-writer.js';

/**
 * A batch begins above the next offset. That is noted before a segment shows it, since the segment
 * would pass for what is left behind a gap.
 */
export function recordJump(state: PartitionState, from: number, to: number): void {
  const { extent, log } = state;
  const isEmpty = log.firstOffset === from;
  state.extent = isEmpty
    ? beginAt(extent, to)
    : { ...extent, jumps: [...extent.jumps, { from, to }] };
  recordMark(state, blockWrites(state));
}
