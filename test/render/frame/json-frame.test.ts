import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUtf8 } from '../../../src/render/frame/json-bytes.js';
import { writeValue } from '../../../src/render/frame/json-value.js';
import {
  type FrameJsonOptions,
  JsonBytes,
  toJson,
  writeFrameJson,
} from '../../../src/render/index.js';
import { decodeAll } from '../../helpers/decoded.js';
import * as frames from '../../helpers/sample-frames.js';

function written(write: (out: JsonBytes) => void): string {
  const chunks: Buffer[] = [];
  const out = new JsonBytes((chunk) => chunks.push(Buffer.from(chunk)));
  write(out);
  out.flush();
  return Buffer.concat(chunks).toString();
}

const noSecrets = { secretKeys: new Set<string>() };

describe('values', () => {
  it('are written as JSON.stringify writes them', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, (json) => {
        const text = written((out) => writeValue(out, json, noSecrets));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(renamed(json))));
      }),
      { numRuns: 300 },
    );
  });

  it('have bigints as strings and bytes as digits and text', () => {
    const value = {
      op: 2n ** 64n - 1n,
      batch_checksum: 255n,
      payload: Buffer.from('hé"\n'),
      raw: Uint8Array.of(255),
      list: [1n, Uint8Array.of(1)],
      logView: 3,
    };
    expect(JSON.parse(written((out) => writeValue(out, value, noSecrets)))).toEqual({
      op: '18446744073709551615',
      batch_checksum: '0x000000000000000000000000000000ff',
      payload_hex: '68c3a9220a',
      payload_text: 'hé"\n',
      raw_hex: 'ff',
      raw_text: null,
      list: ['1', '01'],
      log_view: 3,
    });
  });

  it('of secret members are masked at any depth', () => {
    const value = { user: 'a', inner: [{ password: 'b', token: Uint8Array.of(1) }] };
    const secretKeys = new Set(['password', 'token']);
    const text = written((out) => writeValue(out, value, { secretKeys }));
    expect(JSON.parse(text)).toEqual({
      user: 'a',
      inner: [{ password: '********', token: '********' }],
    });
  });

  it('longer than a chunk are whole', () => {
    const value = { text: 'x'.repeat(600_000), bytes: new Uint8Array(500_000).fill(0x61) };
    const found = JSON.parse(
      written((out) => writeValue(out, value, noSecrets)),
    ) as typeof value & {
      readonly bytes_hex: string;
    };
    expect(found.text).toBe(value.text);
    expect(found.bytes_hex).toBe('61'.repeat(500_000));
  });
});

it('knows UTF-8 from other bytes as the platform does', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
    fc
      .array(fc.constantFrom(0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x90, 0xed, 0xa0, 0x41))
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, (sample) => {
      let expected = true;
      try {
        decoder.decode(sample);
      } catch {
        expected = false;
      }
      expect(isUtf8(sample)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

describe('frames', () => {
  const all: FrameJsonOptions = {
    masked: [],
    showSecrets: true,
    only: undefined,
    fields: undefined,
  };

  function jsonWith(
    bytes: Uint8Array,
    options: Partial<FrameJsonOptions>,
  ): Record<string, unknown> {
    let text = '';
    decodeAll(bytes, {
      onFrame: (view) => {
        text = written((out) => writeFrameJson(out, view, { ...all, ...options }));
      },
    });
    return JSON.parse(text) as Record<string, unknown>;
  }

  it('have their members in a fixed order', () => {
    expect(Object.keys(jsonWith(frames.createStream('a'), {}))).toEqual([
      ...['kind', 'v', 'index', 'offset', 'length', 'framing', 'direction', 'time', 'flow'],
      ...['command', 'header', 'operation', 'body', 'body_hex', 'checks', 'warnings', 'ambiguous'],
      ...['problems', 'status', 'reason', 'results', 'readings', 'pair', 'latency_us'],
      ...['missing_bytes', 'input'],
    ]);
    const ordinary = Object.keys(jsonWith(frames.createStream('a'), {}));
    expect(Object.keys(jsonWith(frames.statusReply(4099), {}))).toEqual(ordinary);
  });

  it('can be cut down to a part or to some fields', () => {
    const header = jsonWith(frames.createStream('a'), { only: 'header' });
    expect(header).toHaveProperty('header');
    expect(header).not.toHaveProperty('body');
    expect(jsonWith(frames.createStream('a'), { only: 'body' })).not.toHaveProperty('header');
    const fields = new Set(['command', 'request', 'body.name', 'offset']);
    expect(jsonWith(frames.createStream('a', 5n), { fields })).toEqual({
      ...{ kind: 'frame', v: 1, index: 0, offset: 0, command: { code: 5, name: 'Request' } },
      header: { request: '5' },
      body: { name: 'a' },
    });
  });

  it('are what a slow writer would write', () => {
    const json = jsonWith(frames.prepareFrame(17n), {});
    expect(json['operation']).toEqual({
      ...{ code: 128, name: 'CreateStream', plane: 'metadata', replicated: true },
      command: { code: 202, name: 'stream.create' },
    });
    expect(json['header']).toMatchObject({
      ...{ view: 2, op: '17', commit: '16', group: '9223372036854775808' },
      client: '0x0123456789abcdef0011223344556677',
      parent: `0x${'0'.repeat(32)}`,
    });
    expect(toJson(json['body'])).toBe('{"name":"orders","options":[]}');
  });
});

/** Members are written in the protocol's spelling. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      renamed(member),
    ]),
  );
}
