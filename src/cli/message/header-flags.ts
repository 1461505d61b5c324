import {
  fromTypedValue,
  isWireError,
  type TypedValue,
  type UserHeader,
  valueKinds,
} from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';

const kinds: Readonly<Record<string, number>> = valueKinds;

/**
 * Headers written `key=value`, `key:kind=value`, or `key:kind:value` as in the official command line;
 * there several are joined by commas.
 *
 * @throws CliError E_USAGE that names the nearest kind
 */
export function headersOf(texts: readonly string[]): readonly UserHeader[] {
  return texts.flatMap((text) => splitOfficial(text).map(headerOf));
}

/** `a:string:x,b:uint8:1` is two headers; a comma in a `key=value` belongs to the value. */
function splitOfficial(text: string): readonly string[] {
  const official = /^[^=:]+:[a-z0-9]+:/;
  if (!official.test(text)) return [text];
  const parts = text.split(',');
  return parts.every((part) => official.test(part)) ? parts : [text];
}

function headerOf(text: string): UserHeader {
  const match =
    /^(?<key>[^=:]+):(?<kind>[a-z0-9]+)[=:](?<value>.*)$/s.exec(text) ??
    /^(?<key>[^=]+)=(?<value>.*)$/s.exec(text);
  const { key, kind = 'string', value } = match?.groups ?? {};
  if (key === undefined || value === undefined || value === '') {
    throw usageError(`--header: "${text}" is not key=value, key:kind=value or key:kind:value`);
  }
  const code = kinds[kind];
  if (code === undefined) {
    const names = Object.keys(kinds);
    const near = nearest(kind, names);
    const help = near === undefined ? `known: ${names.join(', ')}` : `did you mean ${near}?`;
    throw usageError(`--header: there is no kind ${kind}; ${help}`);
  }
  const field = { kind: code, value: typed(kind, value) };
  try {
    if (fromTypedValue(field.kind, field.value).length > 255) {
      throw usageError(`--header: the value of ${key} has more than 255 bytes`);
    }
  } catch (error) {
    if (!isWireError(error)) throw error;
    throw usageError(`--header: "${value}" is not a value of kind ${kind}`);
  }
  return { key: { kind: valueKinds.string, value: key }, value: field };
}

function typed(kind: string, text: string): TypedValue {
  if (kind === 'string') return text;
  if (kind === 'bool') return text === 'true' ? true : text === 'false' ? false : text;
  if (kind === 'raw') {
    return /^0x([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text);
  }
  if (/64$|128$/.test(kind) && !kind.startsWith('float')) {
    return /^-?\d+$/.test(text) ? BigInt(text) : text;
  }
  return text.trim() === '' || !Number.isFinite(Number(text)) ? text : Number(text);
}
