import { getU32, getU64, tryGetU64Number } from '../../../base/index.js';
import { invalid, truncated, type WireError } from '../../errors.js';

/** Size of the header in front of the messages of a batch, bytes. */
export const batchHeaderSize = 256;
/** Size of the header in front of each message, bytes. */
export const messageHeaderSize = 48;

/** Where the fields of a batch header are. @source Iggy binary protocol, batch header */
export const batchAt = {
  partitionId: 0,
  baseOffset: 8,
  baseTimestamp: 16,
  originTimestamp: 24,
  length: 32,
  checksum: 40,
  messageCount: 48,
  reserved: 52,
} as const;

/** Where the fields of a message are, from its first byte. */
export const messageAt = {
  checksum: 0,
  id: 8,
  offsetDelta: 24,
  timestampDelta: 28,
  userHeadersLength: 32,
  payloadLength: 36,
  reserved: 40,
  payload: 48,
} as const;

/** The header of a batch, in numbers; the producer's time is the only unbounded part. */
export interface BatchHeader {
  readonly partitionId: number;
  /** Offset of the first message of the batch as it was sent. */
  readonly baseOffset: number;
  /** Server time of all messages, microseconds. */
  readonly baseTimestamp: number;
  /** Earliest producer time, microseconds. */
  readonly originTimestamp: bigint;
  /** Header and messages, bytes. */
  readonly length: number;
  readonly checksum: bigint;
  readonly messageCount: number;
}

/** Reads the header of the batch at `at`. @throws WIRE_TRUNCATED, WIRE_INVALID */
export function readBatchHeader(bytes: Uint8Array, at = 0): BatchHeader {
  if (bytes.length - at < batchHeaderSize) {
    throw truncated(at, batchHeaderSize, bytes.length - at);
  }
  return {
    partitionId: numberAt(bytes, at, 'partitionId'),
    baseOffset: numberAt(bytes, at, 'baseOffset'),
    baseTimestamp: numberAt(bytes, at, 'baseTimestamp'),
    originTimestamp: getU64(bytes, at + batchAt.originTimestamp),
    length: numberAt(bytes, at, 'length'),
    checksum: getU64(bytes, at + batchAt.checksum),
    messageCount: getU32(bytes, at + batchAt.messageCount),
  };
}

/**
 * Length of the batch at `at`, header included: at least 256 and wholly inside `bytes[..end)`.
 * Says nothing about its content. @throws WIRE_TRUNCATED, WIRE_INVALID
 */
export function batchLengthAt(bytes: Uint8Array, at = 0, end = bytes.length): number {
  if (end - at < batchHeaderSize) throw truncated(at, batchHeaderSize, end - at);
  const length = tryGetU64Number(bytes, at + batchAt.length);
  if (length >= 0 && length < batchHeaderSize) throw batchTooShort(length);
  if (length < 0 || length > end - at) {
    throw truncated(at, length < 0 ? Number.MAX_SAFE_INTEGER : length, end - at);
  }
  return length;
}

/** Number of messages the header of the batch at `at` speaks of. */
export function batchMessageCount(bytes: Uint8Array, at = 0): number {
  return getU32(bytes, at + batchAt.messageCount);
}

export function batchTooShort(length: number | bigint): WireError {
  return invalid(`a batch has at least ${batchHeaderSize} bytes, its length says ${length}`, {
    length: String(length),
  });
}

type NumberField = 'partitionId' | 'baseOffset' | 'baseTimestamp' | 'length';

function numberAt(bytes: Uint8Array, at: number, name: NumberField): number {
  const value = tryGetU64Number(bytes, at + batchAt[name]);
  if (value < 0) {
    const found = getU64(bytes, at + batchAt[name]);
    throw invalid(`${name} of a batch is ${found}, above 2^53-1`, { field: name });
  }
  return value;
}
