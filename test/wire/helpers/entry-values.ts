import fc from 'fast-check';
import { createPrng } from '../../../src/base/index.js';
import type { Codec } from '../../../src/wire/index.js';
import type { WireEntry } from '../../../src/wire/registry.js';
import { valuesOf } from './codec-values.js';

/** Legal values of a registered structure. */
export function entryValues({ codec, sample }: WireEntry): fc.Arbitrary<unknown> {
  if (sample === undefined) return valuesOf(codec);
  return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((seed) => sample(createPrng(seed)));
}

/** True when a value can end before all of its bytes are there, so truncation may go unseen. */
export function mayEndEarly({ shape, minSize }: Codec<unknown>): boolean {
  switch (shape.kind) {
    case 'rest':
    case 'restOf':
    case 'custom':
      return true;
    case 'struct':
      return shape.fields.some((each) => mayEndEarly(each.codec));
    case 'union':
      return shape.variants.some((each) => mayEndEarly(each.codec));
    case 'optional':
      return minSize === 0 || mayEndEarly(shape.inner);
    case 'array':
      // Without a count of its own a list may be absent as a whole.
      return minSize === 0 || mayEndEarly(shape.item);
    case 'repeat':
      return mayEndEarly(shape.item);
    case 'mapped':
    case 'constrained':
    case 'secret':
      return mayEndEarly(shape.inner);
    default:
      return false;
  }
}

/** True when the protocol accepts several encodings of the same value, such as any nonzero flag. */
export function hasSeveralForms({ shape, type }: Codec<unknown>): boolean {
  switch (shape.kind) {
    case 'bool':
      return type !== 'bool';
    case 'float':
      // The bits of a NaN are not a number's to keep: reading may quiet a signalling one.
      return true;
    case 'struct':
      return shape.fields.some((each) => hasSeveralForms(each.codec));
    case 'union':
      return shape.variants.some((each) => hasSeveralForms(each.codec));
    case 'array':
      return type.includes('[chained]') || hasSeveralForms(shape.item);
    case 'repeat':
    case 'restOf':
      return hasSeveralForms(shape.item);
    case 'optional':
      // Its flag may be one that takes any byte but 1 as absent.
      return true;
    case 'prefixed':
    case 'mapped':
    case 'constrained':
    case 'secret':
      return hasSeveralForms(shape.inner);
    default:
      return false;
  }
}
