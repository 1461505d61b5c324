import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PlacedFile } from '../../src/platform/index.js';

function pathOf(): string {
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-placed-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'file');
}

function failed(error: unknown): never {
  throw error;
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a file that is written at any place', () => {
  it('holds everything once it is closed, and the newest where a place was written again', async () => {
    const path = pathOf();
    const file = new PlacedFile(path, failed);
    const text = bytes('first');
    file.put(0, text);
    text.fill(0x20);
    for (let i = 0; i < 100; i++) file.put(10 + (i % 5), bytes(String(i % 10)));
    file.put(0, bytes('FIRST and 56789'));
    file.put(10, bytes('5'));
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('FIRST and 56789');
  });

  it('is new and private, whatever was there', async () => {
    const path = pathOf();
    writeFileSync(path, 'something old and long', { mode: 0o644 });
    const file = new PlacedFile(path, failed);
    file.put(0, bytes('new'));
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says at once that it cannot be made', () => {
    expect(() => new PlacedFile(join(pathOf(), 'below'), failed)).toThrow(/ENOENT/);
  });
});
