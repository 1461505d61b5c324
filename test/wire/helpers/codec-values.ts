import fc from 'fast-check';
import type { Codec } from '../../../src/wire/index.js';

/** Values for codecs that are written by hand, by codec. */
export type Overrides = ReadonlyMap<Codec<unknown>, fc.Arbitrary<unknown>>;

const listMax = 3;
const sizeMax = 20;

/** Made-up values of a codec, derived from its shape. */
export function valuesOf(
  codec: Codec<unknown>,
  overrides: Overrides = new Map(),
): fc.Arbitrary<unknown> {
  const override = overrides.get(codec);
  if (override !== undefined) return override;
  const of = (inner: Codec<unknown>) => valuesOf(inner, overrides);
  const { shape } = codec;
  switch (shape.kind) {
    case 'number':
      return fc.integer({ min: shape.min, max: shape.max });
    case 'bigint':
      return fc.bigInt(shape.min, shape.max);
    case 'float':
      return shape.bits === 32 ? fc.float({ noNaN: true }) : fc.double({ noNaN: true });
    case 'bool':
      return fc.boolean();
    case 'bytes':
      return fc.uint8Array({ minLength: shape.size, maxLength: shape.size });
    case 'reserved':
      return fc.constant(shape.lenient ? null : undefined);
    case 'constant':
    case 'unit':
      return fc.constant(undefined);
    case 'enum':
      return fc.constantFrom(...shape.entries.map((each) => each[shape.as === 'name' ? 0 : 1]));
    case 'text':
      return textOf(shape.min, shape.max);
    case 'optionalText':
      return fc.option(textOf(Math.max(1, shape.min), shape.max), { nil: null });
    case 'blob':
      return fc.uint8Array({
        minLength: shape.min,
        maxLength: Math.min(shape.max, shape.min + sizeMax),
      });
    case 'rest':
      return fc.uint8Array({ maxLength: sizeMax });
    case 'struct': {
      const kept = shape.fields.filter((field) => field.codec.omitted !== true);
      return fc.record(Object.fromEntries(kept.map(({ name, codec: part }) => [name, of(part)])));
    }
    case 'array':
      return fc.array(of(shape.item), { maxLength: Math.min(listMax, shape.max) });
    case 'repeat':
      return fc.array(of(shape.item), { minLength: shape.times, maxLength: shape.times });
    case 'restOf':
      return fc.array(of(shape.item), { maxLength: listMax });
    case 'union':
      return fc.oneof(
        ...shape.variants.map(({ name, codec: content }) =>
          content.omitted === true
            ? fc.constant({ kind: name })
            : of(content).map((value) => ({ kind: name, value })),
        ),
      );
    case 'optional':
      return fc.option(of(shape.inner), { nil: null });
    case 'mapped':
      return of(shape.inner).map(shape.to);
    case 'constrained':
      return of(shape.inner).filter((value) => shape.problem(value) === undefined);
    case 'prefixed':
    case 'secret':
      return of(shape.inner);
    case 'custom':
      throw new Error(`values of ${codec.type} must be given: ${shape.note}`);
  }
}

/** Text whose length in bytes is within the limits. */
function textOf(min: number, max: number): fc.Arbitrary<string> {
  const cap = Math.min(max, min + sizeMax);
  const size = (text: string): number => new TextEncoder().encode(text).length;
  // Padding instead of filtering: exact lengths are rare among random texts.
  return fc.string({ unit: 'grapheme', maxLength: cap }).map((text) => {
    let fitting = '';
    for (const unit of text) if (size(fitting + unit) <= cap) fitting += unit;
    return fitting.padEnd(fitting.length + Math.max(0, min - size(fitting)), 'x');
  });
}
