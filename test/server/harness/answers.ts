import { getU32, toHex } from '../../../src/base/index.js';
import {
  type Codec,
  Command,
  decode,
  frameView,
  headerSize,
  loginResponse,
  parseFrameAs,
  replyView,
} from '../../../src/wire/index.js';

/** What a client makes of a frame. */
export type Answer =
  | { readonly kind: 'evict'; readonly reason: number; readonly client: bigint }
  | { readonly kind: 'status'; readonly status: number; readonly operation: number }
  | { readonly kind: 'result'; readonly code: number; readonly operation: number }
  | { readonly kind: 'ok'; readonly operation: number; readonly payload: Uint8Array };

/** Reads a frame as clients do: eviction, then status, then result section. */
export function answerOf(frame: Uint8Array): Answer {
  if (frameView.command(frame) === Command.Eviction) {
    const { reason, client } = parseFrameAs('Eviction', frame).header;
    return { kind: 'evict', reason, client };
  }
  if (frameView.command(frame) !== Command.Reply) throw new Error('not an answer');
  const operation = replyView.operation(frame);
  const status = replyView.status(frame);
  const body = frame.subarray(headerSize);
  if (status !== 0) {
    if (body.length > 0) throw new Error('a status comes with an empty body');
    return { kind: 'status', status, operation };
  }
  const framed = (operation >= 64 && operation < 150 && operation !== 138) || operation > 160;
  if (!framed && !(operation === 1 && body.length > 0)) {
    return { kind: 'ok', operation, payload: body };
  }
  const count = getU32(body, 0);
  if (count > 0) return { kind: 'result', code: getU32(body, 8), operation };
  return { kind: 'ok', operation, payload: body.subarray(4) };
}

export const evict = (reason: number) => ({ kind: 'evict', reason }) as const;
export const status = (code: number) => ({ kind: 'status', status: code }) as const;
export const result = (code: number) => ({ kind: 'result', code }) as const;
export const ok = { kind: 'ok' } as const;

/** The payload of a successful login. */
export function loginOf(frame: Uint8Array) {
  const answer = answerOf(frame);
  if (answer.kind !== 'ok') throw new Error(`login refused: ${JSON.stringify(answer.kind)}`);
  const { user_id: userId, session } = decode(loginResponse, answer.payload);
  return { userId, session: Number(session) };
}

/** The decoded payload of a success. */
export function payloadOf<T>(codec: Codec<T>, frame: Uint8Array): T {
  const answer = answerOf(frame);
  if (answer.kind !== 'ok') throw new Error(`refused: ${toHex(frame.subarray(headerSize))}`);
  return decode(codec, answer.payload);
}
