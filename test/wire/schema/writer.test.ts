import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withWriter } from '../../../src/wire/schema/writer.js';

describe('a writer that is used again', () => {
  it('begins empty and zeroed whatever was written before, also inside of another', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 6 }), (parts) => {
        const nested = (rest: readonly Uint8Array[]): void => {
          const [part, ...more] = rest;
          if (part === undefined) return;
          withWriter((writer) => {
            expect(writer.length).toBe(0);
            writer.append(part);
            nested(more);
            writer.zeros(5);
            expect([...writer.take()]).toEqual([...part, 0, 0, 0, 0, 0]);
          });
        };
        nested(parts);
      }),
      { numRuns: 50 },
    );
  });

  it('is free again after a failure', () => {
    const failing = () =>
      withWriter((writer) => {
        writer.u32(0xffff_ffff);
        throw new RangeError('no');
      });
    expect(failing).toThrow(RangeError);
    withWriter((writer) => {
      writer.zeros(4);
      expect([...writer.take()]).toEqual([0, 0, 0, 0]);
    });
  });
});
