import { describe, expect, it } from 'vitest';
import { concatBytes, setU32, setU64Number, setU128 } from '../../src/base/index.js';
import { BootRefusedError } from '../../src/host/index.js';
import { encodeJournal } from '../../src/host/storage/journal-file.js';
import { type OpenedStorage, openStorage } from '../../src/host/storage/open-storage.js';
import { SuperblockFile } from '../../src/host/storage/superblock-file.js';
import { MemoryDisk } from '../../src/platform/index.js';
import { DiskError } from '../../src/ports/index.js';
import { encodeSnapshotFile, scanJournal, xxh3 } from '../../src/wire/index.js';

const directory = 'metadata';
const wal = 'metadata/journal.wal';
const identity = { cluster: 0x77n, replica: 1, replicaCount: 3 };
const record = {
  view: 3,
  logView: 2,
  commitMax: 9,
  checkpointOp: 0,
  checkpointChecksum: 0n,
  offsetFrontier: 0,
  lostUpTo: 0,
  viewHeaders: [],
};

function entry(op: number): Uint8Array {
  const bytes = new Uint8Array(260).fill(op, 256);
  setU32(bytes, 48, bytes.length);
  bytes[60] = 6;
  setU64Number(bytes, 176, op);
  setU128(bytes, 16, xxh3(bytes, 256));
  return bytes;
}

function open(
  disk: MemoryDisk,
  plane: 'metadata' | 'partition' = 'metadata',
  wasMade = false,
): Promise<OpenedStorage> {
  return new Promise((resolve, reject) => {
    openStorage({ disk, directory, identity, plane, wasMade }, (result) => {
      if (result instanceof BootRefusedError) reject(result);
      else resolve(result);
    });
  });
}

const put = (disk: MemoryDisk, path: string, bytes: Uint8Array) =>
  new Promise<void>((resolve) => disk.replace(path, bytes, () => resolve()));

const removed = (disk: MemoryDisk, path: string) =>
  new Promise<void>((resolve) => disk.remove(path, () => resolve()));

async function writeSuperblock(disk: MemoryDisk, times = 1, who = identity): Promise<void> {
  let report: () => void = () => undefined;
  const file = new SuperblockFile({
    disk,
    directory,
    identity: who,
    position: { sequence: 0, slot: 'b' },
    report: () => report(),
  });
  for (let i = 0; i < times; i++) {
    await new Promise<void>((resolve) => {
      report = resolve;
      file.write(i, { ...record, commitMax: record.commitMax + i });
    });
  }
}

