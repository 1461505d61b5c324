import { toHex } from '../base/index.js';

export interface JsonOptions {
  /** Spaces per level; 0 (default) = one line. */
  readonly indent?: number | undefined;
}

/**
 * JSON text of plain data: bigints as decimal strings, byte strings as lower-case hexadecimal,
 * `undefined` members left out. Key order is that of the object. Ends without a newline.
 */
export function toJson(value: unknown, options: JsonOptions = {}): string {
  return JSON.stringify(value, replacer, options.indent ?? 0);
}

/** One object of a list as a line of NDJSON, newline included. */
export function toNdjsonLine(value: unknown): string {
  return `${toJson(value)}\n`;
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}
