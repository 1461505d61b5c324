import { getU16, getU32, getU64, getU128, once } from '../../base/index.js';
import { type Codec, frameSpecs } from '../../wire/index.js';
import type { FrameView } from '../explain/frame-view.js';
import { snake } from '../explain/vsr.js';

/** What a name in a filter stands for: a number, a text, or a number that also has a name. */
export type FilterValue =
  | bigint
  | string
  | { readonly code: bigint; readonly name: string }
  | undefined;

type Getter = (view: FrameView) => FilterValue;

const named = (value: { code: number; name: string } | undefined): FilterValue =>
  value === undefined ? undefined : { code: BigInt(value.code), name: value.name };

const general: Readonly<Record<string, Getter>> = {
  index: (view) => BigInt(view.index),
  offset: (view) => BigInt(view.offset),
  length: (view) => BigInt(view.length),
  size: (view) => BigInt(view.length),
  framing: (view) => view.family,
  direction: (view) => view.direction,
  flow: (view) => view.source.flow,
  file: (view) => view.source.file,
  command: (view) => named(view.command),
  operation: (view) => named(view.operation),
  request_command: (view) => named(view.operation?.command),
  plane: (view) => view.operation?.plane,
  reason: (view) => named(view.reason),
  // A reply without a status field set has status 0, not none.
  status: (view) => named(view.status) ?? (view.command.name === 'Reply' ? 0n : undefined),
  malformed: (view) => (view.problems.length > 0 ? 1n : 0n),
  warnings: (view) => BigInt(view.warnings.length),
  latency_us: (view) => big(view.pair?.latencyMicros),
  time_us: (view) => big(view.timeMicros),
};

function big(value: number | undefined): FilterValue {
  return value === undefined ? undefined : BigInt(value);
}

interface Place {
  readonly offset: number;
  readonly size: number;
}

const places = new WeakMap<Codec<unknown>, ReadonlyMap<string, Place>>();

/** Names that occur in any header, for telling a typing error from a field another frame has. */
const headerNames = once<ReadonlySet<string>>(
  () =>
    new Set(
      ['namespace', 'request_id', 'code'].concat(
        Object.values(frameSpecs).flatMap(({ codec }) => [...placesOf(codec).keys()]),
      ),
    ),
);

function placesOf(codec: Codec<unknown>): ReadonlyMap<string, Place> {
  let found = places.get(codec);
  if (found === undefined) {
    const map = new Map<string, Place>();
    let offset = 0;
    const fields = codec.shape.kind === 'struct' ? codec.shape.fields : [];
    for (const field of fields) {
      const size = field.codec.size ?? 0;
      if (field.codec.shape.kind !== 'reserved') map.set(snake(field.name), { offset, size });
      offset += size;
    }
    found = map;
    places.set(codec, found);
  }
  return found;
}

/** A function that reads `name` from a frame, or undefined when nothing has that name. */
export function fieldGetter(name: string): Getter | undefined {
  const known = general[name];
  if (known !== undefined) return known;
  if (name.startsWith('body.')) {
    const path = name
      .slice('body.'.length)
      .split(/[.[\]]+/)
      .filter((part) => part !== '');
    return (view) => member(view.body.value, path);
  }
  const bare = name.startsWith('header.') ? name.slice('header.'.length) : name;
  return headerNames().has(bare) ? (view) => headerValue(view, bare) : undefined;
}

/** Names for a message about one that is not known. */
export function knownNames(): readonly string[] {
  return [...Object.keys(general), ...headerNames()];
}

function headerValue(view: FrameView, name: string): FilterValue {
  const place = placesOf(view.header.codec).get(name);
  if (place === undefined) return undefined;
  const { bytes } = view;
  switch (place.size) {
    case 1:
      return BigInt(bytes[place.offset] ?? 0);
    case 2:
      return BigInt(getU16(bytes, place.offset));
    case 4:
      return BigInt(getU32(bytes, place.offset));
    case 8:
      return getU64(bytes, place.offset);
    default:
      return place.size === 16 ? getU128(bytes, place.offset) : undefined;
  }
}

function member(value: unknown, path: readonly string[]): FilterValue {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof current === 'bigint' || typeof current === 'string') return current;
  if (typeof current === 'boolean') return current ? 1n : 0n;
  return typeof current === 'number' && Number.isInteger(current) ? BigInt(current) : undefined;
}
