import { invalid } from '../../errors.js';
import {
  array,
  blob,
  bytes,
  type Codec,
  field,
  mapped,
  type Reader,
  reserved,
  type StructValue,
  struct,
  u8,
  u16,
  u32,
  u64,
  u128,
  type Writer,
} from '../../schema/index.js';
import { userHeaders } from '../primitives/index.js';
import { batchTooShort } from './batch-layout.js';

// The views of batches for decoding, annotating and documentation. Servers and clients work on
// whole batches with the functions beside this file and never build these objects.

const batchShape = () =>
  ({
    partition_id: field(u64, 'Partition; 0 from a producer, stamped by the server.'),
    base_offset: field(u64, 'Offset of the first message as sent; stamped by the server.'),
    base_timestamp: field(u64, 'Server time, microseconds; stamped by the server.'),
    origin_timestamp: field(u64, 'Earliest producer time, microseconds.'),
    batch_length: field(u64, 'Header and messages, bytes.'),
    batch_checksum: field(u64, 'XXH3-64 of the fields around it and of all message checksums.'),
    message_count: field(u32, 'Number of messages.'),
    reserved: field(reserved(204), 'Must be zero.'),
  }) as const;
const batchHeader = struct('BatchHeader', batchShape, 256);

const messageShape = () =>
  ({
    checksum: field(u64, 'XXH3-64 of the rest of the message.'),
    id: field(u128, "The producer's id."),
    offset_delta: field(u32, 'Place in the batch as it was sent.'),
    timestamp_delta: field(u32, 'Microseconds after the origin timestamp of the batch.'),
    user_headers_length: field(u32, 'Bytes of user headers, which come last.'),
    payload_length: field(u32, 'Bytes of payload, which comes first.'),
    reserved: field(reserved(8), 'Must be zero.'),
  }) as const;
const messageHeader = struct('MessageHeader', messageShape, 48);

/** A message as it lies in a batch. */
export interface BatchMessage extends StructValue<typeof messageShape> {
  readonly payload: Uint8Array;
  /** The encoded header block; servers do not look into it. */
  readonly user_headers: Uint8Array;
}

/** A batch of messages, field by field. */
export interface Batch extends StructValue<typeof batchShape> {
  readonly messages: readonly BatchMessage[];
}

const payloadDoc = 'What the producer sent.';
const headersDoc = 'User headers.';

/** User headers as bytes; a trace also gets their parts when they are well-formed. */
function headerBlock(size: number): Codec<Uint8Array> {
  const plain = bytes(size);
  return {
    ...plain,
    type: 'UserHeaders',
    composite: true,
    read(reader) {
      const start = reader.offset;
      reader.limited(size, (within) => userHeaders.read(within));
      return reader.bytes.subarray(start, start + size);
    },
  };
}

const message: Codec<BatchMessage> = {
  type: 'Message',
  size: undefined,
  minSize: 48,
  composite: true,
  get shape() {
    return messageTwin().shape;
  },
  read(reader) {
    const header = messageHeader.read(reader);
    const payload = reader.field('payload', bytes(header.payload_length), payloadDoc);
    return { ...header, payload, user_headers: readHeaders(reader, header.user_headers_length) };
  },
  write(writer, value) {
    checkSize('payload_length', value.payload_length, value.payload.length);
    checkSize('user_headers_length', value.user_headers_length, value.user_headers.length);
    messageHeader.write(writer, value);
    writer.append(value.payload);
    writer.append(value.user_headers);
  },
};

function readHeaders(reader: Reader, size: number): Uint8Array {
  const { trace, offset, end } = reader;
  if (trace === undefined || size === 0) {
    return reader.field('user_headers', bytes(size), headersDoc);
  }
  const [spans, issues] = [trace.spans.length, trace.issues.length];
  const { prefix } = trace;
  try {
    const block = reader.field('user_headers', headerBlock(size), headersDoc);
    if (trace.issues.length === issues) return block;
  } catch {
    // Not well-formed, which is no error of the batch: shown as plain bytes below.
  }
  trace.prefix = prefix;
  trace.spans.length = spans;
  trace.issues.length = issues;
  reader.offset = offset;
  reader.end = end;
  return reader.field('user_headers', bytes(size), headersDoc);
}

/** `[256-byte header][messages]`: log entry, segment record and part of bodies. */
export const batch: Codec<Batch> = {
  type: 'Batch',
  size: undefined,
  minSize: 256,
  composite: true,
  get shape() {
    return batchTwin().shape;
  },
  read(reader) {
    const header = batchHeader.read(reader);
    const size = Number(header.batch_length) - 256;
    if (size < 0) throw batchTooShort(header.batch_length);
    const messages = reader.limited(size, (within) => readMessages(within, header.message_count));
    return { ...header, messages };
  },
  write(writer, value) {
    checkSize('message_count', value.message_count, value.messages.length);
    const start = writer.length;
    batchHeader.write(writer, value);
    writeMessages(writer, value.messages);
    checkSize('batch_length', Number(value.batch_length), writer.length - start);
  },
};

function readMessages(reader: Reader, count: number): readonly BatchMessage[] {
  const messages: BatchMessage[] = [];
  while (reader.remaining > 0) {
    messages.push(reader.field(`messages[${messages.length}]`, message, ''));
  }
  if (messages.length !== count) {
    reader.problem(invalid(`message_count says ${count}, there are ${messages.length}`));
  }
  return messages;
}

function writeMessages(writer: Writer, messages: readonly BatchMessage[]): void {
  for (const each of messages) message.write(writer, each);
}

function checkSize(name: string, said: number, real: number): void {
  if (said !== real) throw invalid(`${name} says ${said}, it is ${real}`);
}

/** The same fields with parts that measure themselves, for documentation and test values. */
function messageTwin(): Codec<BatchMessage> {
  const fields = {
    ...messageShape(),
    payload: field(blob(u16, { max: 200 }), payloadDoc),
    user_headers: field(blob(u16, { max: 200 }), headersDoc),
  };
  const measure = (value: StructValue<typeof fields>): BatchMessage => ({
    ...value,
    payload_length: value.payload.length,
    user_headers_length: value.user_headers.length,
  });
  return mapped('Message', struct('Message', fields), measure, (value) => value);
}

function batchTwin(): Codec<Batch> {
  const fields = {
    ...batchShape(),
    messages: field(array(u8, messageTwin(), { max: 4 }), 'Messages.'),
  };
  const measure = (value: StructValue<typeof fields>): Batch => {
    const sizes = value.messages.map((each) => 48 + each.payload_length + each.user_headers_length);
    return {
      ...value,
      message_count: value.messages.length,
      batch_length: BigInt(256 + sizes.reduce((sum, size) => sum + size, 0)),
    };
  };
  return mapped('Batch', struct('Batch', fields), measure, (value) => value);
}
