/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The JSON form of a typed value: bigint becomes decimal text, bytes hexadecimal text, what is
 * undefined is left out.
 */
export function plainJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      return plainObject(value);
    default:
      return String(value);
  }
}

function plainObject(value: object): Json {
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Map) return plainJson(Object.fromEntries(value));
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, plainJson(each)]));
}

/** True for a list; unlike `Array.isArray` it keeps the type of the elements. */
export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
