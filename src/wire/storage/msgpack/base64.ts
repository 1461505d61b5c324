import { invalid } from '../../errors.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += alphabet.charAt(word >> 18) + alphabet.charAt((word >> 12) & 63);
    text += left > 1 ? alphabet.charAt((word >> 6) & 63) : '=';
    text += left > 2 ? alphabet.charAt(word & 63) : '=';
  }
  return text;
}

/** Bytes of a base64 text; only the one form that {@link toBase64} gives. @throws WIRE_INVALID */
export function fromBase64(text: string): Uint8Array {
  const digits = text.endsWith('==') ? text.slice(0, -2) : text.replace(/=$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let word = 0;
  let at = 0;
  for (let i = 0; i < digits.length; i++) {
    const value = alphabet.indexOf(digits.charAt(i));
    if (value < 0) throw invalid('text is not base64');
    word = ((word << 6) | value) & 0xff_ffff;
    if (i % 4 > 0) bytes[at++] = word >> (6 - 2 * (i % 4));
  }
  if (toBase64(bytes) !== text) throw invalid('text is not base64');
  return bytes;
}
