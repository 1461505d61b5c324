import { decodeOffsetFile, decodePurgeGeneration, purgeGenerationFile } from '../../wire/index.js';
import type { AnsweredEffect } from './effect-queue.js';
import { recoverFrontier } from './frontier.js';
import { partitionLimits } from './partition-config.js';
import {
  indexFileOf,
  installMarker,
  logFile,
  offsetDirectories,
  offsetFileOf,
  offsetKeyOf,
  purgeFile,
  stagingSuffix,
} from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import type { ConsumerKind } from './poll-query.js';
import { Segment } from './segment.js';
import { type FileRepair, recoverSegments } from './segment-recovery.js';
import { blockWrites } from './segment-writer.js';

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
  const found = recoverSegments(store, {
    verifyBytes: partitionLimits.verifyBytes,
    allowsJumps: ack === 'memory',
    ...(journaledFrom === undefined ? {} : { journaledFrom }),
    ...(isJournalWhole === true && { isJournalWhole }),
    ...(settings.preallocateSegments && { reservedBytes: settings.segmentSize }),
  });
  if (found.kind === 'damaged') {
    return { cause: 'damage', file: found.file, reason: found.reason };
  }
  adoptSegments(state, found.segments);
  noteUnsynced(state);
  const repairs = [...found.repairs, ...recoverOffsets(state), ...leftOver(state)];
  recoverGeneration(state);
  recoverFrontier(state);
  state.offsets.clamp(state.log.nextOffset - 1);
  state.report();
  startRepairs(state, repairs);
  return undefined;
}

/**
 * The segments become the log; without any the partition is empty, at its frontier. The frontier
 * counts what was applied, which a crash may have left in the journal alone: then it begins there.
 * What peers give again begins wherever they have it from.
 */
export function adoptSegments(state: PartitionState, segments: readonly Segment[]): void {
  const { ack, offsetFrontier, journaledFrom, isRefilled } = state.config;
  const isKnown = ack === 'fsync' && isRefilled !== true;
  const start = isKnown ? Math.min(offsetFrontier, journaledFrom ?? offsetFrontier) : 0;
  state.log.adopt(segments.length === 0 ? [new Segment(start)] : segments);
  state.recount();
}

/**
 * A process that died may have left bytes in segments that it wrote and never synced. What the
 * journal still holds is therefore made durable again before the journal lets go of it.
 */
function noteUnsynced({ config, log, unsynced }: PartitionState): void {
  const { journaledFrom = Number.POSITIVE_INFINITY, store } = config;
  for (const { startOffset, nextOffset, hasFile, isEmpty } of log.segments) {
    if (!hasFile || nextOffset <= journaledFrom) continue;
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

function recoverGeneration(state: PartitionState): void {
  const { store, address } = state.config;
  const size = store.size(purgeFile);
  const bytes = size === undefined ? undefined : store.read(purgeFile, 0, purgeGenerationFile.size);
  state.appliedGeneration = decodePurgeGeneration(bytes, address.revision);
  state.committedGeneration = Math.max(state.committedGeneration, state.appliedGeneration);
  state.counters.reachedGeneration(state.appliedGeneration);
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
