import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LogFile } from '../../src/cluster/log-file.js';

const directory = mkdtempSync(join(tmpdir(), 'iggyctl-log-'));
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('LogFile', () => {
  it('appends lines, together and in order', async () => {
    const path = join(directory, 'a.ndjson');
    const log = new LogFile(path);
    log.add('{"a":1}');
    log.add('{"a":2}');
    expect(existsSync(path)).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    log.add('{"a":3}');
    log.flush();

    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('rotates at 16 MiB and keeps three old files', () => {
    const path = join(directory, 'b.ndjson');
    for (let i = 1; i <= 5; i++) {
      writeFileSync(path, String(i).repeat(16 * 1024 * 1024 - 10));
      const log = new LogFile(path);
      log.add('the last line of a full file');
      log.flush();
      expect(existsSync(path)).toBe(false);
    }

    const first = (suffix: string) => readFileSync(`${path}${suffix}`, 'utf8')[0];
    expect(['.1', '.2', '.3'].map(first)).toEqual(['5', '4', '3']);
    expect(existsSync(`${path}.4`)).toBe(false);
  });

  it('does not stop anything when it cannot write', () => {
    const log = new LogFile(join(directory, 'no/such/directory/x'));
    log.add('lost');
    expect(() => log.flush()).not.toThrow();
  });
});
