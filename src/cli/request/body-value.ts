import { fromHex } from '../../base/index.js';
import type { Codec, CodecShape } from '../../wire/index.js';
import { usageError } from '../cli-error.js';

/**
 * The value that a codec takes, from JSON or from text: numbers as text or as they are, bytes in
 * hexadecimal, names of an enum's values.
 *
 * @throws CliError E_USAGE that names the place
 */
export function bodyValue(codec: Codec<unknown>, value: unknown, path: string): unknown {
  const { shape } = codec;
  switch (shape.kind) {
    case 'number':
    case 'float':
      return numberOf(value, path);
    case 'bigint':
      return bigintOf(value, path);
    case 'bool':
      return value === true || value === 'true' || value === 1 || value === '1';
    case 'bytes':
    case 'blob':
    case 'rest':
      return bytesOf(value, path);
    case 'enum':
      return enumOf(shape, value, path);
    case 'struct':
      return structOf(shape, value, path);
    case 'array':
    case 'repeat':
    case 'restOf':
      return listOf(shape.item, value, path);
    case 'optional':
    case 'prefixed':
    case 'constrained':
    case 'secret':
      return bodyValue(shape.inner, value, path);
    case 'mapped':
      return codec.type === 'Identifier' ? identifierOf(value) : value;
    case 'constant':
    case 'reserved':
    case 'text':
    case 'optionalText':
    case 'union':
    case 'unit':
    case 'custom':
      return value;
  }
}

function structOf(shape: CodecShape & { kind: 'struct' }, value: unknown, path: string) {
  const given = recordOf(value, path);
  const known = new Set(shape.fields.map(({ name }) => name));
  for (const key of Object.keys(given)) {
    if (!known.has(key)) {
      throw usageError(`${place(path, key)}: no such field; there are ${[...known].join(', ')}`);
    }
  }
  const result: Record<string, unknown> = {};
  for (const { name, codec } of shape.fields) {
    const found = given[name];
    if (found === undefined && codec.omitted === true) continue;
    result[name] =
      found === undefined
        ? emptyOf(codec, place(path, name))
        : bodyValue(codec, found, place(path, name));
  }
  return result;
}

/** What stands for a field that was left out; only fields that may be empty have such a value. */
function emptyOf(codec: Codec<unknown>, path: string): unknown {
  switch (codec.shape.kind) {
    case 'array':
    case 'restOf':
      return [];
    case 'rest':
    case 'blob':
      return new Uint8Array();
    case 'bool':
      return false;
    case 'optional':
    case 'optionalText':
      return null;
    case 'secret':
    case 'prefixed':
    case 'constrained':
      return emptyOf(codec.shape.inner, path);
    case 'mapped':
      if (codec.type === 'Options') return [];
      throw usageError(`${path} is missing`);
    default:
      throw usageError(`${path} is missing`);
  }
}

function listOf(item: Codec<unknown>, value: unknown, path: string): readonly unknown[] {
  const items: unknown = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(items)) throw usageError(`${path}: a list is expected`);
  return items.map((each: unknown, at) => bodyValue(item, each, `${path}[${at}]`));
}

function recordOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw usageError(`${path || 'the body'}: an object is expected`);
}

function identifierOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.startsWith('name:')) return value.slice(5);
  if (value.startsWith('id:')) return Number(value.slice(3));
  return /^\d+$/.test(value) && Number(value) <= 0xffff_ffff ? Number(value) : value;
}

function numberOf(value: unknown, path: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw usageError(`${path}: a number is expected`);
}

function bigintOf(value: unknown, path: string): bigint {
  try {
    if (typeof value === 'string' || typeof value === 'number') return BigInt(value);
  } catch {
    // Falls through to the error that names the place.
  }
  throw usageError(`${path}: a whole number is expected`);
}

function bytesOf(value: unknown, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value) : undefined;
  if (bytes === undefined) throw usageError(`${path}: bytes in hexadecimal are expected`);
  return bytes;
}

function enumOf(shape: CodecShape & { kind: 'enum' }, value: unknown, path: string): unknown {
  if (shape.as === 'name') return value;
  const named = shape.entries.find(([name]) => name === value);
  return named === undefined ? numberOf(value, path) : named[1];
}

function place(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
