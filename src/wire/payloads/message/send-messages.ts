import { invalid, type WireError } from '../../errors.js';
import { Operation } from '../../frames/index.js';
import {
  array,
  type Codec,
  type CodecValue,
  decode,
  encode,
  field,
  lengthPrefixed,
  mapped,
  type Reader,
  rest,
  type StructValue,
  struct,
  u32,
  u64,
} from '../../schema/index.js';
import { command } from '../command.js';
import { identifier, partitioning } from '../primitives/index.js';
import { batchSize, type NewMessage, writeBatch } from './batch-build.js';
import { checkBatchLayout, verifyBatch } from './batch-checksum.js';
import { type Batch, batch } from './batch-codec.js';
import { batchMessageCount } from './batch-layout.js';

const targetShape = () =>
  ({
    stream_id: field(identifier, 'Stream to send to.'),
    topic_id: field(identifier, 'Topic to send to.'),
    partitioning: field(partitioning, 'How the partition is chosen.'),
  }) as const;

/** Where a batch goes. */
export interface SendTarget extends StructValue<typeof targetShape> {}

const metadataShape = () =>
  ({
    ...targetShape(),
    messages_count: field(u32, 'Number of messages; the same as in the batch.'),
  }) as const;
interface Metadata extends StructValue<typeof metadataShape> {}
const metadata = struct('SendMessagesMetadata', metadataShape);
const metadataField = field(lengthPrefixed(u32, metadata), 'Where the batch goes.');

/** A send request whose batch is left as bytes. */
export interface SendMessagesEnvelope extends Metadata {
  /** Aliases the body. */
  readonly batch: Uint8Array;
}

/** A send request, field by field. */
export interface SendMessagesRequest extends Metadata {
  readonly batch: Batch;
}

const envelope = struct('SendMessages', () => ({
  metadata: metadataField,
  batch: field(rest(), 'The batch.'),
}));

/** Routing and batch of a send body; the batch is not looked at. @throws WireError */
export function readSendMessages(body: Uint8Array): SendMessagesEnvelope {
  const parts = decode(envelope, body);
  return { batch: parts.batch, ...parts.metadata };
}

/**
 * Everything a server checks before it takes a batch: its layout, both kinds of checksum, and
 * that the routing part counts its messages right. @throws WireError
 */
export function verifySendMessages({ batch, messages_count: said }: SendMessagesEnvelope): void {
  // Sizes first: messages that do not tile the batch have wrong checksums too.
  checkBatchLayout(batch);
  const count = verifyBatch(batch);
  if (said !== count) throw wrongCount(said, count);
}

/**
 * A send body for new messages. `room` zero bytes are left in front, for a frame header. Payloads
 * are copied once. @throws WIRE_INVALID, WIRE_TIMESTAMP_DELTA, WIRE_TOO_LARGE
 */
export function encodeSendMessages(
  target: SendTarget,
  messages: readonly NewMessage[],
  room = 0,
): Uint8Array {
  const head = encodeRouting(target, messages.length);
  const body = new Uint8Array(room + head.length + batchSize(messages));
  body.set(head, room);
  writeBatch(body, room + head.length, messages);
  return body;
}

/** The part of a send body in front of its batch. */
export function encodeRouting(target: SendTarget, messagesCount: number): Uint8Array {
  const { stream_id, topic_id, partitioning } = target;
  const parts = { stream_id, topic_id, partitioning, messages_count: messagesCount };
  return encode(metadataField.codec, parts);
}

/** A send body for a batch that is encoded already. */
export function wrapBatch(target: SendTarget, batch: Uint8Array): Uint8Array {
  const head = encodeRouting(target, batchMessageCount(batch));
  const body = new Uint8Array(head.length + batch.length);
  body.set(head);
  body.set(batch, head.length);
  return body;
}

const parts = struct('SendMessages', () => ({
  metadata: metadataField,
  batch: field(batch, 'The batch.'),
}));
const flat = mapped<CodecValue<typeof parts>, SendMessagesRequest>(
  'SendMessages',
  parts,
  // Values made up for tests get a count that fits; decoded ones are checked below.
  ({ metadata, batch }) => ({ ...metadata, messages_count: batch.message_count, batch }),
  ({ batch, ...metadata }) => ({ metadata, batch }),
);

const request: Codec<SendMessagesRequest> = {
  ...flat,
  read(reader: Reader) {
    const { metadata, batch } = parts.read(reader);
    const { messages_count: said } = metadata;
    if (said !== batch.message_count) reader.problem(wrongCount(said, batch.message_count));
    return { ...metadata, batch };
  },
  write(writer, value) {
    const { messages_count: said, batch } = value;
    if (said !== batch.message_count) throw wrongCount(said, batch.message_count);
    flat.write(writer, value);
  },
};

const confirmationShape = () =>
  ({
    stream_id: field(u32, 'Stream.'),
    topic_id: field(u32, 'Topic.'),
    partition_id: field(u32, 'Partition.'),
    base_offset: field(u64, 'Offset of the first message of the batch.'),
  }) as const;

/** Where a batch ended up. */
export interface SendConfirmation extends StructValue<typeof confirmationShape> {}

const counted = array(u32, struct('SendConfirmation', confirmationShape, 20));

/** An empty payload says the same as a count of 0. */
const confirmations: Codec<readonly SendConfirmation[]> = {
  ...counted,
  minSize: 0,
  read: (reader) => (reader.remaining === 0 ? [] : counted.read(reader)),
};

const responseShape = () =>
  ({
    confirmations: field(confirmations, 'One, or none when a purge came first.'),
  }) as const;
export interface SendMessagesResponse extends StructValue<typeof responseShape> {}

/** Appends messages. The reply is not result-framed: it begins with the count. */
export const sendMessages = command({
  code: 101,
  name: 'send_messages',
  dispatchName: 'message.send',
  operation: Operation.SendMessages,
  permission:
    'global: send_messages, manage_streams or manage_topics; ' +
    'or stream: send_messages, manage_stream or manage_topics; ' +
    'or topic: send_messages or manage_topic',
  request,
  response: struct('SendConfirmations', responseShape),
  trailing: 'rejected',
});

function wrongCount(said: number, real: number): WireError {
  return invalid(`messages_count says ${said}, the batch has ${real}`);
}
