import { describe, expect, it } from 'vitest';
import { claimDirectory, removeDirectory } from '../../../src/host/partitions/incarnation.js';
import { quarantine } from '../../../src/host/partitions/quarantine.js';
import { FaultyDisk, MemoryDisk } from '../../../src/platform/index.js';
import type { Disk } from '../../../src/ports/index.js';
import { decodePartitionMark, encodePartitionMark } from '../../../src/wire/index.js';

const directory = 'streams/0/topics/0/partitions/7';
const partition = (revision: number) => ({ stream: 0, topic: 0, partition: 7, revision });
const content = ['00.log', 'journal.wal', 'offsets/groups/1', 'superblock.a'];

function write(disk: Disk, names: readonly string[] = content): void {
  for (const name of names) disk.append(`${directory}/${name}`, [Uint8Array.of(1)]);
}

const empty = { start: 0, end: 0, jumps: [] };

function markOn(disk: Disk): ReturnType<typeof decodePartitionMark> {
  const path = `${directory}/purge.gen`;
  return decodePartitionMark(disk.read(path, 0, disk.size(path) ?? 0));
}

const claim = (disk: Disk, revision: number, wasMade = false, hasPeers = false) =>
  new Promise((resolve) =>
    claimDirectory(disk, partition(revision), { wasMade, hasPeers }, resolve),
  );
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
    expect(markOn(disk)).toEqual({ generation: 0, createdRevision: 12, extent: empty });
  });

  it('keeps the purges that were carried out', async () => {
    const disk = new MemoryDisk();
    const purged = encodePartitionMark({ generation: 3, createdRevision: 5 });
    disk.append(`${directory}/purge.gen`, [purged]);

    expect(await claim(disk, 5)).toBeUndefined();
    expect(markOn(disk)).toEqual({ generation: 3, createdRevision: 5 });
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
    expect(markOn(disk)).toEqual({ generation: 0, createdRevision: 12 });
  });

  it('misses the mark of a partition that was made, and believes none that has rotted', async () => {
    const lost = new MemoryDisk();
    write(lost);
    expect(await claim(lost, 12, true)).toMatchObject({ isDamaged: true });
    expect(lost.list(directory)).toEqual(content.map((name) => name.split('/')[0]));

    const rotten = new MemoryDisk();
    const whole = encodePartitionMark({ generation: 3, createdRevision: 12, extent: empty });
    for (let at = 0; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at]! ^= 4;
      await new Promise((resolve) => rotten.replace(`${directory}/purge.gen`, bytes, resolve));
      expect(await claim(rotten, 12, true)).toMatchObject({ isDamaged: true, mayPass: false });
      expect(await claim(rotten, 12)).toMatchObject({ isDamaged: false, mayPass: false });
    }
    write(rotten);
    expect(await claim(rotten, 12, false, true)).toBeUndefined();
    expect(rotten.list(directory)).toEqual(['purge.gen']);
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
  it('leaves a mark of the same purges that says that nothing is there', async () => {
    const disk = new MemoryDisk();
    const extent = { start: 3, end: 90, jumps: [{ from: 7, to: 50 }] };
    const mark = { generation: 2, createdRevision: 1 };
    disk.append(`${directory}/purge.gen`, [encodePartitionMark({ ...mark, extent })]);
    write(disk);
    await new Promise((resolve) => quarantine(disk, partition(1), resolve));

    expect(disk.list(directory)).toEqual(['purge.gen', 'superblock.a']);
    expect(markOn(disk)).toEqual({ ...mark, extent: empty });
  });
});
