import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openExport } from '../../../src/cli/message/export-file.js';

const folder = mkdtempSync(join(tmpdir(), 'iggyctl-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the file of an export', () => {
  it('takes more than the stream buffers, without a warning of Node.js', async () => {
    const path = join(folder, 'many');
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on('warning', listener);
    const file = openExport(path, false);
    for (let at = 0; at < 40; at++) await file.write(Buffer.alloc(100_000, at));
    await file.end();
    // Warnings are told in a later turn.
    const turn = new EventTarget();
    setImmediate(() => turn.dispatchEvent(new Event('over')));
    await once(turn, 'over');
    process.off('warning', listener);
    expect(warnings).toEqual([]);
    expect(readFileSync(path).length).toBe(4_000_000);
  });

  it('is not written over unless that is asked for', async () => {
    const path = join(folder, 'kept');
    await openExport(path, false).end();
    expect(() => openExport(path, false)).toThrow('is there already');
    await openExport(path, true).end();
  });

  it('says why it cannot be written', async () => {
    const path = join(folder, 'none', 'file');
    const file = openExport(path, false);
    await expect(file.end()).rejects.toMatchObject({
      code: 'E_IO',
      message: `cannot write ${path}: no such file or directory`,
    });
  });
});
