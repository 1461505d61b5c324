import { getU32, setU32, setU64Number, tryGetU64Number } from '../../../base/index.js';
import { invalid, truncated } from '../../errors.js';
import { bool8, field, restOf, type StructValue, struct, u32, u64 } from '../../schema/index.js';
import { command } from '../command.js';
import { offsetTarget, pollPermission } from '../consumer-offset/offset-target.js';
import { pollingStrategy } from '../primitives/index.js';
import { batch } from './batch-codec.js';
import { readAllMessages, type StoredMessage } from './batch-read.js';

const shape = () =>
  ({
    ...offsetTarget(),
    strategy: field(pollingStrategy, 'Where to start.'),
    count: field(u32, 'Most messages wanted; 0 = none.'),
    auto_commit: field(bool8, 'Whether to store the offset of the last message served.'),
  }) as const;
export interface PollMessagesRequest extends StructValue<typeof shape> {}

const responseShape = () =>
  ({
    partition_id: field(u32, 'Partition; 4294967295 = sync the group assignment first.'),
    current_offset: field(u64, 'Offset of the last committed message; 0 when empty.'),
    count: field(u32, 'Messages in all batches below.'),
    batches: field(restOf(batch), 'Stored batches back to back, the ends possibly cut.'),
  }) as const;

/** A poll reply, field by field. */
export interface PollMessagesResponse extends StructValue<typeof responseShape> {}

/** Partition id of a reply that tells a group member to sync its assignment. */
export const resyncPartition = 0xffff_ffff;

/** Size of what precedes the batches of a poll reply, bytes. */
export const pollHeaderSize = 16;

/** The fixed part of a poll reply. */
export interface PollHeader {
  readonly partitionId: number;
  readonly currentOffset: number;
  /** Messages in all batches. */
  readonly count: number;
}

/** A poll reply with its messages ready to use. */
export interface PolledMessages extends PollHeader {
  readonly messages: readonly StoredMessage[];
}

/** Writes the fixed part of a poll reply; the batches go behind it. */
export function writePollHeader(target: Uint8Array, at: number, header: PollHeader): void {
  setU32(target, at, header.partitionId);
  setU64Number(target, at + 4, header.currentOffset);
  setU32(target, at + 12, header.count);
}

/** Reads a poll reply. Checksums are not looked at; messages alias it. @throws WireError */
export function readPollReply(payload: Uint8Array): PolledMessages {
  if (payload.length < pollHeaderSize) throw truncated(0, pollHeaderSize, payload.length);
  const currentOffset = tryGetU64Number(payload, 4);
  if (currentOffset < 0) throw invalid('current_offset of a poll reply is above 2^53-1');
  const messages = readAllMessages(payload, pollHeaderSize);
  return { partitionId: getU32(payload, 0), currentOffset, count: getU32(payload, 12), messages };
}

/** Reads messages of one partition. */
export const pollMessages = command({
  code: 100,
  name: 'poll_messages',
  dispatchName: 'message.poll',
  permission: pollPermission,
  request: struct('PollMessages', shape),
  response: struct('PolledMessages', responseShape),
});
