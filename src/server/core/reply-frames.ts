import { setU32, setU64Number, setU128 } from '../../base/index.js';
import { Command, evictionHeader, headerSize, replyHeader } from '../../wire/index.js';
import type { Done } from './done.js';
import { requestAt } from './request-header.js';

const at = replyHeader.offsetOf;
const eviction = evictionHeader.offsetOf;

/**
 * The replies this node builds itself. Committed replies are built from their prepare by consensus
 * and only passed on here. Every function takes the frame it answers first.
 *
 * @source Iggy binary protocol, reply semantics: field values by reply kind
 */

/**
 * A read: the client echoed, `op` = the session as the client wrote it, raw payload.
 * @param hasRoom the body lies behind a header's worth of zeros that nobody else uses
 */
export function readReply(
  request: Uint8Array,
  commit: number,
  body: Uint8Array,
  hasRoom = false,
): Uint8Array {
  const start = body.byteOffset - headerSize;
  const frame = hasRoom
    ? fillReply(new Uint8Array(body.buffer, start, headerSize + body.length), request)
    : replyTo(request, body.length);
  copy(frame, at.op, request, requestAt.session, 8);
  setU64Number(frame, at.commit, commit);
  if (!hasRoom) frame.set(body, headerSize);
  return frame;
}

/** A read that was refused after the login gate. */
export function readDenial(request: Uint8Array, commit: number, status: number): Uint8Array {
  const frame = replyTo(request, 0);
  copy(frame, at.op, request, requestAt.session, 8);
  setU64Number(frame, at.commit, commit);
  setU32(frame, at.status, status);
  return frame;
}

/** Refused before replication, or before login with `commit` 0: names the connection, not the client. */
export function denial(
  request: Uint8Array,
  from: { readonly transportId: bigint; readonly commit: number; readonly status: number },
): Uint8Array {
  const frame = replyTo(request, 0);
  setU128(frame, at.client, from.transportId);
  setU64Number(frame, at.commit, from.commit);
  setU32(frame, at.status, from.status);
  return frame;
}

/** A metadata operation or a login that was refused with a code in its result section. */
export function rejection(
  request: Uint8Array,
  from: { readonly commit: number; readonly code: number; readonly operation?: number },
): Uint8Array {
  const frame = replyTo(request, 12);
  setU64Number(frame, at.op, from.commit);
  setU64Number(frame, at.commit, from.commit);
  if (from.operation !== undefined) frame[at.operation] = from.operation;
  setU32(frame, headerSize, 1);
  setU32(frame, headerSize + 8, from.code);
  return frame;
}

/** A login; `body` includes the result section. Watermark and origin are absent when not known. */
export function loginReply(
  request: Uint8Array,
  from: {
    readonly session: number;
    readonly commit: number;
    readonly body: Uint8Array;
    readonly context: bigint;
  },
): Uint8Array {
  const frame = replyTo(request, from.body.length);
  setU128(frame, at.context, from.context);
  setU64Number(frame, at.op, from.session);
  setU64Number(frame, at.commit, Math.max(from.commit, from.session));
  frame.set(from.body, headerSize);
  return frame;
}

/** A reply in the name of the bound session: logout and the creation of an access token. */
export function sessionReply(
  request: Uint8Array,
  from: {
    readonly clientId: bigint;
    readonly session: number;
    readonly commit: number;
    readonly status: number;
    readonly body: Uint8Array;
  },
): Uint8Array {
  const frame = replyTo(request, from.body.length);
  setU128(frame, at.client, from.clientId);
  setU64Number(frame, at.op, from.session);
  setU64Number(frame, at.commit, from.commit);
  setU32(frame, at.status, from.status);
  frame.set(from.body, headerSize);
  return frame;
}

/** A partition's own answer that was not committed: its group's position and identity. */
export function partitionReply(
  request: Uint8Array,
  from: {
    readonly transportId: bigint;
    readonly cluster: bigint;
    readonly view: number;
    readonly replica: number;
    readonly op: number;
    readonly commit: number;
    readonly status: number;
    readonly body: Uint8Array;
  },
): Uint8Array {
  const frame = replyTo(request, from.body.length);
  setU128(frame, requestAt.cluster, from.cluster);
  setU32(frame, requestAt.view, from.view);
  setU32(frame, requestAt.release, 0);
  frame[requestAt.replica] = from.replica;
  setU128(frame, at.client, from.transportId);
  setU64Number(frame, at.op, from.op);
  setU64Number(frame, at.commit, from.commit);
  setU32(frame, at.status, from.status);
  frame.set(from.body, headerSize);
  return frame;
}

/** An Eviction in the cluster's name; the window is that of protocol versions, for reason 14. */
export function evictionFrame(
  to: { readonly cluster: bigint; readonly client: bigint },
  reason: number,
  window: { readonly max: number; readonly min: number } = { max: 0, min: 0 },
): Uint8Array {
  const frame = new Uint8Array(headerSize);
  setU128(frame, requestAt.cluster, to.cluster);
  setU32(frame, requestAt.size, headerSize);
  frame[requestAt.command] = Command.Eviction;
  setU128(frame, eviction.client, to.client);
  setU32(frame, eviction.serverProtocolVersion, window.max);
  setU32(frame, eviction.serverProtocolVersionMin, window.min);
  frame[eviction.reason] = reason;
  return frame;
}

/** A Reply with everything that every kind of reply echoes. */
function replyTo(request: Uint8Array, bodySize: number): Uint8Array {
  return fillReply(new Uint8Array(headerSize + bodySize), request);
}

function fillReply(frame: Uint8Array, request: Uint8Array): Uint8Array {
  copy(frame, requestAt.cluster, request, requestAt.cluster, 16);
  setU32(frame, requestAt.size, frame.length);
  copy(frame, requestAt.view, request, requestAt.view, 8);
  frame[requestAt.command] = Command.Reply;
  frame[requestAt.replica] = request[requestAt.replica] ?? 0;
  copy(frame, at.requestChecksum, request, requestAt.checksum, 16);
  copy(frame, at.client, request, requestAt.client, 16);
  // The timestamp and the request number stand side by side in both headers.
  copy(frame, at.timestamp, request, requestAt.timestamp, 16);
  frame[at.operation] = request[requestAt.operation] ?? 0;
  return frame;
}

function copy(
  target: Uint8Array,
  targetOffset: number,
  source: Uint8Array,
  sourceOffset: number,
  size: number,
): Done {
  for (let i = 0; i < size; i++) target[targetOffset + i] = source[sourceOffset + i] ?? 0;
}
