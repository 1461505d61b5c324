import { setU32, setU64, setU64Number, setU128 } from '../../../base/index.js';
import { invalid, WireError } from '../../errors.js';
import { sealBatch, sealMessage } from './batch-checksum.js';
import { batchAt, batchHeaderSize, messageAt, messageHeaderSize } from './batch-layout.js';

/** A message to be sent. */
export interface NewMessage {
  /** Chosen by the producer; the server neither assigns nor compares ids. */
  readonly id: bigint;
  readonly payload: Uint8Array;
  /** An encoded header block; none when absent. */
  readonly userHeaders?: Uint8Array | undefined;
  /** When the producer made it, microseconds since 1970. */
  readonly originTimestamp: number | bigint;
}

const maxU32 = 0xffff_ffff;

/** Size of the batch these messages make, bytes. */
export function batchSize(messages: readonly NewMessage[]): number {
  let size = batchHeaderSize;
  for (const message of messages) size += messageSize(message);
  return size;
}

/**
 * A producer's batch: server-owned fields zero, both kinds of checksum filled in.
 * @throws WIRE_INVALID without messages, WIRE_TIMESTAMP_DELTA when their times lie more than
 * 2^32-1 microseconds apart, WIRE_TOO_LARGE
 */
export function encodeBatch(messages: readonly NewMessage[]): Uint8Array {
  const batch = new Uint8Array(batchSize(messages));
  writeBatch(batch, 0, messages);
  return batch;
}

/** Like {@link encodeBatch}, into zeroed bytes that are there already; gives the end. */
export function writeBatch(
  target: Uint8Array,
  start: number,
  messages: readonly NewMessage[],
): number {
  if (messages.length === 0) throw invalid('a batch has at least one message');
  if (messages.length > maxU32) throw tooLarge(messages.length);
  const origin = earliest(messages);
  let at = start + batchHeaderSize;
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i];
    if (message !== undefined) at = writeMessage(target, at, message, i, origin);
  }
  setU64(target, start + batchAt.originTimestamp, origin);
  setU64Number(target, start + batchAt.length, at - start);
  setU32(target, start + batchAt.messageCount, messages.length);
  sealBatch(target, start, at);
  return at;
}

function writeMessage(
  target: Uint8Array,
  at: number,
  message: NewMessage,
  index: number,
  origin: bigint,
): number {
  const { id, payload, userHeaders } = message;
  if (id < 0n || id >> 128n !== 0n) throw invalid(`a message id has 128 bits, got ${id}`);
  const headersSize = userHeaders?.length ?? 0;
  if (payload.length > maxU32) throw tooLarge(payload.length);
  if (headersSize > maxU32) throw tooLarge(headersSize);
  setU128(target, at + messageAt.id, id);
  setU32(target, at + messageAt.offsetDelta, index);
  setU32(target, at + messageAt.timestampDelta, delta(message, origin));
  setU32(target, at + messageAt.userHeadersLength, headersSize);
  setU32(target, at + messageAt.payloadLength, payload.length);
  target.set(payload, at + messageAt.payload);
  if (userHeaders !== undefined) {
    target.set(userHeaders, at + messageAt.payload + payload.length);
  }
  const end = at + messageSize(message);
  sealMessage(target, at, end);
  return end;
}

function messageSize({ payload, userHeaders }: NewMessage): number {
  return messageHeaderSize + payload.length + (userHeaders?.length ?? 0);
}

function earliest(messages: readonly NewMessage[]): bigint {
  let smallest = BigInt(messages[0]?.originTimestamp ?? 0);
  for (const { originTimestamp } of messages) {
    if (originTimestamp < smallest) smallest = BigInt(originTimestamp);
  }
  if (smallest < 0n) throw invalid(`a timestamp must not be negative, got ${smallest}`);
  return smallest;
}

function delta({ originTimestamp }: NewMessage, origin: bigint): number {
  const difference = Number(BigInt(originTimestamp) - origin);
  if (difference > maxU32) {
    const reason = `messages of one batch are ${difference} microseconds apart, at most ${maxU32}`;
    throw new WireError('WIRE_TIMESTAMP_DELTA', reason, { value: difference });
  }
  return difference;
}

function tooLarge(size: number): WireError {
  return new WireError('WIRE_TOO_LARGE', `${size} does not fit 32 bits`, { size, max: maxU32 });
}
