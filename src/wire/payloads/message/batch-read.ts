import { getU32, getU64, getU128 } from '../../../base/index.js';
import { messageEnd } from './batch-checksum.js';
import {
  type BatchHeader,
  batchHeaderSize,
  batchLengthAt,
  messageAt,
  readBatchHeader,
} from './batch-layout.js';

/** A message of a stored batch, with absolute offset and times. */
export interface StoredMessage {
  readonly offset: number;
  readonly id: bigint;
  /** Server time, microseconds; the same for the whole batch. */
  readonly timestamp: number;
  /** Producer time, microseconds. */
  readonly originTimestamp: bigint;
  readonly checksum: bigint;
  /** Aliases the batch. */
  readonly payload: Uint8Array;
  /** The encoded header block; aliases the batch. */
  readonly userHeaders: Uint8Array;
}

/** Calls `visit` for each batch of `bytes[start..]` and its bounds. @throws WireError */
export function forEachBatch(
  bytes: Uint8Array,
  start: number,
  visit: (start: number, end: number) => void,
): void {
  for (let at = start; at < bytes.length; ) {
    const end = at + batchLengthAt(bytes, at);
    visit(at, end);
    at = end;
  }
}

/**
 * The messages of the batch in `bytes[start..end)`. Checksums are not looked at.
 * @throws WIRE_TRUNCATED, WIRE_INVALID
 */
export function readMessages(bytes: Uint8Array, start = 0, end = bytes.length): StoredMessage[] {
  const messages: StoredMessage[] = [];
  appendMessages(messages, bytes, start, end);
  return messages;
}

/** Like {@link readMessages}, for all batches of `bytes[start..]`, which lie back to back. */
export function readAllMessages(bytes: Uint8Array, start = 0): StoredMessage[] {
  const messages: StoredMessage[] = [];
  forEachBatch(bytes, start, (from, to) => appendMessages(messages, bytes, from, to));
  return messages;
}

function appendMessages(
  messages: StoredMessage[],
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const header = readBatchHeader(bytes, start);
  for (let at = start + batchHeaderSize; at < end; ) {
    const next = messageEnd(bytes, at, end);
    messages.push(readMessage(bytes, at, next, header));
    at = next;
  }
}

function readMessage(
  bytes: Uint8Array,
  at: number,
  end: number,
  header: BatchHeader,
): StoredMessage {
  const payloadEnd = at + messageAt.payload + getU32(bytes, at + messageAt.payloadLength);
  const delta = getU32(bytes, at + messageAt.timestampDelta);
  return {
    offset: header.baseOffset + getU32(bytes, at + messageAt.offsetDelta),
    id: getU128(bytes, at + messageAt.id),
    timestamp: header.baseTimestamp,
    originTimestamp: delta === 0 ? header.originTimestamp : header.originTimestamp + BigInt(delta),
    checksum: getU64(bytes, at + messageAt.checksum),
    payload: bytes.subarray(at + messageAt.payload, payloadEnd),
    userHeaders: bytes.subarray(payloadEnd, end),
  };
}
