import { expect, test } from 'vitest';
import { FragmentLimit } from '../../src/platform/ws-fragment-limit.js';

/** A frame of a client (masked) or a server, with its length in as many bytes as it takes. */
function frame(length: number, isMasked = true): Buffer {
  const flag = isMasked ? 0x80 : 0;
  const head = length < 126 ? Buffer.from([0x82, flag | length]) : Buffer.alloc(4, 0x82);
  if (length >= 126) {
    head[1] = flag | 126;
    head.writeUInt16BE(length, 2);
  }
  return Buffer.concat([head, Buffer.alloc((isMasked ? 4 : 0) + length, 0xff)]);
}

function longFrame(length: bigint): Buffer {
  const head = Buffer.alloc(10, 0x82);
  head[1] = 0xff;
  head.writeBigUInt64BE(length, 2);
  return head;
}

const taken = (limit: FragmentLimit, bytes: Buffer, step: number): boolean => {
  for (let at = 0; at < bytes.length; at += step) {
    if (!limit.take(bytes.subarray(at, at + step))) return false;
  }
  return true;
};

test.each([1, 2, 3, 7, 1_000_000])('frames are followed in pieces of %i bytes', (step) => {
  const sizes = [0, 1, 125, 126, 127, 1000, 0];
  const stream = Buffer.concat(sizes.flatMap((size) => [frame(size), frame(size, false)]));
  expect(taken(new FragmentLimit(1000), stream, step)).toBe(true);
  expect(taken(new FragmentLimit(999), stream, step)).toBe(false);
  expect(taken(new FragmentLimit(1000), Buffer.concat([stream, frame(1001)]), step)).toBe(false);
});

test.each([1001n, 2n ** 31n, 2n ** 32n, 2n ** 64n - 1n])(
  'a frame of %i bytes is too long',
  (size) => {
    expect(new FragmentLimit(1000).take(longFrame(size))).toBe(false);
    expect(new FragmentLimit(1000).take(longFrame(size).subarray(0, 9))).toBe(true);
  },
);
