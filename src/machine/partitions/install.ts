import { encodeOffsetFile, isWireError } from '../../wire/index.js';
import type { AnsweredEffect } from './effect-queue.js';
import { artifactKind } from './offer.js';
import { decodeOffsetsArtifact, type OffsetsArtifact } from './offsets-artifact.js';
import { installMarker, logFile, offsetFileOf } from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import type { PartitionStore } from './partition-store.js';
import { recordGeneration } from './purge.js';
import { adoptSegments, contentFiles } from './recovery.js';
import { recoverSegments } from './segment-recovery.js';
import { blockWrites } from './segment-writer.js';

/** A received file, complete and with a verified checksum. */
export interface InstalledArtifact {
  readonly kind: number;
  readonly frontier: number;
  readonly bytes: Uint8Array;
}

/**
 * Replaces everything here by the files of another replica. From now on the partition is empty at
 * the new frontier; the received messages show when their files are in place. The frontier becomes
 * durable before the first file goes, and a marker tells a restart that a swap was under way.
 * @returns the next offset of the received state
 */
export function installArtifacts(
  state: PartitionState,
  commitOp: number,
  artifacts: readonly InstalledArtifact[],
): number {
  const received = readArtifacts(state, artifacts);
  if (received === undefined || isRewind(state, received)) {
    state.effects.tell({ kind: 'installed', ok: false });
    return state.log.nextOffset;
  }
  const nextOffset = Number(received.table.next_offset);
  takeOver(state, commitOp, received.table);
  const unblock = blockWrites(state);
  const { effects } = state;
  effects.ask({ kind: 'persist-frontier' }, (isRecorded) => {
    if (!isRecorded) return failed(state);
    effects.ask({ kind: 'replace', file: installMarker, bytes: new Uint8Array(1) }, (isMarked) => {
      if (!isMarked) return failed(state);
      swapFiles(state, received, unblock);
    });
  });
  return nextOffset;
}

interface Received {
  readonly table: OffsetsArtifact;
  readonly segments: ReadonlyMap<string, Uint8Array>;
}

/** What was received, if it is whole and intact. */
function readArtifacts(
  state: PartitionState,
  artifacts: readonly InstalledArtifact[],
): Received | undefined {
  const table = artifacts.find((each) => each.kind === artifactKind.offsets);
  if (table === undefined) return undefined;
  const segments = new Map(
    artifacts
      .filter((each) => each.kind === artifactKind.segment)
      .map((each) => [logFile(each.frontier), each.bytes]),
  );
  const found = recoverSegments(memoryStore(segments), {
    verifyBytes: Number.POSITIVE_INFINITY,
    allowsJumps: state.config.ack === 'memory',
  });
  const isIntact =
    found.kind === 'intact' && found.repairs.every((each) => each.kind !== 'truncate');
  if (!isIntact) return undefined;
  try {
    const decoded = decodeOffsetsArtifact(table.bytes);
    const end = found.segments.at(-1)?.nextOffset;
    const next = Number(decoded.next_offset);
    return Number.isSafeInteger(next) && (end ?? next) === next
      ? { table: decoded, segments }
      : undefined;
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
  state.offsets.clear();
  state.offsets.takeChanges();
  state.lastPolled.clear();
  state.tail.reset(commitOp);
  state.unsynced.clear();
  state.mintFloor = 0;
  state.appliedOp = commitOp;
  state.syncedOp = commitOp;
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
      recordGeneration(state, () => {
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

function segmentWrites({ segments }: Received): readonly AnsweredEffect[] {
  return Array.from(
    segments,
    ([file, bytes]): AnsweredEffect => ({ kind: 'replace', file, bytes }),
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

/** Received files, to be read like those of a partition. */
function memoryStore(files: ReadonlyMap<string, Uint8Array>): PartitionStore {
  return {
    list: (directory) => (directory === '' ? [...files.keys()] : []),
    size: (file) => files.get(file)?.length,
    read: (file, offset, length) =>
      files.get(file)?.subarray(offset, offset + length) ?? new Uint8Array(),
    append: () => undefined,
  };
}
