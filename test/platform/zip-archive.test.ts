import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zipArchive } from '../../src/platform/index.js';

const entries = [
  { name: 'a.txt', bytes: Buffer.from('first '.repeat(200)) },
  { name: 'empty.txt', bytes: Buffer.alloc(0) },
  { name: 'ü.txt', bytes: Buffer.from([0, 255, 1]) },
];

const python = `
import sys, zipfile, json
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps([[i.filename, i.compress_type, z.read(i).hex()] for i in z.infolist()]))
`;

/** Reads an archive with a program that is not ours; `undefined` where there is none. */
function readElsewhere(archive: Uint8Array): unknown {
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-zip-'));
  const path = join(directory, 'x.zip');
  writeFileSync(path, archive);
  try {
    return JSON.parse(execFileSync('python3', ['-c', python, path], { encoding: 'utf8' }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe('zipArchive', () => {
  it.each([
    ['stored', [0, 0, 0]],
    ['deflate', [8, 0, 8]],
  ] as const)('makes archives that other programs read, %s', async (compression, methods) => {
    const read = readElsewhere(await zipArchive(entries, compression));

    if (read === undefined) return;
    expect(read).toEqual(
      entries.map(({ name, bytes }, i) => [name, methods[i], bytes.toString('hex')]),
    );
  });

  it('makes an empty archive of no entries', async () => {
    const archive = await zipArchive([], 'stored');

    expect(archive).toHaveLength(22);
    expect(readElsewhere(archive) ?? []).toEqual([]);
  });

  it('makes equal archives of equal entries', async () => {
    expect(await zipArchive(entries, 'deflate')).toEqual(await zipArchive(entries, 'deflate'));
  });
});
