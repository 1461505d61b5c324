import { getU32, getU64, getU128, setU32, setU64, setU128 } from '../../base/index.js';
import type { StoredMessage } from '../../wire/index.js';

/** Size of what precedes each message in a poll file of the official command line, bytes. */
const headSize = 64;

/** Where the fields of that are. */
const at = {
  ...{ checksum: 0, id: 8, offset: 24, timestamp: 32, origin: 40 },
  ...{ headersLength: 48, payloadLength: 52 },
} as const;

/** A message as a poll file has it. */
export interface FileMessage {
  readonly id: bigint;
  readonly offset: bigint;
  readonly originTimestamp: bigint;
  readonly payload: Uint8Array;
  readonly userHeaders: Uint8Array;
}

/** A message in the form of a poll file: head, payload, headers. */
export function toFileBytes(message: StoredMessage): Uint8Array {
  const { payload, userHeaders } = message;
  const bytes = new Uint8Array(headSize + payload.length + userHeaders.length);
  setU64(bytes, at.checksum, message.checksum);
  setU128(bytes, at.id, message.id);
  setU64(bytes, at.offset, BigInt(message.offset));
  setU64(bytes, at.timestamp, BigInt(message.timestamp));
  setU64(bytes, at.origin, message.originTimestamp);
  setU32(bytes, at.headersLength, userHeaders.length);
  setU32(bytes, at.payloadLength, payload.length);
  bytes.set(payload, headSize);
  bytes.set(userHeaders, headSize + payload.length);
  return bytes;
}

/** Messages of a poll file, and how many bytes at its end are no whole message. */
export class FileReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that are complete with this chunk. */
  *push(chunk: Uint8Array): Generator<FileMessage, void, undefined> {
    let bytes = Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= headSize) {
      const size = headSize + getU32(bytes, at.headersLength) + getU32(bytes, at.payloadLength);
      if (bytes.length < size) break;
      yield fromFileBytes(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
    }
    this.#rest = bytes;
  }

  /** Bytes behind the last whole message. */
  get left(): number {
    return this.#rest.length;
  }
}

function fromFileBytes(bytes: Uint8Array): FileMessage {
  const payloadEnd = headSize + getU32(bytes, at.payloadLength);
  return {
    id: getU128(bytes, at.id),
    offset: getU64(bytes, at.offset),
    originTimestamp: getU64(bytes, at.origin),
    payload: bytes.subarray(headSize, payloadEnd),
    userHeaders: bytes.subarray(payloadEnd),
  };
}
