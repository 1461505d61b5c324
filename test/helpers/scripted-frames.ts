// Frames written byte by byte, on purpose without our encoder: offsets and numbers are those of the
// protocol's documents.

/** A request frame, read by offsets. */
export interface ScriptedRequest {
  readonly bytes: Buffer;
  readonly operation: number;
  readonly client: bigint;
  readonly request: bigint;
  readonly session: bigint;
  /** Command code of requests that are not replicated. */
  readonly code: number;
  readonly checksum: bigint;
  readonly consistency: number;
  readonly body: Buffer;
}

function u128At(bytes: Buffer, offset: number): bigint {
  return (bytes.readBigUInt64LE(offset + 8) << 64n) | bytes.readBigUInt64LE(offset);
}

export function readRequest(bytes: Buffer): ScriptedRequest {
  return {
    bytes,
    operation: bytes.readUInt8(176),
    client: u128At(bytes, 128),
    request: bytes.readBigUInt64LE(168),
    session: bytes.readBigUInt64LE(184),
    code: bytes.readUInt32LE(196),
    checksum: u128At(bytes, 144),
    consistency: bytes.readUInt8(200),
    body: bytes.subarray(256),
  };
}

export interface ReplyFields {
  readonly status?: number;
  readonly operation?: number;
  readonly body?: Buffer;
  readonly context?: { readonly watermark: bigint; readonly origin: bigint };
  readonly op?: bigint;
  readonly commit?: bigint;
  readonly view?: number;
  readonly request?: bigint;
}

/** A reply (command 8) to `request`. */
export function reply(request: ScriptedRequest, fields: ReplyFields = {}): Buffer {
  const { body = Buffer.alloc(0), context } = fields;
  const frame = Buffer.alloc(256 + body.length);
  frame.writeUInt32LE(frame.length, 48);
  frame.writeUInt32LE(fields.view ?? 0, 52);
  frame.writeUInt8(8, 60);
  if (context !== undefined) {
    frame.writeBigUInt64LE(context.watermark + 1n, 144);
    frame.writeBigUInt64LE(context.origin, 152);
  }
  request.bytes.copy(frame, 160, 128, 144);
  frame.writeBigUInt64LE(fields.op ?? 0n, 176);
  frame.writeBigUInt64LE(fields.commit ?? 0n, 184);
  frame.writeBigUInt64LE(fields.request ?? request.request, 200);
  frame.writeUInt8(fields.operation ?? request.operation, 208);
  frame.writeUInt32LE(fields.status ?? 0, 216);
  body.copy(frame, 256);
  return frame;
}

/** A refusal before replication. */
export function status(request: ScriptedRequest, code: number): Buffer {
  return reply(request, { status: code });
}

/** A refusal in the result section. */
export function result(request: ScriptedRequest, code: number, fields: ReplyFields = {}): Buffer {
  const body = Buffer.alloc(12);
  body.writeUInt32LE(1, 0);
  body.writeUInt32LE(code, 8);
  return reply(request, { ...fields, body });
}

/** Success with a result section. */
export function ok(
  request: ScriptedRequest,
  payload: Buffer = Buffer.alloc(0),
  fields: ReplyFields = {},
): Buffer {
  return reply(request, { ...fields, body: Buffer.concat([Buffer.alloc(4), payload]) });
}

/** An eviction (command 13). */
export function evict(
  reason: number,
  window: { readonly max: number; readonly min: number } = { max: 0, min: 0 },
): Buffer {
  const frame = Buffer.alloc(256);
  frame.writeUInt32LE(256, 48);
  frame.writeUInt8(13, 60);
  frame.writeUInt8(7, 128);
  frame.writeUInt32LE(window.max, 144);
  frame.writeUInt32LE(window.min, 148);
  frame.writeUInt8(reason, 255);
  return frame;
}

export interface LoginFields {
  readonly session?: bigint;
  readonly userId?: number;
  readonly version?: string;
  readonly context?: { readonly watermark: bigint; readonly origin: bigint };
}

/** A successful login. */
export function loggedIn(request: ScriptedRequest, fields: LoginFields = {}): Buffer {
  const version = Buffer.from(fields.version ?? '0.11.0');
  const payload = Buffer.alloc(17);
  payload.writeUInt32LE(fields.userId ?? 0, 0);
  payload.writeBigUInt64LE(fields.session ?? 1n, 4);
  payload.writeUInt32LE(11_264, 12);
  payload.writeUInt8(version.length, 16);
  return ok(request, Buffer.concat([payload, version]), {
    op: fields.session ?? 1n,
    ...(fields.context === undefined ? {} : { context: fields.context }),
  });
}

/** The body of a roster; ports are those of TCP, and of WebSocket plus 1. */
export function roster(
  nodes: readonly {
    readonly ip?: string;
    readonly tcp: number;
    readonly websocket?: number;
    readonly leader?: boolean;
  }[],
): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const count = Buffer.alloc(4);
  count.writeUInt32LE(nodes.length);
  const parts = nodes.map((node, index) => {
    const tail = Buffer.alloc(10);
    tail.writeUInt16LE(node.tcp, 0);
    tail.writeUInt16LE(node.websocket ?? 0, 6);
    tail.writeUInt8(node.leader === true ? 0 : 1, 8);
    return Buffer.concat([text(`node-${index}`), text(node.ip ?? '127.0.0.1'), tail]);
  });
  return Buffer.concat([text('scripted'), count, ...parts]);
}

/** The payload of a created stream. */
export function streamRecord(id: number, name: string): Buffer {
  const head = Buffer.alloc(33);
  head.writeUInt32LE(id, 0);
  head.writeUInt8(Buffer.byteLength(name), 32);
  return Buffer.concat([head.subarray(0, 32 + 1), Buffer.from(name), Buffer.alloc(4)]);
}

/** Operation bytes used in scripts. */
export const op = {
  register: 1,
  nonReplicated: 2,
  logout: 3,
  createTopicWithAssignments: 64,
  createStream: 128,
  updateStream: 129,
  deleteStream: 130,
  createTopic: 132,
  sendMessages: 160,
} as const;
