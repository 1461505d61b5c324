import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfigFile } from '../../../src/cli/config/config-file.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'iggyctl-config-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(mode: number, lines: readonly string[]): string {
  const path = join(folder, 'config.toml');
  writeFileSync(path, ['version = 1', ...lines, ''].join('\n'));
  chmodSync(path, mode);
  return path;
}

const clear = ['[contexts.a]', 'username = "u"', 'auth = { password = "p" }'];
const named = ['[contexts.a]', 'username = "u"', 'auth = { password = "env://P" }'];

describe.skipIf(process.platform === 'win32')('the mode of the config file', () => {
  it('of a file that others can read is warned about', () => {
    const path = file(0o644, named);
    expect(readConfigFile(path).warnings).toEqual([
      `${path} can be read or written by others; chmod 600 ${path}`,
    ]);
    expect(readConfigFile(file(0o600, named)).warnings).toEqual([]);
  });

  it('of a file that others can read ends with E_CONFIG when it holds a secret in clear text', () => {
    expect(readConfigFile(file(0o600, clear)).contexts.size).toBe(1);
    const path = file(0o640, clear);
    expect(() => readConfigFile(path)).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', hint: `chmod 600 ${path}` }),
    );
  });
});
