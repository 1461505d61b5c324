import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FaultyDisk, MemoryDisk, makeDirectories, NodeDisk } from '../../src/platform/index.js';
import { completion, diskConformance } from './disk-conformance.js';

const roots: string[] = [];

function freshRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'iggyctl-disk-'));
  roots.push(root);
  return root;
}

afterAll(async () => {
  for (const root of roots) await rm(root, { recursive: true, force: true });
});

diskConformance('NodeDisk', () => new NodeDisk(freshRoot()));
diskConformance('MemoryDisk', () => new MemoryDisk());
diskConformance('FaultyDisk without faults', () => new FaultyDisk(new MemoryDisk()));

describe('making directories', () => {
  it('makes what is missing, and nothing twice', () => {
    const path = join(freshRoot(), 'a', 'b', 'c');
    makeDirectories(path);
    makeDirectories(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    writeFileSync(join(path, 'file'), '');
    expect(() => makeDirectories(join(path, 'file', 'd'))).toThrow('ENOTDIR');
  });

  it.runIf(existsSync('/proc/self'))('ends on a file system that takes none', () => {
    expect(() => makeDirectories('/proc/self/none/a/b')).toThrow('ENOENT');
  });
});

describe('NodeDisk', () => {
  it('makes files of mode 0600 and directories of mode 0700', async () => {
    const root = join(freshRoot(), 'node-0');
    const disk = new NodeDisk(root);
    disk.append('metadata/journal.wal', [new Uint8Array(1)]);
    await completion((done) => disk.replace('metadata/superblock.a', new Uint8Array(1), done));

    const mode = (path: string) => statSync(join(root, path)).mode & 0o777;
    expect(mode('')).toBe(0o700);
    expect(mode('metadata')).toBe(0o700);
    expect(mode('metadata/journal.wal')).toBe(0o600);
    expect(mode('metadata/superblock.a')).toBe(0o600);
  });

  it('refuses a path that leaves its root', () => {
    const disk = new NodeDisk(freshRoot());

    expect(() => disk.append('../outside', [])).toThrow('stays below');
  });

  it('replaces a file over a temporary one that a crash left behind', async () => {
    const root = freshRoot();
    writeFileSync(join(root, 'file.tmp'), 'rest of an earlier try');
    const disk = new NodeDisk(root);

    await completion((done) => disk.replace('file', new Uint8Array([7]), done));

    expect(disk.list('')).toEqual(['file']);
    expect(disk.read('file', 0, 10)).toEqual(new Uint8Array([7]));
  });

  it('keeps serving more files than it holds open', () => {
    const disk = new NodeDisk(freshRoot());
    for (let i = 0; i < 600; i++) disk.append(`f${i}`, [new Uint8Array([i & 255])]);

    for (let i = 0; i < 600; i++) expect(disk.read(`f${i}`, 0, 1)[0]).toBe(i & 255);
  });

  it('reads a file while all it holds open wait for a sync', () => {
    const root = freshRoot();
    writeFileSync(join(root, 'old'), 'x');
    const disk = new NodeDisk(root);
    for (let i = 0; i < 600; i++) disk.append(`f${i}`, [new Uint8Array(1)]);

    expect(disk.read('old', 0, 1)).toEqual(new TextEncoder().encode('x'));
  });

  it('makes files of many directories durable at a time', async () => {
    const disk = new NodeDisk(freshRoot());
    const names = Array.from({ length: 150 }, (_, i) => `deep/${i % 10}/${i}/file`);
    const failures = await Promise.all(
      names.flatMap((name) => {
        disk.append(name, [new Uint8Array(1)]);
        return [
          completion((done) => disk.sync(name, done)),
          completion((done) => disk.replace(`${name}.other`, new Uint8Array(2), done)),
        ];
      }),
    );

    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
    disk.crash();
    for (const name of names) expect([disk.size(name), disk.size(`${name}.other`)]).toEqual([1, 2]);
  });
});

describe('NodeDisk that reserves', () => {
  async function reserved() {
    const root = freshRoot();
    const disk = new NodeDisk(root);
    disk.reserve('d/file', 4096);
    disk.append('d/file', [new Uint8Array([1, 2]), new Uint8Array([3])]);
    await completion((done) => disk.sync('d/file', done));
    return { root, disk, taken: () => statSync(join(root, 'd/file')).size };
  }

  it('takes the room at once, and knows of what was appended only', async () => {
    const { disk, taken } = await reserved();

    expect(taken()).toBe(4096);
    expect(disk.size('d/file')).toBe(3);
    expect(disk.read('d/file', 0, 99)).toEqual(new Uint8Array([1, 2, 3]));
    disk.append('d/file', [new Uint8Array(4095).fill(4)]);
    expect(disk.size('d/file')).toBe(4098);
    expect(disk.read('d/file', 2, 3)).toEqual(new Uint8Array([3, 4, 4]));
  });

  it('cuts nothing off, and gives back what was not used', async () => {
    const { disk, taken } = await reserved();
    disk.reserve('d/file', 2);

    expect(disk.size('d/file')).toBe(3);
    disk.close();
    expect(taken()).toBe(3);
    disk.append('d/file', [new Uint8Array([5])]);
    expect(disk.read('d/file', 0, 99)).toEqual(new Uint8Array([1, 2, 3, 5]));
  });

  it('leaves zeros behind what was synced when the power goes', async () => {
    const { disk, taken } = await reserved();
    disk.append('d/file', [new Uint8Array([9, 9])]);
    disk.crash();

    expect(taken()).toBe(4096);
    expect(disk.size('d/file')).toBe(4096);
    const zeros = new Uint8Array(4096);
    zeros.set([1, 2, 3]);
    expect(disk.read('d/file', 0, 4096)).toEqual(zeros);
  });

  it('cuts a file to what it is told, however much was reserved', async () => {
    const { disk, taken } = await reserved();

    await completion((done) => disk.truncate('d/file', 1, done));
    expect(taken()).toBe(1);
    disk.append('d/file', [new Uint8Array([7])]);
    expect(disk.read('d/file', 0, 99)).toEqual(new Uint8Array([1, 7]));
  });
});

describe('MemoryDisk', () => {
  it('shows bytes in place, as far as one piece goes', () => {
    const disk = new MemoryDisk();
    const large = new Uint8Array(20_000).fill(7);
    disk.append('file', [Uint8Array.of(1, 2, 3), large]);

    expect(disk.view('file', 1, 100)).toEqual(Uint8Array.of(2, 3));
    expect(disk.view('file', 3, 50)?.buffer).toBe(large.buffer);
    expect(disk.view('file', 13, 99_999)).toHaveLength(19_990);
    expect(disk.view('file', 20_003, 1)).toBeUndefined();
    expect(disk.view('none', 0, 1)).toBeUndefined();
  });

  it('leaves bytes that were shown as they are when a bit of the file flips', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    const large = new Uint8Array(20_000);
    disk.append('partition/00000000000000000000.log', [large]);
    await disk.inject({ kind: 'bitflip', once: true });

    expect(large.every((byte) => byte === 0)).toBe(true);
    const stored = disk.view('partition/00000000000000000000.log', 0, 20_000);
    expect(stored?.some((byte) => byte !== 0)).toBe(true);
  });
});

