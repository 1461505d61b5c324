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
    ['0', 0n],
    ['1.5h', 5_400_000_000n],
    ['0.5 ms', 500n],
    ['1.123456789s', 1_123_456n],
    ['0.1us', 0n],
    ['1\u00b5s', 1n],
    ['1 .5h', 5_400_000_000n],
    ['1 0s', 10_000_000n],
  ])('%s', (text, micros) => {
    expect(parseDurationText(text)).toBe(micros);
  });

  test.each(['1micros', '1.5ns', '0.00001h', '1.1234567891s', '1.5.5s', '99999999999999999999s'])(
    'not %s',
    (text) => {
      expect(parseDurationText(text)).toBeUndefined();
    },
  );

  test.each(['', '7', 'days', '7 fortnights', '-1s', '1h,2m', '1.s', '.5s'])('not %s', (text) => {
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
    ['2kB', 2_000n],
    ['2kb', 250n],
    ['16 Gib', 2_147_483_648n],
    ['16 Gbit', 2_000_000_000n],
    ['9 b', 2n],
    ['9 bits', 2n],
    ['0.5', 1n],
    ['2147483648.5 B', 2_147_483_649n],
    ['2.0000000001 GB', 2_000_000_001n],
    ['15 EB', 15_000_000_000_000_000_000n],
    [' 2  gi ', 2_147_483_648n],
    ['7 B', 7n],
    ['3T', 3_000_000_000_000n],
  ])('%s', (text, bytes) => {
    expect(parseSizeText(text)).toBe(bytes);
  });

  test.each(['', 'MiB', '1 parsec', '-1', '1,5 GB', '1..5GB', '2\tGB', '2. GB', '16 EiB'])(
    'not %s',
    (text) => {
      expect(parseSizeText(text)).toBeUndefined();
    },
  );
});
