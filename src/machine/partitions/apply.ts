import { batchHeaderSize, commands, encode, Operation } from '../../wire/index.js';
import type { ApplyResult, LogEntry } from '../log-entry.js';
import { okBody } from '../replies.js';
import { stampedChecksum } from './batch-admission.js';
import { nameOffsets, reserveAhead } from './frontier.js';
import { endAt } from './log-extent.js';
import { recordJump } from './offset-jump.js';
import { type OffsetRequest, readOffsetRequest } from './offset-request.js';
import { indexFileOf, logFile } from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import { applyPurge } from './purge.js';
import { autoCommitClient, purgeGenerationOf } from './purge-barrier.js';
import { recordMark, replaceExtent } from './record-mark.js';
import { isIntact, walkSegment } from './segment-reader.js';
import { seekOffset } from './segment-seek.js';
import { blockWrites, removeFiles, syncWhenDue, writeWhenDue } from './segment-writer.js';
import { nextOffsetOf, type StoredBatch, storedBatch } from './stored-batch.js';

const noReply = new Uint8Array();
/** A reply that confirms nothing, because a purge came first. */
const noConfirmation = new Uint8Array(4);

/** Executes one committed entry of a partition's log. */
export function applyEntry(state: PartitionState, entry: LogEntry): ApplyResult {
  state.tail.applied(entry.op);
  state.appliedOp = entry.op;
  const body = execute(state, entry);
  syncWhenDue(state);
  return { body };
}

function execute(state: PartitionState, entry: LogEntry): Uint8Array {
  if (entry.operation === Operation.SendMessages) {
    // After a restart the files are already those behind a purge that the log comes to again.
    const isGone = state.tail.isPurgedAbove(entry.op, state.appliedGeneration);
    return isGone ? noConfirmation : applyBatch(state, entry.body);
  }
  const generation = purgeGenerationOf(entry);
  if (generation > 0) {
    applyPurge(state, generation);
    return noReply;
  }
  const request = readOffsetRequest(entry.operation, entry.body);
  if (typeof request === 'number') return okBody;
  applyOffset(state, entry, request);
  return okBody;
}

function applyOffset(state: PartitionState, entry: LogEntry, request: OffsetRequest): void {
  const { kind, key } = request;
  if (request.offset === undefined) {
    state.offsets.delete(kind, key);
    return;
  }
  const offset = Math.min(Number(request.offset), Number.MAX_SAFE_INTEGER);
  if (entry.client === autoCommitClient) state.offsets.advance(kind, key, offset);
  else state.offsets.store(kind, key, offset);
}

function applyBatch(state: PartitionState, body: Uint8Array): Uint8Array {
  const incoming = storedBatch(body, 0, body.length);
  const { log } = state;
  // Verified before it was logged; what is none all the same is passed over on every replica.
  if (!isBatch(incoming)) return noConfirmation;
  if (incoming.baseOffset < log.nextOffset) {
    if (isStored(state, incoming)) {
      nameOffsets(state, incoming.baseOffset, nextOffsetOf(incoming));
      return confirmation(state, incoming.baseOffset);
    }
    if (!cutBefore(state, incoming)) {
      state.halt('divergence', `a batch at ${incoming.baseOffset}, expected ${log.nextOffset}`);
      return noConfirmation;
    }
  }
  if (incoming.baseOffset > log.nextOffset) {
    state.offsetJumps += 1;
    recordJump(state, log.nextOffset, incoming.baseOffset);
  }
  const hasSealed = log.append(kept(state, body));
  state.sizeBytes += body.length;
  state.messages += incoming.count;
  nameOffsets(state, incoming.baseOffset, log.nextOffset);
  reserveAhead(state, log.nextOffset);
  state.report();
  writeWhenDue(state, hasSealed);
  return confirmation(state, incoming.baseOffset);
}

/** The entry's bytes, if they never change and keep little else in memory; else a copy. */
function kept(state: PartitionState, body: Uint8Array): Uint8Array {
  const isStable = state.config.keepsBodies === true;
  return isStable && 2 * body.length >= body.buffer.byteLength ? body : body.slice();
}

function isBatch({ bytes, baseOffset, timestamp, count }: StoredBatch): boolean {
  return bytes.length >= batchHeaderSize && baseOffset >= 0 && timestamp >= 0 && count > 0;
}

function confirmation(state: PartitionState, baseOffset: number): Uint8Array {
  // The batch lies before a purge that has committed: nobody will ever see it.
  if (state.isHidden) return noConfirmation;
  const { stream, topic, partition } = state.config.address;
  return encode(commands.send_messages.response, {
    confirmations: [
      {
        stream_id: stream,
        topic_id: topic,
        partition_id: partition,
        base_offset: BigInt(baseOffset),
      },
    ],
  });
}

/** Whether exactly this batch is in the segments already: it was written before a restart. */
function isStored(state: PartitionState, incoming: StoredBatch): boolean {
  const { log } = state;
  if (nextOffsetOf(incoming) > log.nextOffset) return false;
  if (incoming.baseOffset < log.firstOffset) return true;
  const stored = findWritten(state, incoming.baseOffset);
  return (
    stored !== undefined &&
    stored.batch !== undefined &&
    stampedChecksum(stored.batch) === stampedChecksum(incoming.bytes)
  );
}

interface WrittenBatch {
  readonly position: number;
  /** Absent when it is damaged. */
  readonly batch: Uint8Array | undefined;
}

/** The written batch that begins at an offset, or where it should be. */
function findWritten(state: PartitionState, baseOffset: number): WrittenBatch | undefined {
  const { log } = state;
  const segment = log.segmentOf(baseOffset);
  let position = seekOffset(log, segment, baseOffset);
  let found: WrittenBatch | undefined;
  const end = walkSegment(log.store, {
    segment,
    position,
    expectedBytes: 0,
    isWanted(batch) {
      if (batch.baseOffset >= baseOffset) return true;
      position += batch.end - batch.start;
      return false;
    },
    visit(batch) {
      const isIt = batch.baseOffset === baseOffset && isIntact(batch);
      found = { position, batch: isIt ? batch.bytes.slice(batch.start, batch.end) : undefined };
      return false;
    },
  });
  return found ?? (end === 'stopped' ? undefined : { position, batch: undefined });
}

/**
 * What is in the segments at the place of a committed batch is not that batch: a crash left it
 * damaged. It goes, with all behind it, and is written again from the log.
 */
function cutBefore(state: PartitionState, incoming: StoredBatch): boolean {
  const { log } = state;
  const { baseOffset } = incoming;
  if (baseOffset < log.firstOffset || log.tail.length > 0) return false;
  const found = findWritten(state, baseOffset);
  if (found === undefined) return false;
  const segment = log.segmentOf(baseOffset);
  const dropped = log.cut(segment, found.position, baseOffset);
  state.recount();
  const unblock = blockWrites(state);
  const file = logFile(segment.startOffset);
  const index = { kind: 'remove', file: indexFileOf(segment.startOffset) } as const;
  const cut = { kind: 'truncate', file, length: found.position } as const;
  replaceExtent(state, endAt(state.extent, baseOffset));
  recordMark(state, () =>
    state.effects.askAll([cut, index], (ok) => {
      if (!ok) state.halt('sync_failed', 'a segment could not be cut');
      else removeFiles(state, dropped, unblock);
    }),
  );
  return true;
}
