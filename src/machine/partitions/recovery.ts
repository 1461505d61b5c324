import { emptyBytes } from '../../base/index.js';
import {
  decodeOffsetFile,
  decodePartitionMark,
  extentNoteBytes,
  type LogExtent,
  lastNotedEnd,
} from '../../wire/index.js';
import type { AnsweredEffect } from './effect-queue.js';
import { recoverFrontier } from './frontier.js';
import { endAt, extentOf } from './log-extent.js';
import { partitionLimits } from './partition-config.js';
import {
  indexFileOf,
  installMarker,
  logFile,
  notesFile,
  offsetDirectories,
  offsetFileOf,
  offsetKeyOf,
  purgeFile,
  stagingSuffix,
} from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import type { PartitionStore } from './partition-store.js';
import type { ConsumerKind } from './poll-query.js';
import { notesLimit } from './record-mark.js';
import { Segment } from './segment.js';
import { type FileRepair, recoverSegments } from './segment-recovery.js';
import { blockWrites, startSync } from './segment-writer.js';

/** No end of an extent. */
const unrecorded = -1;

/** Why the files of a partition cannot be served. */
export interface PartitionDamage {
  /** `install`: a state transfer was cut off while it replaced the files. */
  readonly cause: 'damage' | 'install';
  readonly file: string;
  readonly reason: string;
}

/**
 * Takes up what the files of the partition hold: segments, stored offsets, the last purge. Repairs
 * are asked for; until they are done nothing is written. When the files cannot be trusted, nothing
 * is changed and the damage is told.
 */
export function recoverPartition(state: PartitionState): PartitionDamage | undefined {
  const { store, ack, journaledFrom, isJournalWhole, settings } = state.config;
  if (store.size(installMarker) !== undefined) {
    return { cause: 'install', file: installMarker, reason: 'a state transfer was cut off' };
  }
  const mark = readMark(state);
  if (mark === 'damaged') {
    return { cause: 'damage', file: purgeFile, reason: 'it does not match its checksum' };
  }
  const { extent } = mark;
  const found = recoverSegments(store, {
    verifyBytes: partitionLimits.verifyBytes,
    ...(extent !== undefined && { extent }),
    allowsJumps: ack === 'memory',
    ...(journaledFrom === undefined ? {} : { journaledFrom }),
    ...(isJournalWhole === true && { isJournalWhole }),
    ...(settings.preallocateSegments && { reservedBytes: settings.segmentSize }),
  });
  if (found.kind === 'damaged') {
    return { cause: 'damage', file: found.file, reason: found.reason };
  }
  adoptSegments(state, found.segments, extent?.start);
  takeUpMark(state, mark);
  noteUnsynced(state);
  const repairs = [...found.repairs, ...recoverOffsets(state), ...leftOver(state)];
  recoverFrontier(state, extent !== undefined);
  state.offsets.clamp(state.log.nextOffset - 1);
  state.report();
  startRepairs(state, repairs);
  // What was taken on trust is synced and noted at once, so that it can be told from then on.
  if (extent === undefined && state.log.segments.some(({ hasFile }) => hasFile)) startSync(state);
  return undefined;
}

/**
 * The segments become the log; without any the partition is empty, where its mark says or else at its
 * frontier. The frontier counts what was applied, which a crash may have left in the journal alone:
 * then it begins there. What peers give again begins wherever they have it from.
 */
export function adoptSegments(
  state: PartitionState,
  segments: readonly Segment[],
  marked?: number,
): void {
  const { ack, offsetFrontier, journaledFrom, isRefilled } = state.config;
  const isKnown = ack === 'fsync' && isRefilled !== true;
  const start = marked ?? (isKnown ? Math.min(offsetFrontier, journaledFrom ?? offsetFrontier) : 0);
  state.log.adopt(segments.length === 0 ? [new Segment(start)] : segments);
  state.recount();
}

/**
 * A process that died may have left bytes in segments that it wrote and never synced. They are made
 * durable before the mark counts them, and before the journal lets go of them.
 */
function noteUnsynced({ config, log, unsynced, extent }: PartitionState): void {
  const { store } = config;
  for (const { startOffset, nextOffset, hasFile, isEmpty } of log.segments) {
    if (!hasFile || nextOffset <= extent.end) continue;
    unsynced.add(logFile(startOffset));
    // The index of an empty segment is about to be removed.
    const index = indexFileOf(startOffset);
    if (!isEmpty && store.size(index) !== undefined) unsynced.add(index);
  }
}

