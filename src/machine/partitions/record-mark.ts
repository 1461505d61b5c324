import { encodePartitionMark, type LogExtent } from '../../wire/index.js';
import { purgeFile } from './partition-files.js';
import type { PartitionState } from './partition-state.js';

/** Durably says how far purges were carried out here, and which offsets are there. */
export function recordMark(
  state: PartitionState,
  done: () => void,
  generation = state.appliedGeneration,
): void {
  const { extent } = state;
  const createdRevision = state.config.address.revision;
  const bytes = encodePartitionMark({ generation, createdRevision, extent });
  state.recordedEnd = extent.end;
  state.effects.ask({ kind: 'replace', file: purgeFile, bytes }, (ok) => {
    if (ok) done();
    else state.halt('sync_failed', 'the mark of the partition could not be made durable');
  });
}

/**
 * Up to `next` everything is synced. `done` is told whether that is noted: not when the log was
 * replaced or cut since the sync began.
 */
export function recordSynced(
  state: PartitionState,
  synced: { readonly next: number; readonly epoch: number },
  done: (isNoted: boolean) => void,
): void {
  const { extent } = state;
  if (synced.epoch !== state.extentEpoch) {
    done(false);
    return;
  }
  state.extent = { ...extent, end: Math.max(extent.end, synced.next) };
  if (state.extent.end === state.recordedEnd) done(true);
  else recordMark(state, () => done(true));
}

/** The log was replaced: what a sync under way has made durable is no part of it. */
export function replaceExtent(state: PartitionState, extent: LogExtent): void {
  state.extent = extent;
  state.extentEpoch += 1;
}
