import { emptyBytes } from '../../../base/index.js';
import { type Codec, encode } from '../../../wire/index.js';
import type { ReadReply } from '../metadata-face.js';

const nothingReply: ReadReply = { status: 0, body: emptyBytes };

/** Success with an empty body: what most reads say when the target does not exist. */
export function nothing(): ReadReply {
  return nothingReply;
}

export function found<T>(codec: Codec<T>, value: T): ReadReply {
  return { status: 0, body: encode(codec, value) };
}

export function refused(status: number): ReadReply {
  return { status };
}
