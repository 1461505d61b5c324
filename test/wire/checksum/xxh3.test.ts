import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createXXHash3 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, fromHex, toHex } from '../../../src/base/index.js';
import {
  emptyXxh3,
  matchesChecksum,
  matchesXxh3,
  writeChecksum,
  writeXxh3,
  xxh3,
  xxh3Parts,
} from '../../../src/wire/checksum/index.js';

const other = await createXXHash3();
const expected = (bytes: Uint8Array): bigint =>
  BigInt(`0x${other.init().update(bytes).digest('hex')}`);
const noise = new Uint8Array(400_000).map((_, i) => Math.imul(i, 0x9e37_79b1) >>> 13);

describe('xxh3', () => {
  it('is what the expressions say that it was assembled from', () => {
    const script = new URL('../../../scripts/generate-xxh3.mjs', import.meta.url);
    execFileSync(process.execPath, [fileURLToPath(script), '--check'], { stdio: 'pipe' });
  });

  it('agrees with another implementation on every length up to two blocks', () => {
    for (let length = 0; length <= 2100; length++) {
      const bytes = noise.subarray(length, 2 * length);
      expect(xxh3(bytes), `${length} bytes`).toBe(expected(bytes));
    }
  });

  it('agrees with it around the sizes of its memory and of blocks, whole and in parts', () => {
    const room = 131_072;
    const edges = [-1, 0, 1, 63, 64, 65, 1023, 1024, 1025];
    for (const length of [room, 2 * room, 3 * room].flatMap((each) => edges.map((e) => each + e))) {
      const bytes = noise.subarray(1, 1 + length);
      const hash = expected(bytes);
      expect(xxh3(bytes), `${length} bytes`).toBe(hash);
      const cuts = [0, 7, length >> 1, length - 65, length - 1, length];
      const parts = cuts.slice(1).map((cut, i) => bytes.subarray(cuts[i], cut));
      expect(xxh3Parts(parts), `${length} bytes in parts`).toBe(hash);
    }
  });

  it('hashes nothing to a value that is not zero', () => {
    expect(xxh3(new Uint8Array(0))).toBe(0x2d06800538d394c2n);
    expect(emptyXxh3).toBe(xxh3(new Uint8Array(0)));
  });

  it('reproduces the checksum of a create-stream body', () => {
    expect(xxh3(fromHex('066f7264657273'))).toBe(0x327d5d19644d82d7n);
  });

  it('hashes ranges and parts like the joined bytes', () => {
    const bytes = encodeUtf8('a longer text that is cut into several pieces, then hashed again');
    const whole = xxh3(bytes);
    expect(xxh3Parts([bytes.subarray(0, 7), bytes.subarray(7, 8), bytes.subarray(8)])).toBe(whole);
    const padded = new Uint8Array(bytes.length + 9);
    padded.set(bytes, 4);
    expect(xxh3(padded, 4, 4 + bytes.length)).toBe(whole);
  });

  it('hashes inputs larger than its working memory', () => {
    const large = new Uint8Array(100_000).map((_, i) => i * 31);
    expect(xxh3(large)).toBe(xxh3Parts([large.subarray(0, 50_001), large.subarray(50_001)]));
  });

  it('writes and compares little-endian bytes without a bigint', () => {
    const body = fromHex('066f7264657273');
    const target = new Uint8Array(20).fill(0xff);
    writeXxh3(target, 1, body, 0, body.length);
    expect(toHex(target)).toBe('ffd7824d64195d7d32ffffffffffffffffffffff');
    expect(matchesXxh3(target, 1, body, 0, body.length)).toBe(true);
    expect(matchesXxh3(target, 0, body, 0, body.length)).toBe(false);
    expect(matchesChecksum(target, 1, body, 0, body.length)).toBe(false);
    writeChecksum(target, 1, body, 0, body.length);
    expect(toHex(target)).toBe('ffd7824d64195d7d320000000000000000ffffff');
    expect(matchesChecksum(target, 1, body, 0, body.length)).toBe(true);
  });
});
