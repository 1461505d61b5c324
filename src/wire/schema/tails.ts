import { InvariantError } from '../../base/index.js';
import { invalid, isWireError } from '../errors.js';
import type { Codec } from './codec.js';
import { field } from './codec.js';
import { bool8 } from './flags.js';
import { u8 } from './numbers.js';
import { array, repeat } from './sequence.js';
import { type ShapeSource, type StructShape, type StructValue, struct } from './struct.js';

/** `null` when the enclosing part has no bytes left, else the value. */
export function orNothing<T>(inner: Codec<T>): Codec<T | null> {
  return {
    type: `${inner.type}?`,
    size: undefined,
    minSize: 0,
    composite: inner.composite,
    shape: { kind: 'optional', inner },
    read(reader) {
      if (inner.minSize === 0) throw ambiguous(inner);
      return reader.remaining === 0 ? null : inner.read(reader);
    },
    write(writer, value) {
      if (value !== null) inner.write(writer, value);
    },
  };
}

function ambiguous({ type }: Codec<unknown>): InvariantError {
  return new InvariantError(`${type} can be empty, so absence would be ambiguous`);
}

/** Items that each follow a nonzero byte; a zero byte ends the list. */
export function chained<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    type: `${item.type}[chained]`,
    size: undefined,
    minSize: 1,
    composite: true,
    shape: { kind: 'array', item, max: 0xffff_ffff },
    read(reader) {
      const items: T[] = [];
      while (reader.field('follows', bool8, 'Whether an entry follows.')) {
        items.push(reader.field(`[${items.length}]`, item, ''));
      }
      return items;
    },
    write(writer, items) {
      for (const [index, each] of items.entries()) {
        writer.u8(1);
        try {
          item.write(writer, each);
        } catch (error) {
          throw isWireError(error) ? error.within(`[${index}]`) : error;
        }
      }
      writer.u8(0);
    },
  };
}

/** Says which list follows a struct, and which field of the struct counts its items. */
export interface CountedTail<S extends StructShape, N extends string, T> {
  readonly count: keyof S & string;
  readonly name: N;
  readonly item: Codec<T>;
  readonly doc: string;
}

/** A struct together with the list that its count field announces. */
export type CountedValue<S extends StructShape, N extends string, T> = StructValue<S> & {
  readonly [K in N]: readonly T[];
};

/**
 * A struct, then a list whose length is one of the struct's own fields. Count and list must agree
 * when a value is encoded.
 */
export function counted<const S extends StructShape, const N extends string, T>(
  type: string,
  shape: ShapeSource<S>,
  tail: CountedTail<S, N, T>,
): Codec<CountedValue<S, N, T>> {
  const { count, name, item, doc } = tail;
  const head = struct(type, shape);
  // The same fields with a list that counts itself: what documentation and test values see.
  const flat = struct(type, () => ({ ...head.fields, [name]: field(array(u8, item), doc) }));
  const recount = (value: unknown): unknown => {
    const parts = value as Readonly<Record<string, unknown>>;
    const items = parts[name];
    return { ...parts, [count]: Array.isArray(items) ? items.length : 0 };
  };
  return {
    type,
    size: undefined,
    get minSize() {
      return head.minSize;
    },
    composite: true,
    shape: { kind: 'mapped', inner: flat, to: recount },
    read(reader) {
      const value = head.read(reader);
      const times = (value as Readonly<Record<string, unknown>>)[count];
      const items = reader.field(name, repeat(item, Number(times)), doc);
      return { ...value, [name]: items } as CountedValue<S, N, T>;
    },
    write(writer, value) {
      const parts: Readonly<Record<string, unknown>> = value;
      const items = value[name];
      if (parts[count] !== items.length) {
        throw invalid(`${count} says ${String(parts[count])}, ${name} has ${items.length} items`);
      }
      head.write(writer, value);
      repeat(item, items.length).write(writer, items);
    },
  };
}
