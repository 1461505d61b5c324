import { describe, expect, it } from 'vitest';
import { quarantine } from '../../../src/host/partitions/quarantine.js';
import { ScopedDisk } from '../../../src/host/partitions/scoped-disk.js';
import { MemoryDisk } from '../../../src/platform/index.js';

const bytes = new Uint8Array([1, 2, 3]);

describe('ScopedDisk', () => {
  it('sees its directory only', () => {
    const disk = new MemoryDisk();
    const scoped = new ScopedDisk(disk, 'streams/0');
    scoped.append('a/file', [bytes]);
    disk.append('other', [bytes]);

    expect(disk.read('streams/0/a/file', 0, 3)).toEqual(bytes);
    expect(scoped.list('')).toEqual(['a']);
    expect(scoped.list('a')).toEqual(['file']);
    expect(scoped.size('a/file')).toBe(3);
    expect(scoped.size('other')).toBeUndefined();
  });

  it('is idle once everything begun has ended, and reports nothing after it was closed', () => {
    const deferred: (() => void)[] = [];
    const scoped = new ScopedDisk(new MemoryDisk((run) => deferred.push(run)), 'd');
    const reported: string[] = [];
    scoped.append('f', [bytes]);
    scoped.sync('f', () => reported.push('sync'));
    scoped.replace('g', bytes, () => reported.push('replace'));
    scoped.close(() => reported.push('idle'));
    scoped.remove('f', () => reported.push('never'));

    expect(reported).toEqual([]);
    for (const run of deferred) run();
    expect(reported).toEqual(['idle']);
  });

  it('is idle at once when nothing was begun', () => {
    let isIdle = false;
    new ScopedDisk(new MemoryDisk(), 'd').close(() => {
      isIdle = true;
    });

    expect(isIdle).toBe(true);
  });
});

describe('quarantine', () => {
  const partition = 'streams/0/topics/0/partitions/7';
  const address = { stream: 0, topic: 0, partition: 7, revision: 1 };
  const run = (disk: MemoryDisk) => new Promise((resolve) => quarantine(disk, address, resolve));

  it('moves everything but the superblock beside the partition, under a free name', async () => {
    const disk = new MemoryDisk();
    for (const name of ['00.log', '00.index', 'journal.wal', 'offsets/groups/1', 'superblock.a']) {
      disk.append(`${partition}/${name}`, [bytes]);
    }

    expect(await run(disk)).toBeUndefined();
    expect(disk.list(partition)).toEqual(['purge.gen', 'superblock.a']);
    expect(disk.list(`${partition}.fenced.0`)).toEqual([
      '00.index',
      '00.log',
      'journal.wal',
      'offsets',
    ]);
    disk.append(`${partition}/00.log`, [bytes]);
    await run(disk);
    expect(disk.list(`${partition}.fenced.1`)).toEqual(['00.log']);
  });

  it('has nothing to do in an empty directory', async () => {
    expect(await run(new MemoryDisk())).toBeUndefined();
  });
});
