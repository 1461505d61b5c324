import { invalid, isWireError } from '../../errors.js';
import {
  type Codec,
  type Reader,
  type StructShape,
  type StructValue,
  struct,
} from '../../schema/index.js';
import { type Forms, forms, readLength, writeLength } from './head.js';

const nil = 0xc0;

/** `nil` for `null`, else the value. */
export function packedOption<T>(inner: Codec<T>): Codec<T | null> {
  const nothing: Codec<null> = {
    type: 'nil',
    size: 1,
    minSize: 1,
    composite: false,
    shape: { kind: 'custom', note: 'nil' },
    read(reader) {
      reader.take(1);
      return null;
    },
    write: (writer) => writer.u8(nil),
    display: () => 'none',
  };
  return {
    type: `${inner.type}?`,
    size: undefined,
    minSize: 1,
    composite: inner.composite,
    shape: { kind: 'optional', inner },
    read(reader) {
      if (reader.remaining === 0 || reader.bytes[reader.offset] !== nil) return inner.read(reader);
      return inner.composite ? reader.field('none', nothing, '') : nothing.read(reader);
    },
    write(writer, value) {
      if (value === null) writer.u8(nil);
      else inner.write(writer, value);
    },
  };
}

/** An array with one place for each field, in order. */
export function packedTuple<const S extends StructShape>(
  type: string,
  shape: S,
): Codec<StructValue<S>> {
  const length = Object.keys(shape).length;
  const inner = struct(type, shape);
  return {
    type,
    composite: true,
    shape: inner.shape,
    size: undefined,
    minSize: 1 + inner.minSize,
    read(reader) {
      expectLength(reader, length, type);
      return inner.read(reader);
    },
    write(writer, value) {
      writeLength(writer, forms.array, length);
      inner.write(writer, value);
    },
  };
}

/** An array of any number of items. */
export function packedArray<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    type: `${item.type}[]`,
    size: undefined,
    minSize: 1,
    composite: true,
    shape: { kind: 'array', item, max: 0xffff_ffff },
    read(reader) {
      const length = head(reader, forms.array);
      const items: T[] = [];
      for (let i = 0; i < length; i++) items.push(reader.field(`[${i}]`, item, ''));
      return items;
    },
    write(writer, items) {
      writeLength(writer, forms.array, items.length);
      writeItems(items, (each) => item.write(writer, each));
    },
  };
}

/**
 * A map as a list of entries, in the order of the file. `entry` writes key and value, one after
 * the other.
 */
export function packedMap<T>(entry: Codec<T>): Codec<readonly T[]> {
  return {
    type: `map<${entry.type}>`,
    size: undefined,
    minSize: 1,
    composite: true,
    shape: { kind: 'array', item: entry, max: 0xffff_ffff },
    read(reader) {
      const length = head(reader, forms.map);
      const entries: T[] = [];
      for (let i = 0; i < length; i++) entries.push(reader.field(`[${i}]`, entry, ''));
      return entries;
    },
    write(writer, entries) {
      writeLength(writer, forms.map, entries.length);
      writeItems(entries, (each) => entry.write(writer, each));
    },
  };
}

/** Reads the length of an array or map as a part of its own, so that a trace shows it. */
export function head(reader: Reader, form: Forms): number {
  return reader.field('length', lengthCodec(form), '');
}

/** Reads the length of an array that must have `wanted` places. */
function expectLength(reader: Reader, wanted: number, type: string): void {
  const length = head(reader, forms.array);
  if (length !== wanted) throw invalid(`${type} has ${wanted} elements, found ${length}`);
}

function lengthCodec(form: Forms): Codec<number> {
  return {
    type: form.name,
    size: undefined,
    minSize: 1,
    composite: false,
    shape: { kind: 'number', min: 0, max: 0xffff_ffff },
    read: (reader) => readLength(reader, form),
    write: (writer, value) => writeLength(writer, form, value),
  };
}

function writeItems<T>(items: readonly T[], write: (item: T) => void): void {
  let index = 0;
  try {
    for (const each of items) {
      write(each);
      index += 1;
    }
  } catch (error) {
    throw isWireError(error) ? error.within(`[${index}]`) : error;
  }
}
