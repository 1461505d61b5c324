import { setU32, setU64Number } from '../../../base/index.js';
import { writeXxh3 } from '../../checksum/index.js';
import { invalid } from '../../errors.js';
import { checksumInput, messageEnd } from './batch-checksum.js';
import { batchAt, batchHeaderSize, batchMessageCount } from './batch-layout.js';

/** Which messages of a batch are wanted, counted from its first stored one. */
export interface BatchSlice {
  readonly skip: number;
  /** At least 1. */
  readonly take: number;
}

/** A batch in two pieces, so that no message is copied. */
export interface SlicedBatch {
  readonly header: Uint8Array;
  /** The messages; alias the batch. */
  readonly messages: Uint8Array;
}

/**
 * Part of the batch in `bytes[start..end)` as a poll reply carries it: length, count and checksum
 * are new; base offset, times and the messages' own fields stay, so the first message may have an
 * offset delta above 0. @throws WIRE_TRUNCATED, WIRE_INVALID
 */
export function sliceBatch(
  bytes: Uint8Array,
  start: number,
  end: number,
  { skip, take }: BatchSlice,
): SlicedBatch {
  const count = batchMessageCount(bytes, start);
  if (skip < 0 || take < 1 || skip + take > count) {
    throw invalid(`no messages ${skip}..${skip + take} in a batch of ${count}`);
  }
  let from = start + batchHeaderSize;
  for (let i = 0; i < skip; i++) from = messageEnd(bytes, from, end);
  let to = from;
  for (let i = 0; i < take; i++) to = messageEnd(bytes, to, end);
  const header = bytes.slice(start, start + batchHeaderSize);
  setU64Number(header, batchAt.length, batchHeaderSize + to - from);
  setU32(header, batchAt.messageCount, take);
  const input = checksumInput(header, bytes, from, to);
  writeXxh3(header, batchAt.checksum, input, 0, input.length);
  return { header, messages: bytes.subarray(from, to) };
}
