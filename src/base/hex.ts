import { IggyctlError } from './errors.js';

const digits = '0123456789abcdef';
const byteToHex: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `${digits.charAt(byte >> 4)}${digits.charAt(byte & 15)}`,
);

/** Raised for text that is not an even number of hexadecimal digits. */
export class HexError extends IggyctlError<'HEX_INVALID'> {
  constructor(message: string, position: number) {
    super('HEX_INVALID', message, { position });
  }
}

/** Lower-case hexadecimal digits of `bytes[start..end)`. */
export function toHex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i++) text += byteToHex[bytes[i] ?? 0] ?? '';
  return text;
}

/** Bytes of a hexadecimal text without separators. @throws HEX_INVALID */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) {
    throw new HexError('hexadecimal text needs an even number of digits', text.length);
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) {
      const position = high < 0 ? 2 * i : 2 * i + 1;
      throw new HexError(`not a hexadecimal digit at position ${position}`, position);
    }
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

/** `value` as lower-case hexadecimal, left-padded with zeros to `width` digits. */
export function bigToHex(value: bigint, width: number): string {
  return value.toString(16).padStart(width, '0');
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  return -1;
}
