import { getU32, tryGetU64Number } from '../../base/index.js';
import { headerSize, requestHeader } from '../../wire/index.js';

const header = requestHeader.offsetOf;

/** Positions of the fields of a request that the server looks at. */
export const requestAt = {
  cluster: header.cluster,
  size: header.size,
  view: header.view,
  release: header.release,
  command: header.command,
  replica: header.replica,
  client: header.client,
  checksum: header.requestChecksum,
  timestamp: header.timestamp,
  request: header.request,
  operation: header.operation,
  session: header.session,
  code: header.commandCode,
  consistency: header.consistency,
} as const;

/** The session as a number; a value above 2^53-1 gives -1 and cannot name a real session. */
export function requestSession(frame: Uint8Array): number {
  return tryGetU64Number(frame, requestAt.session);
}

export function requestCode(frame: Uint8Array): number {
  return getU32(frame, requestAt.code);
}

/** The body; it aliases the frame. */
export function requestBody(frame: Uint8Array): Uint8Array {
  return frame.subarray(headerSize);
}