describe('FaultyDisk', () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);

  it('refuses appends with ENOSPC and leaves the file as it was', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    disk.append('metadata/journal.wal', [bytes]);
    await disk.inject({ kind: 'enospc', target: 'wal', once: true });

    expect(() => disk.append('metadata/journal.wal', [bytes])).toThrow('ENOSPC');
    disk.append('metadata/journal.wal', [bytes]);

    expect(disk.size('metadata/journal.wal')).toBe(8);
  });

  it('fails syncs of the chosen files only', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    disk.append('metadata/journal.wal', [bytes]);
    disk.append('other', [bytes]);
    await disk.inject({ kind: 'fsync-fail', target: 'wal' });

    const failed = await completion((done) => disk.sync('metadata/journal.wal', done));
    expect(failed).toMatchObject({ code: 'EIO', operation: 'sync' });
    expect(await completion((done) => disk.sync('other', done))).toBeUndefined();

    disk.crash();
    expect(disk.size('metadata/journal.wal')).toBeUndefined();
  });

  it('keeps half of a torn append and fails its sync', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    await disk.inject({ kind: 'torn', once: true });
    disk.append('journal.wal', [bytes]);

    expect(await completion((done) => disk.sync('journal.wal', done))).toMatchObject({
      code: 'EIO',
    });
    disk.crash();

    expect(disk.read('journal.wal', 0, 9)).toEqual(bytes.subarray(0, 2));
  });

  it('flips one bit of the next write of a file that is not there yet, and reports success', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    await disk.inject({ kind: 'bitflip', target: 'segment', once: true });
    disk.append('00.log', [bytes]);

    expect(await completion((done) => disk.sync('00.log', done))).toBeUndefined();
    expect(disk.read('00.log', 0, 4)).toEqual(new Uint8Array([1, 2, 2, 4]));
    expect(bytes).toEqual(new Uint8Array([1, 2, 3, 4]));
  });

  it('flips one bit of stored files, also across a crash', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    await completion((done) => disk.replace('m/superblock.a', bytes, done));
    await completion((done) => disk.replace('m/other', bytes, done));
    await disk.inject({ kind: 'bitflip', target: 'superblock' });
    disk.crash();

    expect(disk.read('m/superblock.a', 0, 4)).toEqual(new Uint8Array([1, 3, 3, 4]));
    expect(disk.read('m/other', 0, 4)).toEqual(bytes);
    expect(disk.faults).toEqual([]);
  });

  it('delays completions of a slow disk', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    await disk.inject({ kind: 'slow', delayMillis: 30 });
    disk.append('f', [bytes]);
    const start = performance.now();

    await completion((done) => disk.sync('f', done));

    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
    expect(disk.heal()).toBe(1);
  });
});
