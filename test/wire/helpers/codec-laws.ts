import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/base/index.js';
import {
  annotate,
  type Codec,
  decode,
  encode,
  isWireError,
  leafSpans,
} from '../../../src/wire/index.js';
import { type Overrides, valuesOf } from './codec-values.js';

const numRuns = 40;

/** A value, or the error that decoding gave; anything but a WireError is a failure. */
function attempt<T>(codec: Codec<T>, bytes: Uint8Array): { readonly value: T } | undefined {
  try {
    return { value: decode(codec, bytes) };
  } catch (error) {
    if (!isWireError(error)) throw error;
    return undefined;
  }
}

/** Accepted bytes mean a value that survives being written and read again. */
function expectStable<T>(codec: Codec<T>, bytes: Uint8Array): void {
  const accepted = attempt(codec, bytes);
  if (accepted === undefined) return;
  const again = encode(codec, accepted.value);
  expect(decode(codec, again)).toEqual(accepted.value);
}

/** What holds for every codec, as property tests. */
export function describeLaws(
  name: string,
  codec: Codec<unknown>,
  overrides: Overrides = new Map(),
): void {
  describe(`laws of ${name}`, () => {
    const values = valuesOf(codec, overrides);

    it('gives back what was encoded, from and as the same bytes', () => {
      fc.assert(
        fc.property(values, (value) => {
          const bytes = encode(codec, value);

          const decoded = decode(codec, bytes);
          expect(decoded).toEqual(value);
          expect(toHex(encode(codec, decoded))).toBe(toHex(bytes));
          expect(bytes.length).toBeGreaterThanOrEqual(codec.minSize);
          if (codec.size !== undefined) expect(bytes).toHaveLength(codec.size);
        }),
        { numRuns },
      );
    });

    it('says what every byte means', () => {
      fc.assert(
        fc.property(values, (value) => {
          const bytes = encode(codec, value);
          const annotated = annotate(codec, bytes);

          expect(annotated).toMatchObject({ ok: true });
          let at = 0;
          for (const span of leafSpans(annotated.spans)) {
            expect(span.offset, span.path).toBe(at);
            at += span.size;
          }
          expect(at).toBe(bytes.length);
        }),
        { numRuns },
      );
    });

    it('answers cut and damaged bytes with a value or a typed error', () => {
      fc.assert(
        fc.property(values, fc.nat(), fc.nat(255), (value, place, byte) => {
          const bytes = encode(codec, value);
          for (let size = 0; size < Math.min(bytes.length, 80); size++) {
            expectStable(codec, bytes.subarray(0, size));
          }
          if (bytes.length === 0) return;
          const damaged = bytes.slice();
          damaged[place % bytes.length] = byte;
          expectStable(codec, damaged);
          annotate(codec, damaged);
        }),
        { numRuns },
      );
    });

    it('answers arbitrary bytes with a value or a typed error', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
          expectStable(codec, bytes);
          annotate(codec, bytes);
        }),
        { numRuns: 2 * numRuns },
      );
    });
  });
}
