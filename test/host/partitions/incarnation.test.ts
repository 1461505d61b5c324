import { describe, expect, it } from 'vitest';
import { claimDirectory, removeDirectory } from '../../../src/host/partitions/incarnation.js';
import { quarantine } from '../../../src/host/partitions/quarantine.js';
import { FaultyDisk, MemoryDisk } from '../../../src/platform/index.js';
import type { Disk } from '../../../src/ports/index.js';
import { decodePurgeGeneration, encodePurgeGeneration } from '../../../src/wire/index.js';

const directory = 'streams/0/topics/0/partitions/7';
const partition = (revision: number) => ({ stream: 0, topic: 0, partition: 7, revision });
const content = ['00.log', 'journal.wal', 'offsets/groups/1', 'superblock.a'];

function write(disk: Disk, names: readonly string[] = content): void {
  for (const name of names) disk.append(`${directory}/${name}`, [Uint8Array.of(1)]);
}

const claim = (disk: Disk, revision: number) =>
  new Promise((resolve) => claimDirectory(disk, partition(revision), resolve));
const remove = (disk: Disk, revision: number) =>
  new Promise((resolve) => removeDirectory(disk, partition(revision), resolve));

describe('claimDirectory', () => {
  it('marks a new directory, and leaves its files to the same incarnation', async () => {
    const disk = new MemoryDisk();
    expect(await claim(disk, 12)).toBeUndefined();
    write(disk);

    expect(await claim(disk, 12)).toBeUndefined();
    expect(disk.list(directory)).toContain('journal.wal');
  });

  it('removes what an earlier incarnation left behind', async () => {
    const disk = new MemoryDisk();
    await claim(disk, 1);
    write(disk);

    expect(await claim(disk, 12)).toBeUndefined();
    expect(disk.list(directory)).toEqual(['purge.gen']);
    const bytes = disk.read(`${directory}/purge.gen`, 0, 16);
    expect(bytes).toEqual(encodePurgeGeneration({ generation: 0, createdRevision: 12 }));
  });

  it('keeps the purges that were carried out', async () => {
    const disk = new MemoryDisk();
    const purged = encodePurgeGeneration({ generation: 3, createdRevision: 5 });
    disk.append(`${directory}/purge.gen`, [purged]);

    expect(await claim(disk, 5)).toBeUndefined();
    expect(decodePurgeGeneration(disk.read(`${directory}/purge.gen`, 0, 16), 5)).toBe(3);
  });

  it('leaves the files of a later incarnation alone', async () => {
    const disk = new MemoryDisk();
    await claim(disk, 12);
    write(disk);

    expect(await claim(disk, 1)).toMatchObject({ mayPass: false });
    expect(disk.list(directory)).toContain('journal.wal');
  });

  it('takes files without a mark for its own', async () => {
    const disk = new MemoryDisk();
    write(disk);

    expect(await claim(disk, 12)).toBeUndefined();
    expect(disk.list(directory)).toContain('journal.wal');
  });

  it('may be tried again after the disk failed', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    await disk.inject({ kind: 'enospc', once: true });

    expect(await claim(disk, 12)).toMatchObject({ mayPass: true });
    expect(await claim(disk, 12)).toBeUndefined();
  });
});

describe('removeDirectory', () => {
  it('removes the mark last, so that a crash leaves nothing that could be taken for another', async () => {
    const memory = new MemoryDisk();
    await claim(memory, 1);
    write(memory);
    const removed: string[] = [];
    const removeOne = memory.remove.bind(memory);
    memory.remove = (path, done) => {
      removed.push(path.slice(directory.length));
      removeOne(path, done);
    };

    expect(await remove(memory, 1)).toBeUndefined();
    expect(removed).toEqual(['/00.log', '/journal.wal', '/offsets', '/superblock.a', '']);
    expect(memory.list(directory)).toEqual([]);
  });

  it('does not touch a later incarnation', async () => {
    const disk = new MemoryDisk();
    await claim(disk, 12);
    write(disk);

    expect(await remove(disk, 1)).toBeUndefined();
    expect(disk.list(directory)).toContain('journal.wal');
  });
});

describe('quarantine of a marked directory', () => {
  it('leaves the mark', async () => {
    const disk = new MemoryDisk();
    await claim(disk, 1);
    write(disk);
    await new Promise((resolve) => quarantine(disk, directory, resolve));

    expect(disk.list(directory)).toEqual(['purge.gen', 'superblock.a']);
  });
});
