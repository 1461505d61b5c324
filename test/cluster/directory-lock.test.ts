import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockDirectory } from '../../src/cluster/directory-lock.js';

const directories: string[] = [];
const fresh = () => {
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-lock-'));
  directories.push(directory);
  return directory;
};

afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

describe('lockDirectory', () => {
  it('refuses a directory that is in use and names the process', () => {
    const directory = fresh();
    const release = lockDirectory(directory);

    expect(() => lockDirectory(directory)).toThrow(
      expect.objectContaining({ code: 'CLUSTER_RUNNING', pid: process.pid }),
    );
    release();
    lockDirectory(directory)();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('takes over the lock of a process that is gone', async () => {
    const directory = fresh();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: child.pid, start: '' }));

    lockDirectory(directory)();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('takes over the lock of an earlier process with the pid of a living one', () => {
    const directory = fresh();
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid: process.pid, start: '1' }));

    const isTold = existsSync('/proc/self/stat');
    if (isTold) lockDirectory(directory)();
    else expect(() => lockDirectory(directory)).toThrow('in use');
  });

  it('takes over a lock file that holds nothing sensible', () => {
    for (const text of ['', '{', '[]', '{"pid":"x"}']) {
      const directory = fresh();
      writeFileSync(join(directory, 'lock'), text);
      lockDirectory(directory)();
    }
  });
});
