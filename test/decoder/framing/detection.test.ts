// Telling the families of frames apart when nothing says which it is.
import { describe, expect, it } from 'vitest';
import { describeFrame } from '../../../src/decoder/index.js';
import { commands, encode, Operation } from '../../../src/wire/index.js';
import { decodeAll } from '../../helpers/decoded.js';
import * as frames from '../../helpers/sample-frames.js';

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

function correlatedRequest(code: number, id: number, payload: Uint8Array): Buffer {
  return Buffer.concat([u32(12 + payload.length), u32(code), u32(id), u32(0), payload]);
}

function correlatedResponse(status: number, id: number, payload: Uint8Array): Buffer {
  return Buffer.concat([u32(status), u32(8 + payload.length), u32(id), u32(0), payload]);
}

const none = new Uint8Array(0);
const example = '0e0000000100000007000000000000006869';

describe('consensus frames', () => {
  it('are recognised by their header, of every kind', () => {
    const all = [
      ...[frames.registerFrame(), frames.createStream('a'), frames.getStream(1)],
      ...[frames.metadataReply(Operation.DeleteStream), frames.evictionFrame(7)],
      ...[frames.prepareFrame(17n), frames.commitFrame(3n)],
    ];
    for (const frame of all) {
      const { frames: found } = decodeAll(frame);
      expect(found.map(({ framing, problems }) => ({ framing, problems }))).toEqual([
        { framing: 'vsr', problems: [] },
      ]);
    }
    expect(decodeAll(frames.joined(all)).frames).toHaveLength(all.length);
    expect(decodeAll(frames.joined(all), { pieces: [1] }).frames).toHaveLength(all.length);
  });

  it('are still shown when their seal does not hold', () => {
    for (let at = 0; at < 256; at++) {
      const frame = Uint8Array.from(frames.commitFrame(3n));
      frame[at] = (frame[at] ?? 0) ^ 0x10;
      const { frames: found, bad, partials } = decodeAll(frame);
      const shown = [...found, ...partials.map((partial) => partial.view)];
      expect(shown.length + bad.length, `bit of byte ${at}`).toBeGreaterThan(0);
      expect(found.every((each) => each.problems.length > 0)).toBe(true);
    }
  });
});

describe('plain frames', () => {
  it('06-S72 are read as correlated when that is said', () => {
    let last: unknown;
    const { frames: found } = decodeAll(example, {
      framing: 'request',
      onFrame: (view) => {
        last = describeFrame(view).at(-1);
      },
    });
    expect(last).toMatchObject({ path: 'body.payload', offset: 16, size: 2 });
    expect(found[0]).toMatchObject({
      framing: 'request',
      command: { code: 1, name: 'ping' },
      header: { length: 14, code: 1, request_id: '7' },
      body_hex: '6869',
      ambiguous: false,
    });
    const error = '28000000080000000700000000000000';
    expect(decodeAll(error, { framing: 'response' }).frames[0]).toMatchObject({
      framing: 'response',
      status: { code: 40, name: 'Unauthenticated' },
      header: { status: 40, length: 8, request_id: '7' },
    });
  });

  it('are ambiguous when both widths of the header fit, and say so', () => {
    const { frames: found } = decodeAll(example);
    expect(found[0]).toMatchObject({ framing: 'request', ambiguous: true });
    expect(found[0]?.['readings']).toMatchObject([
      { framing: 'legacy_request', command: { code: 1 }, request_id: null, body_bytes: 10 },
    ]);
  });

  it('are told apart by the schema of their command', () => {
    const body = encode(commands.get_stream.request, { stream_id: 3 });
    const wide = correlatedRequest(200, 5, body);
    expect(decodeAll(wide).frames[0]).toMatchObject({ framing: 'request', ambiguous: false });
    const narrow = Buffer.concat([u32(4 + body.length), u32(200), body]);
    expect(decodeAll(narrow).frames[0]).toMatchObject({
      ...{ framing: 'legacy_request', ambiguous: false, body: { stream_id: 3 } },
    });
  });

  it('of a few bytes can only be legacy', () => {
    expect(decodeAll(Buffer.concat([u32(4), u32(1)])).frames[0]?.framing).toBe('legacy_request');
    expect(decodeAll(Buffer.concat([u32(0), u32(2), Buffer.from('hi')])).frames[0]?.framing).toBe(
      'legacy_response',
    );
  });

  it('with an error status and eight bytes are correlated responses', () => {
    const { frames: found } = decodeAll(correlatedResponse(40, 7, none));
    expect(found[0]).toMatchObject({ framing: 'response', ambiguous: false });
  });

  it('that could be a request or a response prefer the known command', () => {
    const bytes = Buffer.concat([u32(14), u32(10), Buffer.alloc(10)]);
    const { frames: found } = decodeAll(bytes);
    expect(found[0]?.framing).toMatch(/request/);
    expect(found[0]?.['ambiguous']).toBe(true);
    const answer = decodeAll(bytes, { direction: 'server' }).frames[0];
    expect(answer?.framing).toMatch(/response/);
  });

  it('follow each other, and a response is read by the command of its request', () => {
    const body = encode(commands.get_stream.request, { stream_id: 3 });
    const many = Array.from({ length: 40 }, (_, id) => correlatedRequest(200, id, body));
    const { frames: found } = decodeAll(Buffer.concat(many), { pieces: [50] });
    expect(found.map((each) => each.header['request_id'])).toEqual(many.map((_, id) => String(id)));
  });
});

describe('the end of the input', () => {
  const three = frames.joined([1n, 2n, 3n].map((number) => frames.createStream('a', number)));

  it('06-S45 inside a frame is reported with what is there and what is missing', () => {
    const {
      frames: found,
      partials,
      counts,
    } = decodeAll(Buffer.concat([three, frames.createStream('b').subarray(0, 40)]));
    expect(found).toHaveLength(3);
    expect(counts.partialBytes).toBe(40);
    expect(partials).toMatchObject([{ present: 40, missing: [{ framing: 'vsr', bytes: 216 }] }]);
  });

  it('06-S44 behind a header shows the header', () => {
    const frame = frames.createStream('x'.repeat(255));
    expect(frame).toHaveLength(512);
    const { frames: found, partials } = decodeAll(frame.subarray(0, 300));
    expect(found).toEqual([]);
    expect(partials).toMatchObject([
      { present: 300, missing: [{ framing: 'vsr', bytes: 212 }], view: { length: 512 } },
    ]);
  });

  it('before anything is certain names every possibility', () => {
    const { partials } = decodeAll(Buffer.from([0, 0, 0]));
    expect(partials[0]?.missing).toEqual([
      { framing: 'vsr', bytes: 253 },
      { framing: 'request', bytes: 13 },
      { framing: 'response', bytes: 13 },
    ]);
  });

  it('counts nothing beyond a limit', () => {
    const { frames: found } = decodeAll(three, { skip: 1, limit: 1 });
    expect(found.map((each) => each.header['request'])).toEqual(['2']);
  });
});
