import { describe, expect, it } from 'vitest';
import { LimitedTasks } from '../../src/base/index.js';

describe('limited tasks', () => {
  it('run at most so many at a time, in the order in which they came', () => {
    const tasks = new LimitedTasks(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    for (let i = 0; i < 5; i++) {
      tasks.run((finished) => {
        begun.push(i);
        ends.push(finished);
      });
    }
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();

    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('may end from inside, however many there are', () => {
    const tasks = new LimitedTasks(1);
    let ended = 0;
    let release: () => void = () => undefined;
    tasks.run((finished) => {
      release = finished;
    });
    for (let i = 0; i < 50_000; i++) {
      tasks.run((finished) => {
        ended += 1;
        finished();
      });
    }
    expect(ended).toBe(0);
    release();

    expect(ended).toBe(50_000);
  });
});
