import { IggyctlError } from './errors.js';

const encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF: the default drops it, and then text would not round-trip.
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossyDecoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
const shortText = 32;

/** Raised for bytes that are not UTF-8, or text with a lone surrogate. */
export class Utf8Error extends IggyctlError<'UTF8_INVALID'> {
  constructor(message: string) {
    super('UTF8_INVALID', message, {});
  }
}

/**
 * Text of `bytes[start..end)`, refusing anything that is not well-formed UTF-8 and keeping a
 * leading byte order mark. @throws UTF8_INVALID
 */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start <= shortText) {
    const ascii = decodeShortAscii(bytes, start, end);
    if (ascii !== undefined) return ascii;
  }
  try {
    return strictDecoder.decode(bytes.subarray(start, end));
  } catch {
    throw new Utf8Error('bytes are not valid UTF-8');
  }
}

/** Like {@link decodeUtf8}, with U+FFFD in place of what is malformed; for views only. */
export function decodeUtf8Lossy(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return lossyDecoder.decode(bytes.subarray(start, end));
}

/** UTF-8 bytes of `text`. @throws UTF8_INVALID on a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  encoder.encodeInto(text, bytes);
  return bytes;
}

/** Writes `text` at `offset` and returns the number of bytes; the caller made room for them. */
export function writeUtf8(target: Uint8Array, offset: number, text: string): number {
  if (text.length <= shortText && writeShortAscii(target, offset, text)) return text.length;
  return encoder.encodeInto(text, target.subarray(offset)).written;
}

/** Number of UTF-8 bytes of `text`. @throws UTF8_INVALID on a lone surrogate. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit < 0xd800 || unit > 0xdfff) length += 2;
    else {
      const next = text.charCodeAt(i + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
        throw new Utf8Error(`text has a lone surrogate at position ${i}`);
      }
      length += 2;
      i += 1;
    }
  }
  return length;
}

function decodeShortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0x80;
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** For short text the call of the encoder costs more than the work; false = it is not ASCII. */
function writeShortAscii(target: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return false;
    target[offset + i] = unit;
  }
  return true;
}
