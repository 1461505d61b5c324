import type { AnsweredEffect } from './effect-queue.js';
import { partitionLimits } from './partition-config.js';
import { indexFileOf, logFile } from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import { recordSynced } from './record-mark.js';
import type { Segment } from './segment.js';

/** Writes the tail when one of the topic's thresholds is reached. */
export function writeWhenDue(state: PartitionState, hasSealed: boolean): void {
  const { log, settings } = state;
  const isDue =
    hasSealed ||
    log.tailMessages >= settings.messagesRequiredToSave ||
    log.tailBytes >= settings.sizeOfMessagesRequiredToSave;
  if (!isDue) return;
  writeTail(state);
  if (settings.enforceFsync) startSync(state);
}

/** Syncs when so much was written or applied that the journal should be drained. */
export function syncWhenDue(state: PartitionState): void {
  const isDue =
    state.unsyncedBytes >= partitionLimits.syncBytes ||
    state.appliedOp - state.syncedOp >= partitionLimits.syncOps;
  if (isDue) startSync(state);
}

/** Puts the committed tail into the segment files; not while they are being cut or removed. */
export function writeTail(state: PartitionState): void {
  const { log } = state;
  if (state.writeBlocks > 0 || state.isHalted || log.tail.length === 0) return;
  const bytes = log.tailBytes;
  try {
    log.write(state.unsynced);
  } catch (error) {
    state.halt('sync_failed', `cannot write a segment: ${String(error)}`);
    return;
  }
  state.unsyncedBytes += bytes - log.tailBytes;
  for (const segment of log.takeAbandoned()) removeFiles(state, [segment]);
  // Without a journal there is nothing to wait for: peers are served from memory and segments.
  if (state.config.ack === 'memory') state.effects.tell({ kind: 'flushed', op: state.appliedOp });
}

/**
 * Makes everything applied so far durable: segments first, then the offsets that refer to them.
 * After that the journal does not need these operations any more.
 */
export function startSync(state: PartitionState): void {
  writeTail(state);
  if (state.isHalted) return;
  if (state.isSyncing || state.writeBlocks > 0) {
    state.wantsSync = true;
    return;
  }
  state.wantsSync = false;
  const files = [...state.unsynced];
  const op = state.appliedOp;
  const content = { next: state.log.writtenNextOffset, epoch: state.extentEpoch };
  const changes = state.offsets.takeChanges();
  if (files.length === 0 && changes.length === 0 && op === state.syncedOp) return;
  state.isSyncing = true;
  state.syncedOp = op;
  state.unsynced.clear();
  state.unsyncedBytes = 0;
  const syncs = files.map((file): AnsweredEffect => ({ kind: 'sync', file }));
  state.effects.askAll(syncs, (synced) => {
    if (!synced) return failed(state, 'a segment');
    const writes = changes.map(
      ({ file, bytes }): AnsweredEffect =>
        bytes === undefined ? { kind: 'remove', file } : { kind: 'replace', file, bytes },
    );
    state.effects.askAll(writes, (written) => {
      if (!written) return failed(state, 'an offset file');
      recordSynced(state, content, (isNoted) => {
        state.isSyncing = false;
        if (isNoted && state.config.ack === 'fsync') state.effects.tell({ kind: 'flushed', op });
        if (state.wantsSync) startSync(state);
      });
    });
  });
}

/** Removes the files of segments that are no longer part of the log. */
export function removeFiles(
  state: PartitionState,
  segments: readonly Segment[],
  done: () => void = noop,
): void {
  const effects = segments.filter((segment) => segment.hasFile).flatMap(filesOf);
  for (const segment of segments) {
    state.unsynced.delete(logFile(segment.startOffset));
    state.unsynced.delete(indexFileOf(segment.startOffset));
  }
  state.effects.askAll(effects, (ok) => {
    if (ok) done();
    else failed(state, 'the removal of a segment');
  });
}

/** Keeps segments from being written until `end` is called. */
export function blockWrites(state: PartitionState): () => void {
  state.writeBlocks += 1;
  return () => {
    state.writeBlocks -= 1;
    if (state.writeBlocks > 0) return;
    if (state.wantsSync) startSync(state);
    else writeWhenDue(state, false);
  };
}

function filesOf({ startOffset }: Segment): readonly AnsweredEffect[] {
  return [
    { kind: 'remove', file: logFile(startOffset) },
    { kind: 'remove', file: indexFileOf(startOffset) },
  ];
}

function failed(state: PartitionState, what: string): void {
  state.halt('sync_failed', `${what} could not be made durable`);
}

function noop(): void {}
