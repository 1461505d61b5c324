import { decodeUtf8Lossy, toHex } from '../../base/index.js';
import type { FieldRow } from '../../decoder/index.js';
import { humanDuration, humanSize, humanTime } from '../human.js';
import type { Tone } from '../style.js';
import { printable } from '../text.js';
import { isUtf8 } from './json-bytes.js';
import { secretMask } from './json-value.js';
import { shortId } from './summary.js';

const shownBytes = 16;
const longestText = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is not text is looked for.
const controls = /[\u0000-\u0008\u000e-\u001f\u007f]/;
const never = 2n ** 64n - 1n;

export interface ValueOptions {
  readonly showSecrets: boolean;
  /** Writes 128-bit numbers by their first and last digits. */
  readonly short: boolean;
}

/** The value of a field as it stands in a table. */
export function valueText(row: FieldRow, options: ValueOptions): string {
  const { value, composite } = row.span;
  if (row.secret && !options.showSecrets) return secretMask;
  if (composite) return row.span.display ?? '';
  if (!row.span.complete) return '(cut off)';
  switch (typeof value) {
    case 'bigint':
      return bigintText(row, value, options.short);
    case 'string':
      return `"${printable(value)}"`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return String(value);
    default:
      return value instanceof Uint8Array ? bytesText(value) : '-';
  }
}

function bigintText(row: FieldRow, value: bigint, short: boolean): string {
  if (row.unit !== 'id' && row.unit !== 'checksum') return value.toString();
  if (value === 0n) return '0';
  if (row.unit === 'checksum') return hashText(value);
  return short ? shortId(value) : `0x${value.toString(16).padStart(32, '0')}`;
}

/** A hash: 64 bits, unless something stands where zeros belong. */
export function hashText(value: bigint): string {
  return `0x${value.toString(16).padStart(value >> 64n === 0n ? 16 : 32, '0')}`;
}

function bytesText(bytes: Uint8Array): string {
  const text = toHex(bytes, 0, Math.min(bytes.length, shownBytes));
  return bytes.length > shownBytes ? `${text}…` : text;
}

/** Bytes as text, when that is what they are. */
function readableText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || !isUtf8(bytes.subarray(0, longestText))) return undefined;
  const text = decodeUtf8Lossy(bytes, 0, Math.min(bytes.length, longestText));
  if (controls.test(text)) return undefined;
  return `"${printable(text)}${bytes.length > longestText ? '…' : ''}"`;
}

/** A human form of the value, put in front of what the field means. */
export function humanForm(row: FieldRow): string | undefined {
  const { value, display } = row.span;
  if (row.secret) return undefined;
  if (value instanceof Uint8Array) {
    return row.path.startsWith('body.') ? readableText(value) : undefined;
  }
  const number = typeof value === 'number' ? BigInt(value) : value;
  if (typeof number !== 'bigint') return row.span.composite ? undefined : display;
  switch (row.unit) {
    case 'time':
      return number === 0n ? undefined : humanTime(number);
    case 'duration':
      if (number === 0n) return 'server default';
      return number === never ? 'never' : humanDuration(number);
    case 'bytes':
      if (number === never) return 'unlimited';
      return number < 1024n ? undefined : humanSize(number);
    default:
      return display;
  }
}

/** The tone of a value by its kind. */
export function valueTone(row: FieldRow): Tone {
  if (row.secret) return 'secret';
  const { value } = row.span;
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'plain';
}

/** The tone of the meaning: verdicts stand out, explanations step back. */
export function meaningTone(row: FieldRow): Tone {
  switch (row.state) {
    case 'ok':
      return 'ok';
    case 'warn':
    case 'extension':
      return 'warn';
    case 'bad':
      return 'bad';
    case undefined:
      return 'dim';
  }
}
