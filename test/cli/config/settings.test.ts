import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Settings, withoutFiles } from '../../../src/cli/config/settings.js';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'iggyctl-settings-'));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function settings(env: Readonly<Record<string, string>>, directory = home): Settings {
  return new Settings({}, { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), ...env }, directory);
}

describe('settings that are one of a few words', () => {
  it.each([
    ['IGGYCTL_FRAMING', 'framing', 'vsr, correlated'],
    ['IGGYCTL_CONSISTENCY', 'consistency', 'local, linearizable'],
    ['IGGYCTL_OUTPUT', 'output', 'table, wide, json'],
  ] as const)('a wrong word in %s is wrong usage and names the right ones', (name, key, words) => {
    const wrong = { code: 'E_USAGE', message: expect.stringContaining(words) as string };
    expect(() => settings({ [name]: 'x' }).text(key)).toThrow(expect.objectContaining(wrong));
    expect(() => withoutFiles(key, undefined, { [name]: 'x' })).toThrow(
      expect.objectContaining(wrong),
    );
  });

  it('a wrong word in a project file is a fault of that file', () => {
    writeFileSync(join(home, '.iggyctl.toml'), 'framing = "x"\n');
    expect(() => settings({}).text('framing')).toThrow(
      expect.objectContaining({ code: 'E_CONFIG' }),
    );
  });

  it('a flag beats a variable, an empty variable counts as unset', () => {
    expect(withoutFiles('output', 'csv', { IGGYCTL_OUTPUT: 'x' })).toBe('csv');
    expect(withoutFiles('output', undefined, { IGGYCTL_OUTPUT: 'json' })).toBe('json');
    expect(withoutFiles('output', undefined, { IGGYCTL_OUTPUT: '' })).toBe('table');
  });
});
