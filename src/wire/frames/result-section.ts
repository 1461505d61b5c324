import { getU32, setU32 } from '../../base/index.js';
import { WireError } from '../errors.js';

/** What the result section at the front of a reply body says. */
export type OperationResult =
  /** `payload` aliases the body. */
  | { readonly ok: true; readonly payload: Uint8Array }
  /** `code` is a number of the table of server errors. */
  | { readonly ok: false; readonly code: number };

const countSize = 4;
const entrySize = 8;

/** A successful body: no entries, then the payload. */
export function encodeSuccess(payload: Uint8Array): Uint8Array {
  const body = new Uint8Array(countSize + payload.length);
  body.set(payload, countSize);
  return body;
}

/** A failed body: one entry with the code, no payload. */
export function encodeFailure(code: number): Uint8Array {
  const body = new Uint8Array(countSize + entrySize);
  setU32(body, 0, 1);
  setU32(body, 8, code);
  return body;
}

/**
 * Reads the result section of a reply body. Only the first entry decides; one that says 0 is a
 * success whose payload follows the whole section. @throws WIRE_COMMAND when bytes are missing
 */
export function decodeResult(body: Uint8Array): OperationResult {
  if (body.length < countSize) throw malformed(body.length);
  const count = getU32(body, 0);
  if (count === 0) return { ok: true, payload: body.subarray(countSize) };
  if (body.length < countSize + entrySize) throw malformed(body.length);
  const code = getU32(body, countSize + 4);
  if (code !== 0) return { ok: false, code };
  const sectionSize = countSize + entrySize * count;
  if (body.length < sectionSize) throw malformed(body.length);
  return { ok: true, payload: body.subarray(sectionSize) };
}

function malformed(size: number): WireError {
  const reason = `a body of ${size} bytes is too short for its result section`;
  return new WireError('WIRE_COMMAND', reason, { kind: 'InvalidCommand', size });
}
