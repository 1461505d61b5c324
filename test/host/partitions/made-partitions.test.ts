import { describe, expect, it } from 'vitest';
import { MadePartitions } from '../../../src/host/partitions/made-partitions.js';
import { madePartitionsFile } from '../../../src/host/places.js';
import { FaultyDisk, MemoryDisk } from '../../../src/platform/index.js';

const noted = (made: MadePartitions, group: number, revision: number) =>
  new Promise<void>((resolve) => made.add(group, revision, resolve));

describe('the list of partitions that were made', () => {
  it('outlives a power cut once its write is answered, newest revision first', async () => {
    const disk = new MemoryDisk();
    const made = new MadePartitions(disk);
    await Promise.all([noted(made, 7, 1), noted(made, 2 ** 40, 5), noted(made, 8, 2)]);
    await noted(made, 7, 9);
    disk.crash();

    const again = new MadePartitions(disk);
    expect([again.has(7, 9), again.has(2 ** 40, 5), again.has(8, 2)]).toEqual([true, true, true]);
    expect([again.has(7, 1), again.has(9, 1)]).toEqual([false, false]);
  });

  it('says nothing before the write, and answers at once what it holds', async () => {
    const disk = new MemoryDisk();
    const made = new MadePartitions(disk);
    let answered = false;
    made.add(1, 1, () => {
      answered = true;
    });
    expect(answered).toBe(false);
    await noted(made, 2, 1);
    expect(answered).toBe(true);
    const size = disk.size(madePartitionsFile);
    let isAtOnce = false;
    made.add(1, 1, () => {
      isAtOnce = true;
    });
    expect(isAtOnce).toBe(true);
    expect(disk.size(madePartitionsFile)).toBe(size);
  });

  it('passes over a torn end and writes behind what was intact', async () => {
    const disk = new MemoryDisk();
    await noted(new MadePartitions(disk), 1, 1);
    disk.append(madePartitionsFile, [new Uint8Array(30).fill(7)]);
    const made = new MadePartitions(disk);
    expect(made.has(1, 1)).toBe(true);
    await noted(made, 2, 3);

    const again = new MadePartitions(disk);
    expect([again.has(1, 1), again.has(2, 3)]).toEqual([true, true]);
    expect(disk.size(madePartitionsFile)).toBe(48);
  });

  it('is written whole after a write that failed, and holds nobody up', async () => {
    const disk = new FaultyDisk(new MemoryDisk());
    const made = new MadePartitions(disk);
    for (const kind of ['enospc', 'fsync-fail', 'torn'] as const) {
      await disk.inject({ kind, once: true });
      await noted(made, 10 + kind.length, 1);
    }
    await noted(made, 1, 1);

    const again = new MadePartitions(disk);
    for (const group of [1, 16, 20, 14]) expect(again.has(group, 1)).toBe(true);
  });

  it('forgets what newer revisions made useless', async () => {
    const disk = new MemoryDisk();
    const made = new MadePartitions(disk);
    for (let revision = 0; revision < 1100; revision++) await noted(made, 3, revision);
    const again = new MadePartitions(disk);
    await noted(again, 4, 1);

    expect(disk.size(madePartitionsFile)).toBe(48);
    expect(new MadePartitions(disk).has(3, 1099)).toBe(true);
  });
});
