import { encodePurgeGeneration } from '../../wire/index.js';
import { purgeOffsets } from './frontier.js';
import { purgeFile } from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import { blockWrites, removeFiles } from './segment-writer.js';

/**
 * The log has come to a purge: everything before it is gone, messages, stored offsets and marks of
 * what groups were served. Offsets start at 0 again.
 */
export function applyPurge(state: PartitionState, generation: number): void {
  const dropped = state.log.reset(0);
  state.offsets.clear();
  state.lastPolled.clear();
  purgeOffsets(state);
  state.recount();
  state.appliedGeneration = Math.max(state.appliedGeneration, generation);
  state.committedGeneration = Math.max(state.committedGeneration, state.appliedGeneration);
  state.counters.reachedGeneration(state.appliedGeneration);
  state.report();
  // The new segments have the names of the old ones, so nothing is written until those are gone.
  const unblock = blockWrites(state);
  removeFiles(state, dropped, () => {
    recordGeneration(state, unblock);
  });
}

/** Durably says how far purges were carried out here. */
export function recordGeneration(state: PartitionState, done: () => void): void {
  const bytes = encodePurgeGeneration({
    generation: state.appliedGeneration,
    createdRevision: state.config.address.revision,
  });
  state.effects.ask({ kind: 'replace', file: purgeFile, bytes }, (ok) => {
    if (ok) done();
    else state.halt('sync_failed', 'the purge generation could not be made durable');
  });
}
