import { setU32 } from '../base/index.js';
import { type Codec, withWriter } from '../wire/index.js';
import type { ApplyResult } from './log-entry.js';

/** A result section without failures and no payload: `u32 0`. Shared; never written to. */
export const okBody: Uint8Array = new Uint8Array(4);

const okResult: ApplyResult = { body: okBody };
const rejections = new Map<number, ApplyResult>();

/** Success without a payload. */
export function ok(): ApplyResult {
  return okResult;
}

/** Success with a payload behind the result section. */
export function okWith<T>(codec: Codec<T>, value: T): ApplyResult {
  return withWriter((writer) => {
    writer.u32(0);
    codec.write(writer, value);
    return { body: writer.take() };
  });
}

/** A committed rejection: one failure with index 0. @source Iggy binary protocol, result section */
export function rejected(code: number): ApplyResult {
  const known = rejections.get(code);
  if (known !== undefined) return known;
  const body = new Uint8Array(12);
  setU32(body, 0, 1);
  setU32(body, 8, code);
  const result: ApplyResult = { body };
  rejections.set(code, result);
  return result;
}
