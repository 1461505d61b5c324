import { isUtf8, type JsonBytes, keyBytes } from './json-bytes.js';

/** How values of a body are written. */
export interface JsonValueOptions {
  /** Members whose values are masked. */
  readonly secretKeys: ReadonlySet<string>;
}

/** What stands for a secret. */
export const secretMask = '********';

/** 128-bit numbers that name things, and hashes, read better in hexadecimal. */
const hexNames =
  /checksum|^(?:client|client_id|source_client_id|cluster|parent|nonce|incarnation)$|bitset$/;
const upper = /[A-Z]/g;
const deepest = 64;

/** A decoded value as JSON: bigints as strings, bytes as `…_hex` and `…_text` members. */
export function writeValue(out: JsonBytes, value: unknown, options: JsonValueOptions): void {
  write(out, value, '', options, 0);
}

function write(
  out: JsonBytes,
  value: unknown,
  name: string,
  options: JsonValueOptions,
  depth: number,
): void {
  if (typeof value === 'string') out.string(value);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && value >= 0) out.integer(value);
    else out.ascii(JSON.stringify(value));
  } else if (typeof value === 'bigint') writeBigint(out, value, name);
  else if (typeof value === 'boolean') out.ascii(value ? 'true' : 'false');
  else if (typeof value === 'object' && value !== null && depth < deepest) {
    writeObject(out, value, name, options, depth);
  } else out.ascii('null');
}

function writeBigint(out: JsonBytes, value: bigint, name: string): void {
  if (hexNames.test(name)) out.ascii(`"0x${value.toString(16).padStart(32, '0')}"`);
  else out.ascii(`"${value.toString()}"`);
}

function writeObject(
  out: JsonBytes,
  value: object,
  name: string,
  options: JsonValueOptions,
  depth: number,
): void {
  if (value instanceof Uint8Array) {
    out.byte(0x22);
    out.hex(value, 0, value.length);
    out.byte(0x22);
    return;
  }
  if (Array.isArray(value)) {
    out.byte(0x5b);
    for (let i = 0; i < value.length; i++) {
      if (i > 0) out.byte(0x2c);
      const item: unknown = value[i];
      write(out, item, name, options, depth + 1);
    }
    out.byte(0x5d);
    return;
  }
  out.byte(0x7b);
  writeMembers(out, value, { options, depth, first: true });
  out.byte(0x7d);
}

function writeMembers(
  out: JsonBytes,
  value: object,
  state: { readonly options: JsonValueOptions; readonly depth: number; readonly first: boolean },
): void {
  const { options, depth } = state;
  let first = state.first;
  for (const key of Object.keys(value)) {
    const member: unknown = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    if (!first) out.byte(0x2c);
    first = false;
    const name = snakeName(key);
    if (options.secretKeys.has(key)) {
      out.raw(keyBytes(name));
      out.string(secretMask);
    } else if (member instanceof Uint8Array) writeBytesMember(out, name, member);
    else {
      out.raw(keyBytes(name));
      write(out, member, name, options, depth + 1);
    }
  }
}

/** Digits, and the text when the bytes are one. */
function writeBytesMember(out: JsonBytes, name: string, bytes: Uint8Array): void {
  out.raw(keyBytes(`${name}_hex`));
  out.byte(0x22);
  out.hex(bytes, 0, bytes.length);
  out.byte(0x22);
  out.byte(0x2c);
  out.raw(keyBytes(`${name}_text`));
  if (isUtf8(bytes)) out.utf8(bytes);
  else out.ascii('null');
}

const snakeNames = new Map<string, string>();

/** The name of a member as the protocol writes it: `logView` is `log_view`. */
export function snakeName(key: string): string {
  let name = snakeNames.get(key);
  if (name === undefined) {
    name = key.replace(upper, (letter) => `_${letter.toLowerCase()}`);
    if (snakeNames.size < 4096) snakeNames.set(key, name);
  }
  return name;
}
