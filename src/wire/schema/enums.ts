import { once } from '../../base/index.js';
import { invalid, WireError, type WireErrorCode } from '../errors.js';
import type { Codec } from './codec.js';
import { type UintCodec, u8, u32 } from './numbers.js';

/** Names and values of an enum, such as `{ Request: 5, Reply: 8 }`. */
export type EnumTable = Readonly<Record<string, number>>;

/** The values of an enum table. */
export type EnumValue<E extends EnumTable> = E[keyof E];

/** A codec of an enum; keeps its table for look-ups. */
export interface EnumCodec<T, E extends EnumTable> extends Codec<T> {
  readonly table: E;
  readonly size: number;
  /** The name of a value, also of an undefined one: `unknown(37)`. */
  nameOf(value: number): string;
  has(value: number): value is EnumValue<E>;
}

interface Lookup {
  byValue(): ReadonlyMap<number, string>;
  nameOf(value: number): string;
}

function lookup(table: EnumTable): Lookup {
  const byValue = once(
    () => new Map(Object.entries(table).map(([name, value]) => [value, name] as const)),
  );
  return { byValue, nameOf: (value) => byValue().get(value) ?? `unknown(${value})` };
}

function enumOf<const E extends EnumTable>(
  type: string,
  raw: UintCodec,
  table: E,
  code: WireErrorCode,
): EnumCodec<EnumValue<E>, E> {
  const { byValue, nameOf } = lookup(table);
  const has = (value: number): value is EnumValue<E> => byValue().has(value);
  return {
    type: `${type}:${raw.type}`,
    size: raw.size,
    minSize: raw.size,
    composite: false,
    shape: { kind: 'enum', entries: Object.entries(table), as: 'number' },
    table,
    nameOf,
    has,
    read(reader) {
      const offset = reader.offset;
      const value = raw.read(reader);
      if (!has(value)) reader.problem(unknownDiscriminant(type, value, offset, code));
      return value as EnumValue<E>;
    },
    write(writer, value) {
      if (!has(value)) throw invalid(`${type} has no value ${String(value)}`);
      raw.write(writer, value);
    },
    display: nameOf,
  };
}

const undefinedTag: WireErrorCode = 'WIRE_UNKNOWN_DISCRIMINANT';

/** An enum in one byte; values are the numbers of the table, any other is the error `code`. */
export function enumU8<const E extends EnumTable>(
  type: string,
  table: E,
  code: WireErrorCode = undefinedTag,
): EnumCodec<EnumValue<E>, E> {
  return enumOf(type, u8, table, code);
}

/** An enum in four bytes; values are the numbers of the table. */
export function enumU32<const E extends EnumTable>(
  type: string,
  table: E,
): EnumCodec<EnumValue<E>, E> {
  return enumOf(type, u32, table, undefinedTag);
}

/** An enum whose decoded values are the names of the table instead of its numbers. */
export function labels<const E extends EnumTable>(
  type: string,
  raw: UintCodec,
  table: E,
): Codec<keyof E & string> {
  const inner = enumOf(type, raw, table, undefinedTag);
  const isLabel = (name: string): name is keyof E & string => Object.hasOwn(table, name);
  return {
    type: inner.type,
    size: raw.size,
    minSize: raw.size,
    composite: false,
    shape: { kind: 'enum', entries: Object.entries(table), as: 'name' },
    read: (reader) => inner.nameOf(inner.read(reader)) as keyof E & string,
    write(writer, value) {
      if (!isLabel(value)) throw invalid(`${type} has no value named ${String(value)}`);
      raw.write(writer, table[value] ?? 0);
    },
  };
}

export function unknownDiscriminant(
  type: string,
  value: number,
  offset: number,
  code: WireErrorCode = undefinedTag,
): WireError {
  return new WireError(code, `${type} has no value ${value}`, { type, value, offset });
}