function startRepairs(state: PartitionState, repairs: readonly FileRepair[]): void {
  if (repairs.length === 0) return;
  const unblock = blockWrites(state);
  const effects = repairs.map((repair): AnsweredEffect => repair);
  state.effects.askAll(effects, (ok) => {
    if (ok) unblock();
    else state.halt('sync_failed', 'a file could not be repaired');
  });
}

/** What a state transfer had received when the node stopped. */
function leftOver({ config }: PartitionState): FileRepair[] {
  const names = config.store.list('').filter((name) => name.endsWith(stagingSuffix));
  return names.map((file) => ({ kind: 'remove', file }));
}

function recoverOffsets(state: PartitionState): FileRepair[] {
  const kinds: readonly ConsumerKind[] = ['consumer', 'group'];
  return kinds.flatMap((kind) => recoverTable(state, kind));
}

/** Offsets that cannot be read are as good as never stored; damaged files go. */
function recoverTable(state: PartitionState, kind: ConsumerKind): FileRepair[] {
  const { store } = state.config;
  const repairs: FileRepair[] = [];
  for (const name of store.list(offsetDirectories[kind])) {
    const key = offsetKeyOf(name);
    if (key === undefined) continue;
    const file = offsetFileOf(kind, key);
    const stored = decodeOffsetFile(store.read(file, 0, 64));
    if (stored.kind === 'offset') state.offsets.restore({ kind, key, offset: stored.offset });
    if (stored.kind === 'damaged') repairs.push({ kind: 'remove', file });
  }
  return repairs;
}

interface FoundMark {
  readonly generation: number;
  readonly sequence: number;
  /** Absent when nobody noted it: what is there is believed. */
  readonly extent: LogExtent | undefined;
}

/** The mark of this incarnation of the partition; one of another counts as none. */
function readMark({ config }: PartitionState): FoundMark | 'damaged' {
  const { store, address } = config;
  const mark = decodePartitionMark(readWhole(store, purgeFile));
  if (mark === 'damaged') return mark;
  if (mark === 'absent' || mark.createdRevision !== address.revision) {
    return { generation: 0, sequence: 0, extent: undefined };
  }
  const { generation, createdRevision, extent, sequence = 0 } = mark;
  if (extent === undefined) return { generation, sequence, extent };
  const notes = readWhole(store, notesFile) ?? emptyBytes;
  const end = Math.max(extent.end, lastNotedEnd(notes, { createdRevision, sequence }));
  return { generation, sequence, extent: { ...extent, end } };
}

function readWhole(store: PartitionStore, file: string): Uint8Array | undefined {
  const size = store.size(file);
  return size === undefined ? undefined : store.read(file, 0, size);
}

function takeUpMark(state: PartitionState, { generation, sequence, extent }: FoundMark): void {
  const { log } = state;
  const notes = state.config.store.size(notesFile) ?? 0;
  state.markSequence = sequence;
  // Behind a torn note none could be read.
  state.noteBytes = notes % extentNoteBytes === 0 ? notes : notesLimit;
  state.appliedGeneration = generation;
  state.committedGeneration = Math.max(state.committedGeneration, generation);
  state.counters.reachedGeneration(generation);
  // What was cut because the journal has it is not there at the moment.
  if (extent !== undefined) state.extent = endAt(extent, Math.max(log.nextOffset, extent.start));
  else state.extent = extentOf(log.segments, log.nextOffset);
  // A lower end than noted has to be said by a mark.
  state.recordedEnd = extent?.end === state.extent.end ? extent.end : unrecorded;
}

/** The files that hold messages and offsets of a partition, for whoever removes or counts them. */
export function contentFiles(state: PartitionState): readonly string[] {
  const { store } = state.config;
  const offsets = (['consumer', 'group'] as const).flatMap((kind) =>
    store.list(offsetDirectories[kind]).map((name) => `${offsetDirectories[kind]}/${name}`),
  );
  const segments = store.list('').filter((name) => /\.(log|index)$/.test(name));
  return [...segments, ...offsets];
}
