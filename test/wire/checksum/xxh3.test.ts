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

describe('xxh3', () => {
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
