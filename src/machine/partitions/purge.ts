import { purgeOffsets } from './frontier.js';
import { emptyExtent } from './log-extent.js';
import type { PartitionState } from './partition-state.js';
import { recordMark, replaceExtent } from './record-mark.js';
import type { Segment } from './segment.js';
import { blockWrites, removeFiles } from './segment-writer.js';

/**
 * The log has come to a purge: everything before it is gone, messages, stored offsets and marks of
 * what groups were served. Offsets start at 0 again.
 */
export function applyPurge(state: PartitionState, generation: number): void {
  const { nextOffset } = state.log;
  const before = state.appliedGeneration;
  const dropped = state.log.reset(0);
  state.offsets.clear();
  state.lastPolled.clear();
  purgeOffsets(state);
  state.recount();
  state.appliedGeneration = Math.max(state.appliedGeneration, generation);
  state.committedGeneration = Math.max(state.committedGeneration, state.appliedGeneration);
  state.counters.reachedGeneration(state.appliedGeneration);
  state.report();
  removeLog(state, { dropped, nextOffset, generation: before });
}

/**
 * Until all files are gone the mark says that they may be, in the old generation: a crash in between
 * leaves neither damage nor messages that were purged. The new segments have the names of the old
 * ones, so nothing is written before that.
 */
function removeLog(
  state: PartitionState,
  old: {
    readonly dropped: readonly Segment[];
    readonly nextOffset: number;
    readonly generation: number;
  },
): void {
  const stage = state.purgeStage;
  // Nothing was written since; the mark that ends the purge under way tells of this one too.
  if (stage === 'files') return;
  const unblock = blockWrites(state);
  const end = () => {
    state.purgeStage = 'none';
    unblock();
  };
  const mark = () => {
    state.purgeStage = 'mark';
    replaceExtent(state, emptyExtent(0));
    recordMark(state, end);
  };
  if (stage === 'mark') {
    mark();
    return;
  }
  state.purgeStage = 'files';
  replaceExtent(state, emptyExtent(old.nextOffset));
  const { extentEpoch: epoch } = state;
  // A state transfer that came in between leaves a mark of its own.
  const finish = () => (state.extentEpoch === epoch ? mark() : end());
  recordMark(state, () => removeFiles(state, old.dropped, finish), old.generation);
}
