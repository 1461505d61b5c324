import { describe, expect, it } from 'vitest';
import { encodeUtf8, fromHex, toHex } from '../../../src/base/index.js';
import {
  type Codec,
  correlatedError,
  correlatedRequestCodec,
  correlatedResponseCodec,
  decode,
  encode,
  legacyRequestCodec,
  legacyResponseCodec,
  WireError,
} from '../../../src/wire/index.js';

const payload = encodeUtf8('hi');

function failureOf(codec: Codec<unknown>, hex: string): WireError {
  try {
    decode(codec, fromHex(hex));
  } catch (error) {
    if (error instanceof WireError) return error;
  }
  throw new Error('did not fail');
}

describe('correlated frames', () => {
  it('have the bytes of the protocol examples', () => {
    const cases: readonly (readonly [Codec<unknown>, unknown, string])[] = [
      [
        correlatedRequestCodec,
        { code: 1, requestId: 7n, payload },
        '0e0000000100000007000000000000006869',
      ],
      [
        correlatedResponseCodec,
        { status: 0, requestId: 7n, payload },
        '000000000a00000007000000000000006869',
      ],
      [correlatedResponseCodec, correlatedError(7n, 40), '28000000080000000700000000000000'],
    ];
    for (const [codec, value, hex] of cases) {
      expect(toHex(encode(codec, value))).toBe(hex);
      expect(decode(codec, fromHex(hex))).toEqual(value);
    }
  });

  it('judge the length before reading on', () => {
    expect(failureOf(correlatedRequestCodec, '03000000').code).toBe('WIRE_INVALID');
    const short = failureOf(correlatedRequestCodec, '0c000000');
    expect(short.code).toBe('WIRE_TRUNCATED');
    expect(short.details).toMatchObject({ offset: 4, have: 0 });
    expect(failureOf(correlatedResponseCodec, '0000000007000000').code).toBe('WIRE_INVALID');
    expect(failureOf(correlatedResponseCodec, '00000000').code).toBe('WIRE_TRUNCATED');
  });

  it('may have an error status together with a payload', () => {
    const response = { status: 40, requestId: 1n, payload };
    const bytes = encode(correlatedResponseCodec, response);
    expect(decode(correlatedResponseCodec, bytes)).toEqual(response);
  });

  it('need a status other than 0 for an error', () => {
    expect(() => correlatedError(1n, 0)).toThrow(/other than 0/);
  });
});

describe('legacy frames', () => {
  it('have the bytes of the protocol examples', () => {
    expect(toHex(encode(legacyRequestCodec, { code: 1, payload }))).toBe('06000000010000006869');
    expect(toHex(encode(legacyResponseCodec, { status: 0, payload }))).toBe('00000000020000006869');
    expect(failureOf(legacyRequestCodec, '0300000001000000').code).toBe('WIRE_INVALID');
  });
});