describe('openStorage', () => {
  it('makes the journal of a node that never lived', async () => {
    const disk = new MemoryDisk();

    expect(await open(disk)).toEqual({
      state: { entries: [] },
      journal: { length: 0, nextBatch: 1 },
      superblock: { sequence: 1, slot: 'a' },
      cutBytes: 0,
    });
    disk.crash();
    expect(disk.size(wal)).toBe(0);
  });

  it('gives back entries, superblock and snapshot', async () => {
    const disk = new MemoryDisk();
    const { bytes, nextBatch } = encodeJournal([entry(4), entry(5)]);
    const payload = new Uint8Array([0x97, 3, 0xcf, 0, 0, 0, 0, 0, 0, 0, 9, 0xcd, 1, 2, 0xc0]);
    await put(disk, wal, bytes);
    await put(disk, 'metadata/snapshot.bin', encodeSnapshotFile(payload));
    await writeSuperblock(disk, 2);

    const opened = await open(disk);
    expect(opened.state.entries).toEqual([entry(4), entry(5)]);
    expect(opened.state.superblock).toMatchObject({ view: 3, commitMax: 10 });
    expect(opened.state.snapshot).toEqual({ op: 258, payload, checksum: xxh3(payload) });
    expect(opened.journal).toEqual({ length: bytes.length, nextBatch });
    expect(opened.superblock).toEqual({ sequence: 2, slot: 'b' });
  });

  it('03-S33 cuts a torn last batch away, durably', async () => {
    const disk = new MemoryDisk();
    const { bytes } = encodeJournal([entry(1)]);
    await put(disk, wal, concatBytes([bytes, bytes.slice(0, 100)]));
    await writeSuperblock(disk);

    const opened = await open(disk);
    expect(opened.cutBytes).toBe(100);
    disk.crash();
    expect(disk.size(wal)).toBe(bytes.length);
  });

  it('03-S33 refuses a journal that is damaged in its interior, and touches nothing', async () => {
    const disk = new MemoryDisk();
    const many = Array.from({ length: 200 }, (_, i) => entry(i + 1));
    const { bytes } = encodeJournal(many);
    bytes[500] = (bytes[500] ?? 0) ^ 1;
    await put(disk, wal, bytes);

    await expect(async () => open(disk)).rejects.toMatchObject({
      code: 'BOOT_REFUSED',
      damage: 'journal_interior',
    });
    expect(disk.read(wal, 0, bytes.length)).toEqual(bytes);
  });

  it('03-S33 refuses a flipped size with intact entries behind it', async () => {
    const many = Array.from({ length: 200 }, (_, i) => entry(i + 1));
    const { bytes } = encodeJournal(many);
    const { batches } = scanJournal(bytes);
    const first = batches[0]?.offset ?? 0;
    const second = batches[1]?.offset ?? 0;
    expect(second).toBeGreaterThan(first);
    // Of the batch frame, and of the first entry in it.
    for (let at = first; at < first + 128; at++) {
      const disk = new MemoryDisk();
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x80;
      await put(disk, wal, damaged);
      await expect(async () => open(disk)).rejects.toMatchObject({ damage: 'journal_interior' });
      expect(disk.size(wal)).toBe(bytes.length);
    }
  });

  it('refuses a metadata directory whose journal is missing, and calls that of a partition lost', async () => {
    const disk = new MemoryDisk();
    await writeSuperblock(disk);

    await expect(async () => open(disk)).rejects.toMatchObject({ damage: 'journal_missing' });
    // Also the next time, until there is a journal again.
    for (let start = 0; start < 2; start++) {
      expect((await open(disk, 'partition')).state.journalLost).toBe(true);
      expect(disk.size(wal)).toBeUndefined();
      disk.crash();
    }
    await put(disk, wal, new Uint8Array(0));
    expect((await open(disk, 'partition')).state.journalLost).toBeUndefined();
  });

  it('calls a partition lost that was made here and left nothing, now and after a restart', async () => {
    for (const remains of ['nothing', 'an empty journal']) {
      const disk = new MemoryDisk();
      if (remains !== 'nothing') await put(disk, wal, new Uint8Array(0));
      for (let start = 0; start < 2; start++) {
        expect((await open(disk, 'partition', true)).state.journalLost).toBe(true);
        expect(disk.size(wal)).toBeUndefined();
        disk.crash();
        expect(disk.size('metadata/superblock.a')).toBeGreaterThan(0);
      }
    }
    expect((await open(new MemoryDisk(), 'partition')).state.journalLost).toBeUndefined();
  });

  it('03-S15 refuses a superblock slot that does not verify, also beside a valid one', async () => {
    const disk = new MemoryDisk();
    await writeSuperblock(disk, 2);
    await put(disk, 'metadata/superblock.a', new Uint8Array(111));
    await put(disk, wal, new Uint8Array(0));

    await expect(async () => open(disk)).rejects.toMatchObject({
      damage: 'superblock_unreadable',
      details: { path: 'metadata/superblock.a' },
    });
  });

  it('03-S15 refuses a slot with any flipped bit', async () => {
    for (const slot of ['a', 'b']) {
      const disk = new MemoryDisk();
      await writeSuperblock(disk, 2);
      await put(disk, wal, new Uint8Array(0));
      const path = `metadata/superblock.${slot}`;
      const bytes = disk.read(path, 0, disk.size(path) ?? 0).slice();
      for (let at = 0; at < bytes.length; at += 5) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ (1 << (at & 7));
        await put(disk, path, damaged);
        await expect(async () => open(disk)).rejects.toMatchObject({ details: { path } });
      }
    }
  });

  it('refuses a journal with entries whose superblocks are both gone, and says what to do', async () => {
    for (const plane of ['metadata', 'partition'] as const) {
      const disk = new MemoryDisk();
      const { bytes } = encodeJournal([entry(1), entry(2)]);
      await put(disk, wal, bytes);

      const refusal = await open(disk, plane).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).toMatchObject({ code: 'BOOT_REFUSED', damage: 'superblock_missing' });
      expect(String(refusal)).toContain('metadata/superblock.a and metadata/superblock.b');
      expect(String(refusal)).toContain('wipe');
      expect(disk.read(wal, 0, bytes.length)).toEqual(bytes);
      expect(disk.size('metadata/superblock.a')).toBeUndefined();
    }
  });

  it('tells a journal that a lone partition lost from one it never kept', async () => {
    const lone = { ...identity, replica: 0, replicaCount: 1 };
    const start = (disk: MemoryDisk, hasJournal: boolean) =>
      new Promise<OpenedStorage>((resolve, reject) => {
        const options = {
          disk,
          directory,
          identity: lone,
          plane: 'partition',
          hasJournal,
        } as const;
        openStorage(options, (result) => {
          if (result instanceof BootRefusedError) reject(result);
          else resolve(result);
        });
      });
    const disk = new MemoryDisk();
    await start(disk, true);
    await removed(disk, wal);
    await expect(async () => start(disk, true)).rejects.toMatchObject({
      damage: 'journal_missing',
    });
    expect(disk.size(wal)).toBeUndefined();

    // From memory mode on there was none, also where power is lost in between.
    await start(disk, false);
    disk.crash();
    await start(disk, true);
    disk.crash();
    expect(disk.size(wal)).toBe(0);
    await removed(disk, wal);
    await expect(async () => start(disk, true)).rejects.toMatchObject({
      damage: 'journal_missing',
    });
  });

  it('has a superblock before the first entry, whenever power is lost', async () => {
    const disk = new MemoryDisk();
    await open(disk);
    disk.crash();
    expect(disk.size('metadata/superblock.a')).toBeGreaterThan(0);
    expect((await open(disk)).state.superblock).toMatchObject({ view: 0, commitMax: 0 });

    // Power went between the two files: it is a first start all the same.
    const torn = new MemoryDisk();
    await put(torn, wal, new Uint8Array(0));
    expect((await open(torn)).superblock).toEqual({ sequence: 1, slot: 'a' });
  });

  it('03-S15 takes an empty slot for an absent one, and goes on with the other', async () => {
    const disk = new MemoryDisk();
    await writeSuperblock(disk);
    await put(disk, 'metadata/superblock.b', new Uint8Array(0));
    await put(disk, wal, new Uint8Array(0));

    expect((await open(disk)).superblock).toEqual({ sequence: 1, slot: 'a' });
    await writeSuperblock(disk, 2);
    await removed(disk, 'metadata/superblock.b');
    expect((await open(disk)).superblock).toEqual({ sequence: 1, slot: 'a' });
  });

  it('refuses the directory of another replica', async () => {
    const disk = new MemoryDisk();
    await writeSuperblock(disk, 1, { ...identity, replica: 2 });

    await expect(async () => open(disk)).rejects.toMatchObject({ damage: 'superblock_foreign' });
  });

  it('refuses a snapshot that its trailer does not match', async () => {
    const disk = new MemoryDisk();
    const file = encodeSnapshotFile(new Uint8Array([0x97, 3, 1, 5, 0xc0]));
    file[1] = 4;
    await put(disk, 'metadata/snapshot.bin', file);
    await put(disk, wal, new Uint8Array(0));

    await expect(async () => open(disk)).rejects.toMatchObject({ damage: 'snapshot_unreadable' });
  });

  it("rewrites a journal of upstream's layout in batches", async () => {
    const disk = new MemoryDisk();
    await put(disk, wal, concatBytes([entry(1), entry(2)]));

    const opened = await open(disk);
    expect(opened.state.entries).toHaveLength(2);
    expect(opened.journal.nextBatch).toBe(2);
    const scan = scanJournal(disk.read(wal, 0, disk.size(wal) ?? 0));
    expect(scan).toMatchObject({ layout: 'framed', tail: 'clean' });
  });

  it('refuses for the time being when the disk cannot make the journal', async () => {
    class ShortDisk extends MemoryDisk {
      override append(path: string): void {
        throw new DiskError({ operation: 'append', path, code: 'EMFILE' });
      }
    }
    await expect(open(new ShortDisk(), 'partition')).rejects.toMatchObject({
      code: 'BOOT_REFUSED',
      damage: 'disk_failed',
    });
  });
});
