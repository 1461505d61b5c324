import { InvariantError } from '../../base/index.js';
import { invalid, isWireError, WireError } from '../errors.js';
import type { Codec } from './codec.js';
import type { UintCodec } from './numbers.js';
import type { Reader } from './reader.js';
import type { Writer } from './writer.js';

/** Bounds of a list, in items. */
export interface ArrayLimits {
  readonly max?: number;
}

/**
 * A count, then that many items. The count never drives an allocation: the list grows as items
 * are really read, and every item takes at least one byte.
 */
export function array<T>(
  count: UintCodec,
  item: Codec<T>,
  limits: ArrayLimits = {},
): Codec<readonly T[]> {
  const { max = count.max } = limits;
  return {
    type: `${item.type}[${count.type}]`,
    size: undefined,
    minSize: count.size,
    composite: true,
    shape: { kind: 'array', item, max },
    read(reader) {
      if (item.minSize === 0) throw endless(item);
      const times = reader.field('count', count, 'Number of items.');
      if (times > max) throw tooMany(times, max);
      return readItems(reader, item, times);
    },
    write(writer, items) {
      if (items.length > max || items.length > count.max) {
        throw tooMany(items.length, Math.min(max, count.max));
      }
      count.write(writer, items.length);
      writeItems(writer, item, items);
    },
    display: showCount,
  };
}

/** Exactly `times` items. */
export function repeat<T>(item: Codec<T>, times: number): Codec<readonly T[]> {
  return {
    type: `${item.type}[${times}]`,
    size: item.size === undefined ? undefined : item.size * times,
    minSize: item.minSize * times,
    composite: true,
    shape: { kind: 'repeat', item, times },
    read: (reader) => readItems(reader, item, times),
    write(writer, items) {
      if (items.length !== times) throw invalid(`needs ${times} items, got ${items.length}`);
      writeItems(writer, item, items);
    },
    display: showCount,
  };
}

/** Items up to the end of the enclosing part. */
export function restOf<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    type: `${item.type}[]`,
    size: undefined,
    minSize: 0,
    composite: true,
    shape: { kind: 'restOf', item },
    read(reader) {
      if (item.minSize === 0) throw endless(item);
      const items: T[] = [];
      if (reader.trace !== undefined) {
        while (reader.remaining > 0) items.push(reader.field(`[${items.length}]`, item, ''));
        return items;
      }
      try {
        while (reader.remaining > 0) items.push(item.read(reader));
      } catch (error) {
        throw isWireError(error) ? error.within(`[${items.length}]`) : error;
      }
      return items;
    },
    write: (writer, items) => writeItems(writer, item, items),
    display: showCount,
  };
}

function readItems<T>(reader: Reader, item: Codec<T>, times: number): readonly T[] {
  const items: T[] = [];
  if (reader.trace !== undefined) {
    for (let i = 0; i < times; i++) items.push(reader.field(`[${i}]`, item, ''));
    return items;
  }
  try {
    for (let i = 0; i < times; i++) items.push(item.read(reader));
  } catch (error) {
    throw isWireError(error) ? error.within(`[${items.length}]`) : error;
  }
  return items;
}

function writeItems<T>(writer: Writer, item: Codec<T>, items: readonly T[]): void {
  let index = 0;
  try {
    for (const each of items) {
      item.write(writer, each);
      index += 1;
    }
  } catch (error) {
    throw isWireError(error) ? error.within(`[${index}]`) : error;
  }
}

function endless({ type }: Codec<unknown>): InvariantError {
  return new InvariantError(`items of a list must take bytes: ${type}`);
}

function tooMany(count: number, max: number): WireError {
  return new WireError('WIRE_TOO_LARGE', `${count} items, at most ${max} are allowed`, {
    size: count,
    max,
  });
}

function showCount(items: readonly unknown[]): string {
  return items.length === 1 ? '1 item' : `${items.length} items`;
}
