import { headerSize, Operation, readSendMessages, xxh3 } from '../../wire/index.js';
import { code } from '../codes.js';
import type { AdmissionInput, AdmissionResult, LogEntry } from '../log-entry.js';
import {
  readSendRequest,
  type Stamp,
  stampedChecksum,
  stampedCopy,
  stampedInPlace,
  verifiedBaseOffset,
} from './batch-admission.js';
import { noOffset } from './consumer-offsets.js';
import { isReserved, mintOffset, reserveAhead } from './frontier.js';
import { encryptedBatch } from './message-cipher.js';
import { readOffsetRequest } from './offset-request.js';
import { partitionLimits } from './partition-config.js';
import type { PartitionState } from './partition-state.js';
import { purgeClient, purgeGenerationOf } from './purge-barrier.js';

/** Eviction reason for operations that clients must not send. */
const invalidRequestOperation = 4;

/** The primary's admission: checks the request and stamps a batch with partition, offset and time. */
export function admitPartition(state: PartitionState, request: AdmissionInput): AdmissionResult {
  const { operation, body } = request;
  if (request.client === purgeClient) return admitPurge(state, request);
  if (operation === Operation.SendMessages) return admitBatch(state, request);
  if (operation !== Operation.StoreConsumerOffset && operation !== Operation.DeleteConsumerOffset) {
    return { kind: 'evict', reason: invalidRequestOperation };
  }
  const status = offsetStatus(state, operation, body);
  return status === code.ok ? { kind: 'accept', operation, body } : deny(status);
}

/** 0, or the status a request is refused with because of its body or of what is stored here. */
export function admissionStatus(
  state: PartitionState,
  operation: number,
  body: Uint8Array,
): number {
  if (operation !== Operation.SendMessages) return offsetStatus(state, operation, body);
  if (state.verifiedBody === body) return code.ok;
  const envelope = readSendRequest(body);
  if (typeof envelope === 'number') return envelope;
  state.verifiedBody = body;
  return code.ok;
}

/** 0, or why an offset cannot be stored or deleted. */
export function offsetStatus(state: PartitionState, operation: number, body: Uint8Array): number {
  const request = readOffsetRequest(operation, body);
  if (typeof request === 'number') return request;
  if (request.offset !== undefined) {
    const isReadable = state.hasHeldData && request.offset <= BigInt(state.currentOffset);
    return isReadable && !isPurging(state) ? code.ok : code.invalidOffset;
  }
  const stored = isPurging(state) ? noOffset : state.offsets.get(request.kind, request.key);
  return stored === noOffset ? code.offsetNotFound : code.ok;
}

function admitBatch(state: PartitionState, request: AdmissionInput): AdmissionResult {
  const { body, op, timestamp } = request;
  const status = admissionStatus(state, Operation.SendMessages, body);
  state.verifiedBody = undefined;
  if (status !== code.ok) return deny(status);
  const envelope = readSendMessages(body);
  if (isPurgePending(state)) return deny(code.transientNotAccepted);
  const baseOffset = mintOffset(state, op);
  const next = baseOffset + envelope.messages_count;
  if (!Number.isSafeInteger(next)) return deny(code.invalidCommand);
  reserveAhead(state, next);
  if (!isReserved(state, next)) return deny(code.transientNotAccepted);
  const partitionId = state.config.address.partition;
  const batch = stored(state, envelope.batch, {
    ...{ partitionId, baseOffset, baseTimestamp: timestamp },
  });
  if (headerSize + batch.length > partitionLimits.maxFrameBytes) return deny(code.invalidCommand);
  const bodyChecksum = stampedChecksum(batch);
  const operation = Operation.SendMessages;
  return { kind: 'accept', operation, body: batch, hasRoom: true, bodyChecksum };
}

/** A batch as it is logged: encrypted where that is asked for, and stamped. */
function stored(state: PartitionState, batch: Uint8Array, stamp: Stamp): Uint8Array {
  const { cipher } = state.config;
  if (cipher === undefined) return stampedCopy(batch, stamp);
  return stampedInPlace(encryptedBatch(batch, cipher), stamp);
}

/** Each purge is marked once, and marks go up. */
function admitPurge(state: PartitionState, request: AdmissionInput): AdmissionResult {
  const generation = purgeGenerationOf(request);
  const known = Math.max(state.appliedGeneration, state.tail.purgeGeneration);
  if (generation === 0) return deny(code.invalidCommand);
  if (generation <= known) return deny(code.transientNotAccepted);
  return { kind: 'accept', operation: request.operation, body: request.body };
}

/** Whether a purge lies between what is applied here and the next entry of the log. */
function isPurging(state: PartitionState): boolean {
  return state.isHidden || state.tail.purgeGeneration > state.appliedGeneration;
}

/** Whether a purge has committed whose mark is not in the log yet; nothing may get before it. */
function isPurgePending(state: PartitionState): boolean {
  return state.isHidden && state.tail.purgeGeneration < state.committedGeneration;
}

/**
 * Whether a received body is what its header says. A batch has to carry this partition, the time of
 * its prepare and an offset that is not below the next one; it may be above, where a primary without
 * a journal went on behind its reservation.
 */
export function verifyBody(state: PartitionState, entry: LogEntry, checksum: bigint): boolean {
  if (entry.operation !== Operation.SendMessages) return xxh3(entry.body) === checksum;
  const base = baseOffsetOf(state, entry, checksum);
  if (base < 0) return false;
  const expected = state.tail.expectedAt(entry.op, state.log.nextOffset);
  return expected === undefined || base >= expected;
}

/** Whether the bytes of a received body are intact, wherever its offsets belong. */
export function isBodyIntact(state: PartitionState, entry: LogEntry, checksum: bigint): boolean {
  if (entry.operation !== Operation.SendMessages) return xxh3(entry.body) === checksum;
  return baseOffsetOf(state, entry, checksum) >= 0;
}

function baseOffsetOf(state: PartitionState, entry: LogEntry, checksum: bigint): number {
  return verifiedBaseOffset(entry.body, {
    partitionId: state.config.address.partition,
    baseTimestamp: entry.timestamp,
    checksum,
  });
}

/** An entry entered the log. */
export function logged(state: PartitionState, entry: LogEntry): void {
  state.tail.logged(entry);
  if (entry.operation !== Operation.SendMessages) return;
  const next = state.tail.expectedAt(entry.op + 1, state.log.nextOffset);
  if (next !== undefined) reserveAhead(state, next);
}

function deny(status: number): AdmissionResult {
  return { kind: 'deny', status };
}
