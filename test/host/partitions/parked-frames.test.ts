import { describe, expect, it } from 'vitest';
import { ParkedFrames } from '../../../src/host/partitions/parked-frames.js';

const mebibyte = 1024 * 1024;

describe('ParkedFrames', () => {
  it('gives the frames of a group back once, in order', () => {
    const parked = new ParkedFrames();
    parked.park(5, 1, new Uint8Array([1]));
    parked.park(6, 1, new Uint8Array([9]));
    parked.park(5, 2, new Uint8Array([2]));

    expect(parked.take(5).map(({ from, frame }) => [from, frame[0]])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(parked.take(5)).toEqual([]);
    expect(parked.take(6)).toHaveLength(1);
  });

  it('drops what exceeds the budget of a group, or of all', () => {
    const parked = new ParkedFrames();
    for (let i = 0; i < 6; i++) parked.park(1, 0, new Uint8Array(mebibyte));
    expect(parked.take(1)).toHaveLength(4);
    expect(parked.dropped).toBe(2);

    for (let group = 0; group < 6; group++) {
      for (let i = 0; i < 4; i++) parked.park(group, 0, new Uint8Array(mebibyte));
    }
    const kept = [0, 1, 2, 3, 4, 5].map((group) => parked.take(group).length);
    expect(kept).toEqual([4, 4, 4, 4, 0, 0]);
  });

  it('forgets groups that nobody knows', () => {
    const parked = new ParkedFrames();
    parked.park(1, 0, new Uint8Array(1));
    parked.park(2, 0, new Uint8Array(1));
    parked.keepOnly((group) => group === 2);

    expect(parked.take(1)).toEqual([]);
    expect(parked.take(2)).toHaveLength(1);
  });
});
