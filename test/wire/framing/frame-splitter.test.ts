import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, setU32, toHex } from '../../../src/base/index.js';
import {
  buildFrame,
  codec,
  correlatedRequestCodec,
  correlatedResponseCodec,
  encode,
  type FrameFamily,
  FrameSplitter,
  legacyRequestCodec,
  legacyResponseCodec,
} from '../../../src/wire/index.js';

const payloads = fc.array(fc.uint8Array({ maxLength: 700 }), { minLength: 1, maxLength: 6 });

const builders: Readonly<Record<FrameFamily, (payload: Uint8Array) => Uint8Array>> = {
  consensus: (payload) => buildFrame('Reply', { op: 1n }, payload),
  'correlated-request': (payload) =>
    encode(correlatedRequestCodec, { code: 1, requestId: 9n, payload }),
  'correlated-response': (payload) =>
    encode(correlatedResponseCodec, { status: 0, requestId: 9n, payload }),
  'legacy-request': (payload) => encode(legacyRequestCodec, { code: 1, payload }),
  'legacy-response': (payload) => encode(legacyResponseCodec, { status: 0, payload }),
};
const families = Object.keys(builders) as FrameFamily[];

/** Cuts a stream at the given places, in parts of at least one byte. */
function cut(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (let i = 0; offset < stream.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    parts.push(stream.subarray(offset, offset + size));
    offset += size;
  }
  return parts;
}

describe('FrameSplitter', () => {
  it.each(families)('finds the same %s frames wherever the stream is cut', (family) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(payloads, sizes, (bodies, pieces) => {
        const frames = bodies.map((body) => builders[family](body));
        const splitter = new FrameSplitter(family);
        const found = cut(concatBytes(frames), pieces).flatMap((part) => [...splitter.push(part)]);
        expect(found.map((each) => toHex(each))).toEqual(frames.map((each) => toHex(each)));
        expect(splitter.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('finds frames in a stream that arrives byte by byte', () => {
    const frames = [3, 0, 300].map((size) => builders.consensus(new Uint8Array(size).fill(size)));
    const splitter = new FrameSplitter();
    const found = cut(concatBytes(frames), [1]).flatMap((part) => [...splitter.push(part)]);
    expect(found.map((each) => toHex(each))).toEqual(frames.map((each) => toHex(each)));
  });

  it('puts large frames together from large and small pieces', () => {
    const frames = [90_000, 5, 300_000].map((size) =>
      builders.consensus(Uint8Array.from({ length: size }, (_, i) => (i * 7 + size) & 255)),
    );
    for (const sizes of [[65_536], [20_000, 3, 9_000, 700], [8_192], [50, 30_000]]) {
      const splitter = new FrameSplitter();
      // Like those of a socket, each chunk has a buffer of its own.
      const chunks = cut(concatBytes(frames), sizes).map((each) => each.slice());
      const found = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
      expect(found.map((each) => each.length)).toEqual(frames.map((each) => each.length));
      expect(found.every((each, i) => equalBytes(each, frames[i] ?? each))).toBe(true);
      expect(splitter.pending).toBe(0);
    }
  });

  it('does not copy frames that lie within one chunk', () => {
    const frame = builders.consensus(new Uint8Array(10));
    const chunk = concatBytes([frame, frame]);
    const found = new FrameSplitter().push(chunk);
    expect(found.map((each) => each.buffer === chunk.buffer)).toEqual([true, true]);
  });

  it('gives the frames before an impossible size, then reports it and stays silent', () => {
    const good = builders.consensus(new Uint8Array(1));
    const bad = builders.consensus(new Uint8Array(1));
    setU32(bad, 48, 255);
    const splitter = new FrameSplitter();
    expect(splitter.push(concatBytes([good, bad, good]))).toHaveLength(1);
    expect(splitter.error?.code).toBe('WIRE_FRAME_SIZE');
    expect(splitter.error?.details).toEqual({ size: 255, min: 256, max: 67_108_864 });
    expect(splitter.push(good)).toEqual([]);
  });

  it('refuses a size above the limit as soon as it is known', () => {
    const splitter = new FrameSplitter('consensus', 1000);
    const head = new Uint8Array(52);
    setU32(head, 48, 1001);
    expect(splitter.push(head.subarray(0, 51))).toEqual([]);
    expect(splitter.error).toBeUndefined();
    splitter.push(head.subarray(51));
    expect(splitter.error?.code).toBe('WIRE_FRAME_SIZE');
  });

  it('takes frames of exactly the limits', () => {
    const splitter = new FrameSplitter('consensus', 300);
    const frames = [builders.consensus(new Uint8Array(0)), builders.consensus(new Uint8Array(44))];
    expect(splitter.push(concatBytes(frames))).toHaveLength(2);
  });

  it('holds little for a frame that announces much', () => {
    const splitter = new FrameSplitter();
    const head = new Uint8Array(256);
    setU32(head, 48, 60_000_000);
    splitter.push(head);
    expect(splitter.pending).toBe(256);
  });

  it('refuses correlated lengths that leave no room for their header', () => {
    for (const [family, length] of [
      ['correlated-request', 11],
      ['legacy-request', 3],
    ] as const) {
      const splitter = new FrameSplitter(family);
      splitter.push(encode(codec.u32, length));
      expect(splitter.error?.code, family).toBe('WIRE_FRAME_SIZE');
    }
    const response = new FrameSplitter('correlated-response');
    response.push(Uint8Array.of(0, 0, 0, 0, 7, 0, 0, 0));
    expect(response.error?.code).toBe('WIRE_FRAME_SIZE');
  });
});
