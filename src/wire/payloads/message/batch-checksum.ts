import { getU32, getU64, isZeroBytes, setU64Number } from '../../../base/index.js';
import { matchesXxh3, writeXxh3, xxh3 } from '../../checksum/index.js';
import { invalid, truncated, WireError } from '../../errors.js';
import {
  batchAt,
  batchHeaderSize,
  batchLengthAt,
  messageAt,
  messageHeaderSize,
} from './batch-layout.js';

/** Which partition, offset and time a server gives to a batch. */
export interface BatchStamp {
  readonly partitionId: number;
  /** Offset of the first message. */
  readonly baseOffset: number;
  /** Server time of all messages, microseconds. */
  readonly baseTimestamp: number;
}

const inputHeadSize = 44;

/**
 * Checks that `bytes[start..end)` is exactly one whole batch: sizes, zero padding, messages that
 * tile it, their number (at least 1), every message checksum and the batch checksum. Copies
 * nothing. Gives the number of messages.
 * @throws WIRE_TRUNCATED, WIRE_INVALID, WIRE_CHECKSUM_MESSAGE, WIRE_CHECKSUM_BATCH
 * @source Iggy binary protocol, batch admission
 */
export function verifyBatch(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const input = walkBatch(bytes, start, end, verifyMessage);
  if (!matchesXxh3(bytes, start + batchAt.checksum, input, 0, input.length)) {
    throw badBatchChecksum(bytes, start, xxh3(input));
  }
  return getU32(bytes, start + batchAt.messageCount);
}

/** Like {@link verifyBatch} without computing a hash. */
export function checkBatchLayout(bytes: Uint8Array, start = 0, end = bytes.length): number {
  walkBatch(bytes, start, end, undefined);
  return getU32(bytes, start + batchAt.messageCount);
}

/** The checksum a batch ought to have, from its header and its messages' stored checksums. */
export function computeBatchChecksum(bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  return xxh3(walkBatch(bytes, start, end, undefined));
}

/**
 * Writes partition, offset and time into a batch and seals it anew. Works in place; messages are
 * not touched. @throws WIRE_TRUNCATED, WIRE_INVALID when it is no well-formed batch
 */
export function stampBatch(batch: Uint8Array, stamp: BatchStamp): void {
  setU64Number(batch, batchAt.partitionId, stamp.partitionId);
  setU64Number(batch, batchAt.baseOffset, stamp.baseOffset);
  setU64Number(batch, batchAt.baseTimestamp, stamp.baseTimestamp);
  sealBatch(batch);
}

/** Computes and stores the checksum of a batch whose messages carry theirs. */
export function sealBatch(bytes: Uint8Array, start = 0, end = bytes.length): void {
  const input = walkBatch(bytes, start, end, undefined);
  writeXxh3(bytes, start + batchAt.checksum, input, 0, input.length);
}

/** Computes and stores the checksum of the message in `bytes[start..end)`. */
export function sealMessage(bytes: Uint8Array, start: number, end: number): void {
  writeXxh3(bytes, start + messageAt.checksum, bytes, start + messageAt.id, end);
}

type Visit = (bytes: Uint8Array, start: number, end: number) => void;

/** Walks a whole batch and returns what its checksum is computed over. */
function walkBatch(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: Visit | undefined,
): Uint8Array {
  const length = batchLengthAt(bytes, start, end);
  if (length !== end - start) throw invalid(`a batch of ${length} bytes fills ${end - start}`);
  if (!isZeroBytes(bytes, start + batchAt.reserved, start + batchHeaderSize)) {
    throw invalid('reserved bytes of a batch must be zero', { offset: start + batchAt.reserved });
  }
  const header = bytes.subarray(start, start + batchHeaderSize);
  return checksumInput(header, bytes, start + batchHeaderSize, end, visit);
}

/**
 * What a batch checksum is computed over: most of the header, then the stored checksum of each
 * message in `bytes[start..end)`. Bodies are covered by the messages' own checksums only.
 * @source Iggy binary protocol, batch checksum
 */
export function checksumInput(
  header: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  visit?: Visit,
): Uint8Array {
  const count = getU32(header, batchAt.messageCount);
  checkCount(count, end - start);
  const input = new Uint8Array(inputHeadSize + 8 * count);
  copyRange(header, 0, input, 0, batchAt.checksum);
  copyRange(header, batchAt.messageCount, input, batchAt.checksum, 4);
  let at = start;
  for (let i = 0; i < count; i++) {
    const next = messageEnd(bytes, at, end);
    visit?.(bytes, at, next);
    copyRange(bytes, at, input, inputHeadSize + 8 * i, 8);
    at = next;
  }
  if (at !== end) throw invalid(`${end - at} bytes follow the last of ${count} messages`);
  return input;
}

/** Where the message at `at` ends. @throws WIRE_TRUNCATED, WIRE_INVALID */
export function messageEnd(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < messageHeaderSize) throw truncated(at, messageHeaderSize, end - at);
  const size =
    messageHeaderSize +
    getU32(bytes, at + messageAt.userHeadersLength) +
    getU32(bytes, at + messageAt.payloadLength);
  if (size > end - at) throw truncated(at, size, end - at);
  if (
    getU32(bytes, at + messageAt.reserved) !== 0 ||
    getU32(bytes, at + messageAt.reserved + 4) !== 0
  ) {
    throw invalid('reserved bytes of a message must be zero', { offset: at + messageAt.reserved });
  }
  return at + size;
}

function verifyMessage(bytes: Uint8Array, start: number, end: number): void {
  const content = start + messageAt.id;
  if (matchesXxh3(bytes, start, bytes, content, end)) return;
  throw new WireError('WIRE_CHECKSUM_MESSAGE', 'a message does not match its checksum', {
    stored: getU64(bytes, start),
    computed: xxh3(bytes, content, end),
    offset: start,
  });
}

/** A count that the bytes cannot hold is refused before anything is allocated for it. */
function checkCount(count: number, available: number): void {
  if (count === 0) throw invalid('a batch has at least one message');
  if (count * messageHeaderSize > available) {
    throw invalid(`${count} messages do not fit ${available} bytes`, { count, available });
  }
}

function badBatchChecksum(bytes: Uint8Array, start: number, computed: bigint): WireError {
  return new WireError('WIRE_CHECKSUM_BATCH', 'a batch does not match its checksum', {
    stored: getU64(bytes, start + batchAt.checksum),
    computed,
    baseOffset: getU64(bytes, start + batchAt.baseOffset),
  });
}

function copyRange(
  from: Uint8Array,
  fromOffset: number,
  to: Uint8Array,
  toOffset: number,
  size: number,
): void {
  for (let i = 0; i < size; i++) to[toOffset + i] = from[fromOffset + i] ?? 0;
}
