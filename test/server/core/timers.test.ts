import { expect, test } from 'vitest';
import { Timers } from '../../../src/server/core/timers.js';

test('entries are due after their ticks, in the order they were set', () => {
  const timers = new Timers<string>();
  timers.after(2, 'a');
  timers.after(0.5, 'b');
  timers.after(1.2, 'c');

  expect(timers.advance()).toEqual(['b']);
  expect(timers.advance()).toEqual(['a', 'c']);
  expect(timers.advance()).toEqual([]);
  expect(timers.tick).toBe(3);
});
