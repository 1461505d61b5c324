import { invalid, WireError } from '../errors.js';
import { type Codec, field, type Reader, rest, struct, u32, u64 } from '../schema/index.js';

// In all four the length is judged before anything behind it is read.

/** A correlated request: `requestId` is the client's own and comes back in the response. */
export interface CorrelatedRequest {
  readonly code: number;
  readonly requestId: bigint;
  readonly payload: Uint8Array;
}

/** A correlated response. `status` 0 is success; an error has no payload. */
export interface CorrelatedResponse {
  readonly status: number;
  readonly requestId: bigint;
  readonly payload: Uint8Array;
}

/** A request of the protocol before consensus. */
export interface LegacyRequest {
  readonly code: number;
  readonly payload: Uint8Array;
}

/** A response of the protocol before consensus. */
export interface LegacyResponse {
  readonly status: number;
  readonly payload: Uint8Array;
}

const code = field(u32, 'What the client asks for.');
const status = field(u32, '0 = ok, else the error code.');
const requestId = field(u64, 'Chosen by the client, repeated by the server.');
const payload = field(rest(), 'Body of the command, or its result.');

/** Reads a length and then that many bytes as `inner`. */
function counted<T>(reader: Reader, min: number, inner: Codec<T>): T {
  const length = reader.field('length', u32, 'Bytes that follow this field.');
  if (length < min) throw invalid(`length must be at least ${min}, got ${length}`, { length, min });
  return reader.limited(length, (within) => inner.read(within));
}

function checkPayload(size: number, counted: number): void {
  const max = 0xffff_ffff - counted;
  if (size <= max) return;
  throw new WireError('WIRE_TOO_LARGE', `a payload has at most ${max} bytes`, { size, max });
}

const requestParts = struct('CorrelatedRequest', { code, requestId, payload });
const responseParts = struct('CorrelatedResponse', { requestId, payload });
const legacyParts = struct('LegacyRequest', { code, payload });
const legacyPayload = struct('LegacyResponse', { payload });
const length = field(u32, 'Bytes that follow this field.');

/** A correlated request: length, code, request id, payload. */
export const correlatedRequestCodec: Codec<CorrelatedRequest> = {
  type: 'CorrelatedRequest',
  size: undefined,
  minSize: 16,
  composite: true,
  get shape() {
    return struct('CorrelatedRequest', { length, code, requestId, payload }).shape;
  },
  read: (reader) => counted(reader, 12, requestParts),
  write(writer, value) {
    checkPayload(value.payload.length, 12);
    writer.u32(12 + value.payload.length);
    requestParts.write(writer, value);
  },
};

/** A correlated response: status, length, request id, payload. */
export const correlatedResponseCodec: Codec<CorrelatedResponse> = {
  type: 'CorrelatedResponse',
  size: undefined,
  minSize: 16,
  composite: true,
  get shape() {
    return struct('CorrelatedResponse', { status, length, requestId, payload }).shape;
  },
  read(reader) {
    const found = reader.field('status', status.codec, status.doc);
    return { status: found, ...counted(reader, 8, responseParts) };
  },
  write(writer, value) {
    checkPayload(value.payload.length, 8);
    status.codec.write(writer, value.status);
    writer.u32(8 + value.payload.length);
    responseParts.write(writer, value);
  },
};

/** The response to a failed correlated request. @throws WIRE_INVALID when `code` is 0 */
export function correlatedError(requestId: bigint, code: number): CorrelatedResponse {
  if (code === 0) throw invalid('an error response needs a status other than 0');
  return { status: code, requestId, payload: new Uint8Array(0) };
}

/** A request of the protocol before consensus: length, code, payload. */
export const legacyRequestCodec: Codec<LegacyRequest> = {
  type: 'LegacyRequest',
  size: undefined,
  minSize: 8,
  composite: true,
  get shape() {
    return struct('LegacyRequest', { length, code, payload }).shape;
  },
  read: (reader) => counted(reader, 4, legacyParts),
  write(writer, value) {
    checkPayload(value.payload.length, 4);
    writer.u32(4 + value.payload.length);
    legacyParts.write(writer, value);
  },
};

/** A response of the protocol before consensus: status, length, payload. */
export const legacyResponseCodec: Codec<LegacyResponse> = {
  type: 'LegacyResponse',
  size: undefined,
  minSize: 8,
  composite: true,
  get shape() {
    return struct('LegacyResponse', { status, length, payload }).shape;
  },
  read(reader) {
    const found = reader.field('status', status.codec, status.doc);
    return { status: found, ...counted(reader, 0, legacyPayload) };
  },
  write(writer, value) {
    checkPayload(value.payload.length, 0);
    status.codec.write(writer, value.status);
    writer.u32(value.payload.length);
    legacyPayload.write(writer, value);
  },
};
