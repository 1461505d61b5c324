import { describe, expect, test } from 'vitest';
import { parseDurationText } from '../../../../src/machine/metadata/options/duration-text.js';
import { parseSizeText } from '../../../../src/machine/metadata/options/size-text.js';

describe('durations for people', () => {
  test.each([
    ['7 days', 604_800_000_000n],
    ['1h 30m', 5_400_000_000n],
    ['1h30m5s', 5_405_000_000n],
    ['250ms', 250_000n],
    ['15 us', 15n],
    ['999ns', 0n],
    ['1 month', 2_630_016_000_000n],
    ['2years', 63_115_200_000_000n],
    ['0s', 0n],
  ])('%s', (text, micros) => {
    expect(parseDurationText(text)).toBe(micros);
  });

  test.each(['', '7', 'days', '7 fortnights', '-1s', '1.5h', '1h,2m'])('not %s', (text) => {
    expect(parseDurationText(text)).toBeUndefined();
  });
});

describe('sizes for people', () => {
  test.each([
    ['0', 0n],
    ['1024', 1_024n],
    ['128 MiB', 134_217_728n],
    ['1GB', 1_000_000_000n],
    ['1.5 GiB', 1_610_612_736n],
    ['2kb', 2_000n],
    ['7 B', 7n],
    ['3T', 3_000_000_000_000n],
  ])('%s', (text, bytes) => {
    expect(parseSizeText(text)).toBe(bytes);
  });

  test.each(['', 'MiB', '1 parsec', '-1', '1,5 GB', '1..5GB'])('not %s', (text) => {
    expect(parseSizeText(text)).toBeUndefined();
  });
});
