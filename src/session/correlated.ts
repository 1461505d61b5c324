import { getU32, setU32, setU64Number, tryGetU64Number } from '../base/index.js';
import type { Answer } from './answer.js';
import { frameAround } from './request-frame.js';

const headerBytes = 16;

/** A 16-byte header and a body, for a correlated listener. @source RequestFrame2 */
export function correlatedRequest(
  { code, id }: { readonly code: number; readonly id: number },
  body: Uint8Array,
  hasRoom = false,
): Uint8Array {
  const frame = frameAround(body, headerBytes, hasRoom);
  setU32(frame, 0, headerBytes - 4 + body.length);
  setU32(frame, 4, code);
  setU64Number(frame, 8, id);
  return frame;
}

/** The request a response belongs to (-1 = none of ours), and what it says. */
export function readCorrelated(frame: Uint8Array): {
  readonly id: number;
  readonly answer: Answer;
} {
  const status = getU32(frame, 0);
  const id = tryGetU64Number(frame, 8);
  const answer: Answer =
    status === 0
      ? { kind: 'payload', payload: frame.subarray(headerBytes) }
      : { kind: 'code', code: status, channel: 'status' };
  return { id, answer };
}
