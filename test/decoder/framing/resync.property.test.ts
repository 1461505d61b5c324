// Damage never hides more than the frames it hits, and never does worse than that.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIggyctlError } from '../../../src/base/index.js';
import { decodeAll } from '../../helpers/decoded.js';
import * as frames from '../../helpers/sample-frames.js';

const good = Array.from({ length: 9 }, (_, at) => {
  const number = BigInt(at + 1);
  if (at % 3 === 0) return frames.createStream(`stream-${at}`, number);
  return at % 3 === 1 ? frames.commitFrame(number) : frames.prepareFrame(number, `p${at}`);
});
const starts = good.map((_, at) => frames.joined(good.slice(0, at)).length);
const whole = frames.joined(good);

/** Body and header of a frame as one text, to find it again. */
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function found(bytes: Uint8Array, pieces?: readonly number[]): Set<string> {
  const list = new Set<string>();
  decodeAll(bytes, {
    resync: true,
    ...(pieces === undefined ? {} : { pieces }),
    onFrame: (view) => list.add(hexOf(view.bytes)),
  });
  return list;
}

describe('with --resync', () => {
  it('good frames around garbage are printed', () => {
    const garbage = Buffer.alloc(100, 0x5a);
    const bytes = Buffer.concat([whole, garbage, whole]);
    const { frames: all, bad, counts } = decodeAll(bytes, { resync: true, pieces: [333] });
    expect(all.filter((each) => each.problems.length === 0)).toHaveLength(18);
    expect(counts.malformed).toBe(1);
    expect(bad.length + all.filter((each) => each.problems.length > 0).length).toBe(1);
  });

  it('every frame that was not touched is printed, whatever single byte is changed', () => {
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom(undefined, [1], [97], [256, 1]),
        (at, flip, pieces) => {
          const bytes = Uint8Array.from(whole);
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          const hit = starts.findLastIndex((start) => start <= at);
          const printed = found(bytes, pieces);
          const missing = good.filter((frame, i) => i !== hit && !printed.has(hexOf(frame)));
          expect(missing).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('without --resync', () => {
  it('frames before the damage are printed, and the rest is counted', () => {
    const bytes = Buffer.concat([whole, Buffer.alloc(300, 0xff), whole]);
    const { frames: all, warnings, counts } = decodeAll(bytes);
    expect(all.filter((each) => each.problems.length === 0)).toHaveLength(9);
    expect(counts.malformed).toBeGreaterThan(0);
    expect(warnings.join()).toContain('--resync');
  });
});

describe('malformed bytes', () => {
  const settings = fc.record({
    resync: fc.boolean(),
    framing: fc.constantFrom(
      'auto' as const,
      'vsr' as const,
      'request' as const,
      'response' as const,
    ),
    layout: fc.constantFrom('current' as const, 'origin' as const),
    form: fc.constantFrom(
      ...(['auto', 'binary', 'pcap', 'pcapng', 'hex', 'xxd', 'hexdump', 'od'] as const),
      ...(['tcpdump', 'wireshark', 'c', 'json', 'base64'] as const),
    ),
  });

  function survives(bytes: Uint8Array, options: Parameters<typeof decodeAll>[1]): void {
    try {
      decodeAll(bytes, options);
    } catch (error) {
      expect(isIggyctlError(error), String(error)).toBe(true);
    }
  }

  it('give frames, reports or a typed error, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 900 }), settings, (bytes, options) => {
        survives(bytes, options);
      }),
      { numRuns: 1500 },
    );
  });

  it('survive changes and cuts of good input', () => {
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 8 }),
        fc.nat(whole.length),
        settings,
        (changes, end, options) => {
          const bytes = Uint8Array.from(whole.subarray(0, end));
          for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
          survives(bytes, { ...options, form: 'binary' });
          survives(Buffer.from(Buffer.from(bytes).toString('hex')), { ...options, form: 'auto' });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('that are one false header after the other take time in proportion', () => {
    const frame = Uint8Array.from(frames.getStream(1)).subarray(0, 256);
    const claim = Uint8Array.from(frame);
    new DataView(claim.buffer).setUint32(48, 2_000_000, true);
    const bytes = Buffer.concat(Array.from({ length: 10_000 }, () => claim));
    const started = performance.now();
    decodeAll(bytes, { resync: true, pieces: [65_536], onFrame: () => undefined });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('of a claimed length allocate nothing', () => {
    const frame = Uint8Array.from(frames.commitFrame(1n));
    new DataView(frame.buffer).setUint32(48, 67_108_864, true);
    const before = process.memoryUsage().arrayBuffers;
    const { partials } = decodeAll(frame);
    expect(partials[0]?.missing[0]?.bytes).toBe(67_108_864 - 256);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
  });
});
