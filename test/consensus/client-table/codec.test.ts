import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClientTableImage,
  decodeClientTable,
  encodeClientTable,
} from '../../../src/consensus/index.js';
import { makeReply } from '../harness/prepares.js';

const image: ClientTableImage = {
  live: [
    {
      slot: 0,
      client: (5n << 64n) | 6n,
      epoch: 12,
      userId: 3,
      watermark: 2n ** 63n,
      watermarkChecksum: 99n,
      origin: 4,
      replies: [makeReply({ client: 5n, op: 11, request: 1n }), makeReply({ client: 5n, op: 12 })],
    },
    {
      slot: 7,
      client: 1n,
      epoch: 13,
      userId: 0,
      watermark: 0n,
      watermarkChecksum: 0n,
      origin: 13,
      replies: [makeReply({ client: 1n, op: 13, request: 0n })],
    },
  ],
  retired: [
    {
      client: 8n,
      userId: 1,
      watermark: 4n,
      watermarkChecksum: 5n,
      origin: 2,
      latestCommit: 9,
      reply: makeReply({ client: 8n, op: 9 }),
    },
    { client: 9n, userId: 1, watermark: 0n, watermarkChecksum: 0n, origin: 3, latestCommit: 10 },
  ],
};

describe('the transfer form of a client table', () => {
  it('carries both tiers', () => {
    const bytes = encodeClientTable(image);

    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('IGT1');
    expect(decodeClientTable(bytes)).toEqual(image);
  });

  it('refuses every truncation and every flipped byte', () => {
    const bytes = encodeClientTable(image);
    for (let length = 0; length < bytes.length; length += 13) {
      expect(() => decodeClientTable(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'CONSENSUS_MALFORMED' }),
      );
    }
    for (let at = 0; at < bytes.length; at += 17) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(() => decodeClientTable(flipped)).toThrow();
    }
  });

  it('gives a typed error for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeClientTable(bytes)).toThrow(
          expect.objectContaining({ code: 'CONSENSUS_MALFORMED' }),
        );
      }),
    );
  });
});
