import { encodeOffsetFile, isWireError, type LogExtent } from '../../wire/index.js';
import type { AnsweredEffect } from './effect-queue.js';
import { purgeOffsets } from './frontier.js';
import { extentOf } from './log-extent.js';
import { decodeOffsetsArtifact, type OffsetsArtifact } from './offsets-artifact.js';
import { installMarker, offsetFileOf } from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import { recordMark, replaceExtent } from './record-mark.js';
import { adoptSegments, contentFiles } from './recovery.js';
import { recoverSegments } from './segment-recovery.js';
import { blockWrites } from './segment-writer.js';
import { removeStaged, type StagedFiles, type Staging, stagedStore, syncsOf } from './staging.js';

/**
 * Replaces everything here by the files of another replica. From now on the partition is empty at
 * the new frontier; the received messages show when their files are in place. The frontier becomes
 * durable before the first file goes, and a marker tells a restart that a swap was under way.
 * @returns the next offset of the received state
 */
export function installArtifacts(
  state: PartitionState,
  commitOp: number,
  staging: Staging,
): number {
  const files = staging.take();
  const received = files === undefined ? undefined : readArtifacts(state, files);
  if (received === undefined || isRewind(state, received)) {
    for (const { staged } of files?.segments ?? []) removeStaged(state, staged);
    state.effects.tell({ kind: 'installed', ok: false });
    return state.log.nextOffset;
  }
  const nextOffset = Number(received.table.next_offset);
  takeOver(state, commitOp, received.table);
  const unblock = blockWrites(state);
  const { effects } = state;
  effects.ask({ kind: 'persist-frontier' }, (isRecorded) => {
    if (!isRecorded) return failed(state);
    effects.askAll(syncsOf(received.files), (areSynced) => {
      if (!areSynced) return failed(state);
      const marker = { kind: 'replace', file: installMarker, bytes: new Uint8Array(1) } as const;
      effects.ask(marker, (isMarked) => {
        if (!isMarked) return failed(state);
        swapFiles(state, received, unblock);
      });
    });
  });
  return nextOffset;
}

interface Received {
  readonly table: OffsetsArtifact;
  readonly files: StagedFiles;
  /** Which offsets were received. */
  readonly extent: LogExtent;
}

/** What was received, if it is whole and intact. */
function readArtifacts(state: PartitionState, files: StagedFiles): Received | undefined {
  const found = recoverSegments(stagedStore(state.config.store, files), {
    verifyBytes: Number.POSITIVE_INFINITY,
    allowsJumps: state.config.ack === 'memory',
  });
  const isIntact =
    found.kind === 'intact' && found.repairs.every((each) => each.kind !== 'truncate');
  if (!isIntact) return undefined;
  try {
    const table = decodeOffsetsArtifact(files.offsets);
    const end = found.segments.at(-1)?.nextOffset;
    const next = Number(table.next_offset);
    if (!Number.isSafeInteger(next) || (end ?? next) !== next) return undefined;
    return { table, files, extent: { ...extentOf(found.segments, next), end: next } };
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}

/** Offsets never go back, unless a purge that is not applied here explains it. */
function isRewind(state: PartitionState, { table }: Received): boolean {
  return (
    Number(table.next_offset) < state.log.nextOffset &&
    Number(table.purge_generation) <= state.appliedGeneration
  );
}

function takeOver(state: PartitionState, commitOp: number, table: OffsetsArtifact): void {
  state.log.reset(Number(table.next_offset));
  // The old mark stays until the files are in place.
  replaceExtent(state, state.extent);
  state.offsets.clear();
  state.offsets.takeChanges();
  state.lastPolled.clear();
  state.tail.reset(commitOp);
  state.unsynced.clear();
  state.appliedOp = commitOp;
  state.syncedOp = commitOp;
  // The floor goes with a purge only: of the log that is taken over a StartView tells it.
  if (Number(table.purge_generation) > state.appliedGeneration) purgeOffsets(state);
  state.appliedGeneration = Math.max(state.appliedGeneration, Number(table.purge_generation));
  state.committedGeneration = Math.max(state.committedGeneration, state.appliedGeneration);
  for (const { kind, key, offset } of table.entries) {
    const consumerKind = kind === 1 ? 'consumer' : 'group';
    state.offsets.restore({ kind: consumerKind, key, offset: Number(offset) });
  }
  state.counters.reachedGeneration(state.appliedGeneration);
  state.recount();
  state.report();
}

function swapFiles(state: PartitionState, received: Received, unblock: () => void): void {
  const { effects } = state;
  const removals = contentFiles(state).map((file): AnsweredEffect => ({ kind: 'remove', file }));
  effects.askAll(removals, (areRemoved) => {
    if (!areRemoved) return failed(state);
    effects.askAll([...segmentWrites(received), ...offsetWrites(received)], (areWritten) => {
      if (!areWritten) return failed(state);
      replaceExtent(state, received.extent);
      recordMark(state, () => {
        effects.ask({ kind: 'remove', file: installMarker }, (isDone) => {
          if (!isDone) return failed(state);
          if (!reopen(state)) return failed(state);
          unblock();
          effects.tell({ kind: 'installed', ok: true });
        });
      });
    });
  });
}

function segmentWrites({ files }: Received): readonly AnsweredEffect[] {
  return files.segments.map(
    ({ staged: from, file: to }): AnsweredEffect => ({ kind: 'move', from, to }),
  );
}

function offsetWrites({ table }: Received): readonly AnsweredEffect[] {
  return table.entries.map(({ kind, key, offset }): AnsweredEffect => {
    const file = offsetFileOf(kind === 1 ? 'consumer' : 'group', key);
    return { kind: 'replace', file, bytes: encodeOffsetFile(Number(offset)) };
  });
}

/** Takes up the new files; what they hold was verified when they were received. */
function reopen(state: PartitionState): boolean {
  const next = state.log.nextOffset;
  const found = recoverSegments(state.config.store, {
    verifyBytes: 0,
    allowsJumps: state.config.ack === 'memory',
  });
  if (found.kind === 'damaged') return false;
  if (found.segments.length > 0) adoptSegments(state, found.segments);
  for (const repair of found.repairs) state.effects.ask(repair, () => undefined);
  state.report();
  return state.log.nextOffset === next;
}

function failed(state: PartitionState): void {
  state.halt('sync_failed', 'the files of a state transfer could not be put in place');
}
