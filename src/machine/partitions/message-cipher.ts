import { getU32, setU32, setU64Number } from '../../base/index.js';
import {
  batchAt,
  batchHeaderSize,
  headerSize,
  messageAt,
  messageEnd,
  messageHeaderSize,
  sealBatch,
  sealMessage,
} from '../../wire/index.js';

/** Encrypts what messages carry before it is stored, and decrypts it when it is read. */
export interface MessageCipher {
  /** Ciphertext that `open` takes back; never the same twice. */
  seal(plain: Uint8Array): Uint8Array;
  /** `undefined` for what was not sealed with this key, or has changed since. */
  open(sealed: Uint8Array): Uint8Array | undefined;
}

type Convert = (section: Uint8Array) => Uint8Array | undefined;

/**
 * A batch with every payload and every header block encrypted on its own, behind room for the header
 * of its prepare. Its lengths and checksums are those of the ciphertext.
 * @source Iggy server, encryption at rest
 */
export function encryptedBatch(batch: Uint8Array, cipher: MessageCipher): Uint8Array {
  return converted(batch, (section) => cipher.seal(section)) ?? batch;
}

/** A stored batch, or a part of one, as its producer sent it; `undefined` if it cannot be read. */
export function decryptedBatch(batch: Uint8Array, cipher: MessageCipher): Uint8Array | undefined {
  return converted(batch, (section) => cipher.open(section));
}

interface Message {
  /** Where its header begins. */
  readonly at: number;
  readonly payload: Uint8Array;
  readonly userHeaders: Uint8Array;
}

function converted(batch: Uint8Array, convert: Convert): Uint8Array | undefined {
  const messages: Message[] = [];
  let size = batchHeaderSize;
  for (let at = batchHeaderSize; at < batch.length; ) {
    const end = messageEnd(batch, at, batch.length);
    const message = convertedMessage(batch, at, end, convert);
    if (message === undefined) return undefined;
    messages.push(message);
    size += messageHeaderSize + message.payload.length + message.userHeaders.length;
    at = end;
  }
  const result = new Uint8Array(headerSize + size).subarray(headerSize);
  result.set(batch.subarray(0, batchHeaderSize));
  let at = batchHeaderSize;
  for (const message of messages) at = writeMessage(result, at, batch, message);
  setU64Number(result, batchAt.length, size);
  sealBatch(result);
  return result;
}

/** An absent header block stays absent; an empty payload does not stay empty. */
function convertedMessage(
  batch: Uint8Array,
  at: number,
  end: number,
  convert: Convert,
): Message | undefined {
  const sections = batch.subarray(at + messageAt.payload, end);
  const length = getU32(batch, at + messageAt.payloadLength);
  const payload = convert(sections.subarray(0, length));
  const headers = sections.subarray(length);
  const userHeaders = headers.length === 0 ? headers : convert(headers);
  if (payload === undefined || userHeaders === undefined) return undefined;
  return { at, payload, userHeaders };
}

function writeMessage(
  target: Uint8Array,
  start: number,
  batch: Uint8Array,
  { at, payload, userHeaders }: Message,
): number {
  target.set(batch.subarray(at, at + messageHeaderSize), start);
  setU32(target, start + messageAt.userHeadersLength, userHeaders.length);
  setU32(target, start + messageAt.payloadLength, payload.length);
  target.set(payload, start + messageAt.payload);
  const headersAt = start + messageAt.payload + payload.length;
  target.set(userHeaders, headersAt);
  const end = headersAt + userHeaders.length;
  sealMessage(target, start, end);
  return end;
}
