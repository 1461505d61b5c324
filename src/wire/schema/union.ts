import { invalid } from '../errors.js';
import type { Codec, VariantShape } from './codec.js';
import { unknownDiscriminant } from './enums.js';
import type { UintCodec } from './numbers.js';

/** One alternative of a union. */
export interface Variant<T> {
  readonly tag: number;
  readonly codec: Codec<T>;
  readonly doc: string;
}

export type VariantTable = Readonly<Record<string, Variant<unknown>>>;

type VariantValue<V> = V extends Variant<infer T> ? T : never;

/** `{ kind, value }` for each variant; just `{ kind }` for one without content. */
export type UnionValue<V extends VariantTable> = {
  readonly [K in keyof V & string]: [VariantValue<V[K]>] extends [undefined]
    ? { readonly kind: K }
    : { readonly kind: K; readonly value: VariantValue<V[K]> };
}[keyof V & string];

/** Says that the tag `tag` is followed by `codec`. */
export function variant<T>(tag: number, codec: Codec<T>, doc = ''): Variant<T> {
  return { tag, codec, doc };
}

/** No bytes at all: the content of variants that are only a tag. */
export const unit: Codec<undefined> = {
  type: 'unit',
  size: 0,
  minSize: 0,
  composite: false,
  omitted: true,
  shape: { kind: 'unit' },
  read: () => undefined,
  write: () => undefined,
};

/** A tag, then what the tag says. */
export function union<const V extends VariantTable>(
  type: string,
  tag: UintCodec,
  variants: V,
): Codec<UnionValue<V>> {
  const entries = Object.entries(variants);
  const byTag = new Map(entries.map(([name, each]) => [each.tag, { name, ...each }] as const));
  const nameOf = (value: number): string => byTag.get(value)?.name ?? `unknown(${value})`;
  const tagCodec: UintCodec = { ...tag, type: `${type}:${tag.type}`, display: nameOf };
  const shapes: readonly VariantShape[] = entries.map(([name, each]) => ({ name, ...each }));
  const sizes = new Set(entries.map(([, each]) => each.codec.size));
  const [only] = sizes;
  return {
    type,
    size: sizes.size === 1 && only !== undefined ? tag.size + only : undefined,
    minSize: tag.size + Math.min(...entries.map(([, each]) => each.codec.minSize)),
    composite: true,
    shape: { kind: 'union', variants: shapes },
    read(reader) {
      const offset = reader.offset;
      const value = reader.field('kind', tagCodec, 'Says what follows.');
      const chosen = byTag.get(value);
      if (chosen === undefined) throw unknownDiscriminant(type, value, offset);
      const { name, codec, doc } = chosen;
      if (codec.omitted === true) {
        codec.read(reader);
        return { kind: name } as UnionValue<V>;
      }
      return { kind: name, value: reader.field('value', codec, doc) } as UnionValue<V>;
    },
    write(writer, union) {
      const chosen = variants[union.kind];
      if (chosen === undefined) throw invalid(`${type} has no variant ${String(union.kind)}`);
      tag.write(writer, chosen.tag);
      chosen.codec.write(writer, 'value' in union ? union.value : undefined);
    },
    display: (union) => union.kind,
  };
}
