import { InvariantError } from '../../base/index.js';
import { isWireError } from '../errors.js';
import type { Codec, Field, StructFieldShape } from './codec.js';
import type { Reader } from './reader.js';
import type { Writer } from './writer.js';

/** The fields of a struct, in wire order. */
export type StructShape = Readonly<Record<string, Field<unknown>>>;

type FieldValue<F> = F extends Field<infer T> ? T : never;

/** The fields, or what lists them: most programs use few of the structures they load. */
export type ShapeSource<S extends StructShape> = S | (() => S);

/** The value of a struct; padding and constants, which say nothing, are left out. */
export type StructValue<S extends ShapeSource<StructShape>> = ValueOf<
  S extends () => infer Listed ? Listed : S
>;
type ValueOf<S> = {
  readonly [K in keyof S as [FieldValue<S[K]>] extends [undefined] ? never : K]: FieldValue<S[K]>;
};

export interface StructCodec<S extends StructShape> extends Codec<StructValue<S>> {
  readonly fields: S;
}

/** A struct whose fields all have a fixed size. */
export interface FixedStructCodec<S extends StructShape> extends StructCodec<S> {
  readonly size: number;
  /** Position of each field from the start of the struct, bytes. */
  readonly offsetOf: { readonly [K in keyof S]: number };
}

/** A sequence of named fields without padding. A function that lists them is called on first use. */
export function struct<const S extends StructShape>(
  type: string,
  shape: ShapeSource<S>,
): StructCodec<S>;
/** A sequence of fixed-size fields; that they add up to `size` is checked when it is first used. */
export function struct<const S extends StructShape>(
  type: string,
  shape: ShapeSource<S>,
  size: number,
): FixedStructCodec<S>;
export function struct<const S extends StructShape>(
  type: string,
  shape: ShapeSource<S>,
  size?: number,
): StructCodec<S> | FixedStructCodec<S> {
  return new Struct<S>(type, shape, size) as StructCodec<S>;
}

/**
 * Everything is worked out when first used: most programs use few of the structures they load. A class, as
 * the getters of an object literal are functions of their own in each.
 */
class Struct<S extends StructShape> {
  readonly type: string;
  readonly composite = true;
  readonly #source: ShapeSource<S>;
  readonly #size: number | undefined;
  #fields: S | undefined;
  #known: Structure | undefined;

  constructor(type: string, source: ShapeSource<S>, size: number | undefined) {
    this.type = type;
    this.#source = source;
    this.#size = size;
  }

  get fields(): S {
    this.#fields ??= typeof this.#source === 'function' ? this.#source() : this.#source;
    return this.#fields;
  }

  get size(): number | undefined {
    return this.#size ?? this.#structure().total;
  }

  get minSize(): number {
    return this.#size ?? this.#structure().min;
  }

  get shape(): Structure['shape'] {
    return this.#structure().shape;
  }

  get offsetOf(): Layout['offsets'] {
    return this.#structure().offsets;
  }

  read(reader: Reader): StructValue<S> {
    const read = compileRead<S>(this.shape.fields);
    this.read = read;
    return read(reader);
  }

  write(writer: Writer, value: StructValue<S>): void {
    const write = compileWrite<S>(this.shape.fields);
    this.write = write;
    write(writer, value);
  }

  #structure(): Structure {
    this.#known ??= structureOf(this.type, this.fields, this.#size);
    return this.#known;
  }
}

interface Structure extends Layout {
  readonly shape: { readonly kind: 'struct'; readonly fields: readonly StructFieldShape[] };
}

function structureOf(type: string, shape: StructShape, size: number | undefined): Structure {
  const fields = Object.entries(shape).map(([name, { codec, doc }]) => ({ name, codec, doc }));
  const sizes = layout(fields);
  if (size !== undefined && sizes.total !== size) {
    throw new InvariantError(`${type} has ${sizes.total ?? 'variable'} bytes, not ${size}`);
  }
  return { ...sizes, shape: { kind: 'struct', fields } };
}

interface Layout {
  readonly total: number | undefined;
  readonly min: number;
  readonly offsets: Readonly<Record<string, number>>;
}

function layout(fields: readonly StructFieldShape[]): Layout {
  const offsets: [string, number][] = [];
  let total: number | undefined = 0;
  let min = 0;
  for (const { name, codec } of fields) {
    if (total !== undefined) offsets.push([name, total]);
    total = total === undefined || codec.size === undefined ? undefined : total + codec.size;
    min += codec.minSize;
  }
  // Not key by key: an object that grows beyond a dozen keys becomes a table that is slow to read.
  return { total, min, offsets: Object.fromEntries(offsets) };
}

/** Keys that an object takes one after the other and stays fast. */
const fewKeys = 12;

/** Flattened once here, so that reading a struct creates nothing but its value. */
function compileRead<S extends StructShape>(
  fields: readonly StructFieldShape[],
): (reader: Reader) => StructValue<S> {
  const names = fields.map((each) => each.name);
  const codecs = fields.map((each) => each.codec);
  const kept = fields.map((each) => each.codec.omitted !== true);
  // Key by key is the fastest way there is, as long as the keys are few: beyond that an object becomes
  // a table that is slow to read, and a copy of one that has all keys is better.
  const template =
    names.length > fewKeys
      ? Object.fromEntries(names.filter((_, i) => kept[i]).map((n) => [n, undefined]))
      : undefined;
  const readTraced = (reader: Reader): Record<string, unknown> => {
    const value: Record<string, unknown> = {};
    for (const { name, codec, doc } of fields) {
      const part = reader.field(name, codec, doc);
      if (codec.omitted !== true) value[name] = part;
    }
    return value;
  };
  const readFast = (reader: Reader): Record<string, unknown> => {
    const value: Record<string, unknown> = template === undefined ? {} : { ...template };
    let i = 0;
    try {
      for (; i < codecs.length; i++) {
        const part = codecs[i]?.read(reader);
        if (kept[i]) value[names[i] ?? ''] = part;
      }
    } catch (error) {
      throw isWireError(error) ? error.within(names[i] ?? '') : error;
    }
    return value;
  };
  return (reader) =>
    (reader.trace === undefined ? readFast(reader) : readTraced(reader)) as StructValue<S>;
}

function compileWrite<S extends StructShape>(
  fields: readonly StructFieldShape[],
): (writer: Writer, value: StructValue<S>) => void {
  return (writer, value) => {
    const parts: Readonly<Record<string, unknown>> = value;
    let current = '';
    try {
      for (const { name, codec } of fields) {
        current = name;
        codec.write(writer, parts[name]);
      }
    } catch (error) {
      throw isWireError(error) ? error.within(current) : error;
    }
  };
}
