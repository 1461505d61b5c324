import { encodeExtentNote, encodePartitionMark, type LogExtent } from '../../wire/index.js';
import { notesFile, purgeFile } from './partition-files.js';
import type { PartitionState } from './partition-state.js';

/** Length of the file of notes from which on the mark is written anew instead. */
export const notesLimit = 4096;

/** Durably says how far purges were carried out here, and which offsets are there. */
export function recordMark(
  state: PartitionState,
  done: () => void,
  generation = state.appliedGeneration,
): void {
  const { extent } = state;
  const createdRevision = state.config.address.revision;
  state.markSequence += 1;
  state.marksUnderWay += 1;
  const { markSequence: sequence } = state;
  const bytes = encodePartitionMark({ generation, createdRevision, extent, sequence });
  state.recordedEnd = extent.end;
  state.effects.ask({ kind: 'replace', file: purgeFile, bytes }, (ok) => {
    state.marksUnderWay -= 1;
    if (ok) done();
    else halt(state);
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
  else if (mayNote(state)) noteEnd(state, () => done(true));
  else recordMark(state, () => removeNotes(state, () => done(true)));
}

/** The log was replaced: what a sync under way has made durable is no part of it. */
export function replaceExtent(state: PartitionState, extent: LogExtent): void {
  state.extent = extent;
  state.extentEpoch += 1;
}

/** A note goes on from a mark that is there and holds everything but the end. */
function mayNote({ recordedEnd, marksUnderWay, noteBytes }: PartitionState): boolean {
  return recordedEnd >= 0 && marksUnderWay === 0 && noteBytes < notesLimit;
}

/** A few bytes and one sync: a tenth of what it costs to write the mark anew. */
function noteEnd(state: PartitionState, done: () => void): void {
  const { extent, markSequence: sequence, config } = state;
  const note = encodeExtentNote({ createdRevision: config.address.revision, sequence }, extent.end);
  state.recordedEnd = extent.end;
  state.noteBytes += note.length;
  try {
    config.store.append(notesFile, [note]);
  } catch {
    halt(state);
    return;
  }
  state.effects.ask({ kind: 'sync', file: notesFile }, (ok) => {
    if (ok) done();
    else halt(state);
  });
}

/** Notes that a newer mark has made useless; none is written while they go. */
function removeNotes(state: PartitionState, done: () => void): void {
  if (state.noteBytes === 0) {
    done();
    return;
  }
  state.noteBytes = notesLimit;
  state.effects.ask({ kind: 'remove', file: notesFile }, (ok) => {
    if (!ok) {
      halt(state);
      return;
    }
    state.noteBytes = 0;
    done();
  });
}

function halt(state: PartitionState): void {
  state.halt('sync_failed', 'the mark of the partition could not be made durable');
}
