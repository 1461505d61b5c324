import { zeroedBytes } from '../base/index.js';
import { Command, headerSize, Operation, requestView, xxh3 } from '../wire/index.js';

/** The fields of a request header that differ between requests. */
export interface RequestFields {
  readonly code: number;
  readonly operation: number;
  readonly clientId: bigint;
  /** 0 when not logged in, and on a login. */
  readonly session: bigint;
  readonly request: bigint;
  /** Stamps the body with its checksum: what passes through the metadata group. */
  readonly stamped: boolean;
  readonly linearizable: boolean;
}

const { put } = requestView;

/** A request frame as it goes over the wire. @source Iggy binary protocol, Request header */
export function requestFrame(fields: RequestFields, body: Uint8Array, hasRoom = false): Uint8Array {
  const frame = frameAround(body, headerSize, hasRoom);
  put.size(frame, frame.length);
  put.command(frame, Command.Request);
  put.client(frame, fields.clientId);
  if (fields.stamped) put.requestChecksum(frame, xxh3(body));
  put.request(frame, fields.request);
  put.operation(frame, fields.operation);
  put.session(frame, fields.session);
  if (fields.operation === Operation.NonReplicated) put.commandCode(frame, fields.code);
  if (fields.linearizable) put.consistency(frame, 1);
  return frame;
}

/** Moves an encoded request into another session; everything else stays as it was. */
export function moveToSession(frame: Uint8Array, session: bigint): void {
  put.session(frame, session);
}

/**
 * A frame with `body` behind a header of `size` zero bytes: in place if the caller left room in
 * front of the body, else in a copy.
 */
export function frameAround(body: Uint8Array, size: number, hasRoom: boolean): Uint8Array {
  const start = body.byteOffset - size;
  if (hasRoom && start >= 0) {
    return new Uint8Array(body.buffer, start, size + body.length).fill(0, 0, size);
  }
  const frame = zeroedBytes(size + body.length);
  frame.set(body, size);
  return frame;
}
