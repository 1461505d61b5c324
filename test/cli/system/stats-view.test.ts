import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { statsList, statsToml } from '../../../src/cli/system/stats-view.js';

const stats = { process_id: 7, hostname: 'a|"b"', run_time: 2n ** 64n - 1n, cache_metrics: [] };

describe('figures in the official forms', () => {
  it('are a TOML document that any reader takes, whatever their size', () => {
    expect(parse(statsToml(stats))).toEqual({
      ...{ process_id: 7, hostname: 'a|"b"', run_time: '18446744073709551615' },
    });
  });

  it('are lines of key and exact value', () => {
    expect(statsList(stats)).toBe('process_id|7\nhostname|a|"b"\nrun_time|18446744073709551615');
  });
});
