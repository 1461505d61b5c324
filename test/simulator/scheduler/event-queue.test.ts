import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../src/simulator/scheduler/event-queue.js';

describe('the event queue', () => {
  it('gives events by time, then order, then number, whatever order they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(3))), (pushed) => {
        const queue = new EventQueue<readonly [number, number, number]>();
        pushed.forEach(([at, order], i) => {
          queue.push(at, [at, order, i], order);
        });
        const taken: (readonly [number, number, number])[] = [];
        for (let next = queue.take(20); next !== undefined; next = queue.take(20)) taken.push(next);
        const expected = [...taken].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
        expect(taken).toEqual(expected);
        expect(taken).toHaveLength(pushed.length);
      }),
    );
  });

  it('keeps what is not due, and discards what is named', () => {
    const queue = new EventQueue<string>();
    queue.push(5, 'later');
    queue.push(1, 'gone');
    queue.push(1, 'now');
    queue.discard((event) => event === 'gone');
    expect(queue.take(1)).toBe('now');
    expect(queue.take(4)).toBeUndefined();
    expect(queue.take(5)).toBe('later');
  });
});
