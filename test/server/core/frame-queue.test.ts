import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameQueue } from '../../../src/server/core/frame-queue.js';

test('gives frames back in order and counts them and their bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20)), { maxLength: 3_000 }), (steps) => {
      const queue = new FrameQueue();
      const model: Uint8Array[] = [];
      for (const size of steps) {
        if (size === null) {
          expect(queue.shift()).toBe(model.shift());
        } else {
          const frame = new Uint8Array(size);
          queue.push(frame);
          model.push(frame);
        }
        expect(queue.count).toBe(model.length);
        expect(queue.bytes).toBe(model.reduce((sum, frame) => sum + frame.length, 0));
      }
    }),
    { numRuns: 20 },
  );
});

test('stays in order when it is long and never empty', () => {
  const queue = new FrameQueue();
  const frames = Array.from({ length: 5_000 }, () => new Uint8Array(1));
  for (const [i, frame] of frames.entries()) {
    queue.push(frame);
    if (i % 2 === 1) expect(queue.shift()).toBe(frames[(i - 1) / 2]);
  }
  expect(queue.count).toBe(2_500);
  queue.clear();
  expect([queue.count, queue.bytes, queue.shift()]).toEqual([0, 0, undefined]);
});
