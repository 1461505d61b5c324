import {
  buildFrame,
  buildPrepare,
  type Codec,
  commands,
  encode,
  METADATA_GROUP,
  Operation,
  xxh3,
} from '../../src/wire/index.js';

const client = 0x0123_4567_89ab_cdef_0011_2233_4455_6677n;

/** A login with a password. */
export function registerFrame(password = 'secret-word'): Uint8Array {
  const body = encode(commands.login_register.request, {
    protocol_version: 11_264,
    sdk_name: 'node-sdk',
    sdk_version: '0.10.0',
    username: 'iggy',
    password,
    context: null,
  });
  return request(Operation.Register, body, { request: 0n, session: 0n });
}

/** A request of any operation with a stamped body. */
export function request(
  operation: Operation,
  body: Uint8Array,
  fields: { request?: bigint; session?: bigint; commandCode?: number } = {},
): Uint8Array {
  const { request: number = 1n, session = 7n, commandCode = 0 } = fields;
  const requestChecksum = operation === Operation.NonReplicated ? 0n : xxh3(body);
  const header = { client, operation, request: number, session, commandCode, requestChecksum };
  return buildFrame('Request', header, body);
}

export function createStream(name: string, number = 1n): Uint8Array {
  const body = encode(commands.create_stream.request, { name, options: [] });
  return request(Operation.CreateStream, body, { request: number });
}

/** A request that is not replicated, by its command code. */
export function read(commandCode: number, body: Uint8Array, number = 1n): Uint8Array {
  return request(Operation.NonReplicated, body, { commandCode, request: number });
}

export function getStream(id: number, number = 1n): Uint8Array {
  return read(200, encode(commands.get_stream.request, { stream_id: id }), number);
}

export function streamReply(name: string, number = 1n): Uint8Array {
  const details = { id: 0, created_at: 5n, topics_count: 0, size_bytes: 0n, messages_count: 0n };
  const value = { ...details, options: [], name, topics: [] };
  const body = encode(commands.get_stream.response as Codec<unknown>, value);
  const header = { client, operation: Operation.NonReplicated, request: number };
  return buildFrame('Reply', header, body);
}

/** The answer to a metadata operation: a result section, then the payload. */
export function metadataReply(
  operation: Operation,
  options: { request?: bigint; result?: number; payload?: Uint8Array } = {},
): Uint8Array {
  const { request: number = 1n, result, payload = new Uint8Array(0) } = options;
  const section = new Uint8Array(result === undefined ? 4 : 12);
  if (result !== undefined) {
    section[0] = 1;
    new DataView(section.buffer).setUint32(8, result, true);
  }
  const body = Buffer.concat([section, payload]);
  return buildFrame('Reply', { client, operation, request: number, op: 9n, commit: 9n }, body);
}

export function statusReply(status: number, number = 1n): Uint8Array {
  const header = { client, operation: Operation.NonReplicated, request: number, status };
  return buildFrame('Reply', header);
}

export function prepareFrame(op: bigint, name = 'orders'): Uint8Array {
  const body = encode(commands.create_stream.request, { name, options: [] });
  const header = { client, op, commit: op - 1n, view: 2, timestamp: 1_755_770_400_123_456n };
  const group = METADATA_GROUP;
  return buildPrepare({ ...header, group, operation: Operation.CreateStream, request: 4n }, body);
}

export function commitFrame(number: bigint): Uint8Array {
  const header = { view: 2, replica: 1, cluster: 77n, group: METADATA_GROUP, commit: 16n };
  return buildFrame('Commit', { ...header, timestampMonotonic: number });
}

export function evictionFrame(reason: number): Uint8Array {
  return buildFrame('Eviction', { client, reason: reason as 1 });
}

/** All of these, one behind the other. */
export function joined(frames: readonly Uint8Array[]): Buffer {
  return Buffer.concat(frames);
}
