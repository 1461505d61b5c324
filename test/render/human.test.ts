import fc from 'fast-check';
import { expect, it } from 'vitest';
import { humanDuration, humanSize, humanTime, isoTime } from '../../src/render/index.js';

it('writes sizes in binary units', () => {
  expect([0, 312, 1023, 1024, 1536, 1024 ** 2 - 1, 64 * 1024 ** 2].map(humanSize)).toEqual([
    ...['0 B', '312 B', '1023 B', '1 KiB', '1.5 KiB', '1 MiB', '64 MiB'],
  ]);
  expect(humanSize(2n ** 64n - 1n)).toBe('16 EiB');
});

it('writes durations in the unit people would use', () => {
  const samples = [0, 87, 1240, 2_500_000, 90_000_000, 5_400_000_000, 604_800_000_000];
  expect(samples.map(humanDuration)).toEqual([
    ...['0 µs', '87 µs', '1.24 ms', '2.5 s', '1m 30s', '1h 30m', '7d'],
  ]);
});

it('writes times as the platform does, with microseconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (millis) => {
      const expected = new Date(millis).toISOString().replace('Z', '000Z');
      expect(isoTime(BigInt(millis) * 1000n)).toBe(expected);
    }),
  );
  expect(isoTime(2n ** 64n - 1n)).toBeUndefined();
  expect(humanTime(1_700_000_000_250_000n)).toBe('2023-11-14 22:13:20.25 UTC');
});
