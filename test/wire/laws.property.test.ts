// The laws that hold for every described structure. Values come from the descriptions themselves,
// so a structure that is registered is also tested.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/base/index.js';
import { annotate, decode, encode, leafSpans, WireError } from '../../src/wire/index.js';
import { wireRegistry } from '../../src/wire/registry.js';
import { entryValues, hasSeveralForms, mayEndEarly } from './helpers/entry-values.js';

const numRuns = 40;

/** The value, or the error, which must be a WireError. */
function attempt<T>(run: () => T): T | WireError {
  try {
    return run();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}

describe.each(wireRegistry.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  const { codec } = entry;
  const encodings = entryValues(entry).map((value) => encode(codec, value));

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(entryValues(entry), (value) => {
        expect(decode(codec, encode(codec, value))).toEqual(value);
      }),
      { numRuns },
    );
  });

  it('has the size it declares, and none below its least', () => {
    fc.assert(
      fc.property(encodings, (bytes) => {
        if (codec.size !== undefined) expect(bytes.length).toBe(codec.size);
        expect(bytes.length).toBeGreaterThanOrEqual(codec.minSize);
      }),
      { numRuns },
    );
  });

  it('explains every byte exactly once, in order', () => {
    fc.assert(
      fc.property(encodings, (bytes) => {
        const result = annotate(codec, bytes);
        expect(result.ok).toBe(true);
        let end = 0;
        for (const span of leafSpans(result.spans)) {
          expect(span.offset, span.path).toBe(end);
          expect(span.complete).toBe(true);
          end += span.size;
        }
        expect(end).toBe(bytes.length);
      }),
      { numRuns },
    );
  });

  it('notices every truncation', () => {
    const open = mayEndEarly(codec);
    fc.assert(
      fc.property(
        encodings,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (bytes, part) => {
          if (bytes.length === 0) return;
          const cut = bytes.subarray(0, Math.floor(bytes.length * part));
          const result = attempt(() => decode(codec, cut));
          if (result instanceof WireError) {
            if (!open) expect(result.code).toBe('WIRE_TRUNCATED');
          } else {
            expect(open).toBe(true);
          }
        },
      ),
      { numRuns },
    );
  });

  it('re-encodes what it accepts, byte for byte unless there are several forms', () => {
    const several = hasSeveralForms(codec);
    const damaged = fc.tuple(encodings, fc.nat(), fc.nat(255)).map(([bytes, at, value]) => {
      const copy = bytes.slice();
      if (copy.length > 0) copy[at % copy.length] = value;
      return copy;
    });
    fc.assert(
      fc.property(damaged, (bytes) => {
        const value = attempt(() => decode(codec, bytes));
        if (value instanceof WireError) return;
        const again = encode(codec, value);
        if (several) expect(decode(codec, again)).toEqual(value);
        else expect(toHex(again)).toBe(toHex(bytes));
      }),
      { numRuns },
    );
  });

  it('gives a value or a WireError for any bytes, and the same either way of reading', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const value = attempt(() => decode(codec, bytes));
        const annotated = annotate(codec, bytes);
        expect(annotated.ok).toBe(!(value instanceof WireError));
        if (!annotated.ok && value instanceof WireError) {
          expect(annotated.error.code).toBe(value.code);
        }
      }),
      { numRuns },
    );
  });
});
