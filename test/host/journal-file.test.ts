import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setU32, setU64Number, setU128 } from '../../src/base/index.js';
import { encodeJournal, JournalFile } from '../../src/host/storage/journal-file.js';
import { FaultyDisk, MemoryDisk } from '../../src/platform/index.js';
import { scanJournal, xxh3 } from '../../src/wire/index.js';

const path = 'metadata/journal.wal';

function entry(op: number, bodyBytes = 4): Uint8Array {
  const bytes = new Uint8Array(256 + bodyBytes).fill(op & 255, 256);
  setU32(bytes, 48, bytes.length);
  bytes[60] = 6;
  setU64Number(bytes, 176, op);
  setU128(bytes, 16, xxh3(bytes, 256));
  return bytes;
}

/** A journal on a memory disk whose completions are run by hand. */
class Bench {
  readonly deferred: (() => void)[] = [];
  readonly disk = new FaultyDisk(new MemoryDisk((callback) => this.deferred.push(callback)));
  readonly reports: [readonly number[], string][] = [];
  readonly journal = new JournalFile(
    this.disk,
    path,
    { length: 0, nextBatch: 1 },
    (writes, result) => this.reports.push([writes, result]),
  );

  complete(): void {
    while (this.deferred.length > 0) for (const run of this.deferred.splice(0)) run();
  }

  scan() {
    return scanJournal(this.disk.read(path, 0, this.disk.size(path) ?? 0));
  }

  get batchSizes(): readonly number[] {
    return this.scan().batches.map(({ entries }) => entries.length);
  }
}

describe('JournalFile', () => {
  it('writes what was handed over since the last batch as one batch with one sync', () => {
    const bench = new Bench();
    bench.journal.append(1, [entry(1)]);
    bench.journal.append(2, [entry(2), entry(3)]);
    bench.journal.flush();

    expect(bench.deferred).toHaveLength(1);
    bench.complete();

    expect(bench.reports).toEqual([[[1, 2], 'ok']]);
    expect(bench.batchSizes).toEqual([3]);
  });

  it('begins the next batch only when the sync of the last one is back', () => {
    const bench = new Bench();
    bench.journal.append(1, [entry(1)]);
    bench.journal.flush();
    bench.journal.append(2, [entry(2)]);
    bench.journal.flush();
    bench.journal.append(3, [entry(3)]);
    bench.journal.flush();

    expect(bench.batchSizes).toEqual([1]);
    bench.complete();

    expect(bench.batchSizes).toEqual([1, 2]);
    expect(bench.reports).toEqual([
      [[1], 'ok'],
      [[2, 3], 'ok'],
    ]);
  });

  it('splits what does not fit into one batch and reports a write with its last part', () => {
    const bench = new Bench();
    const many = Array.from({ length: 300 }, (_, i) => entry(i + 1));
    bench.journal.append(1, many);
    bench.journal.append(2, [entry(301)]);
    bench.journal.flush();
    bench.complete();

    expect(bench.batchSizes).toEqual([127, 127, 47]);
    expect(bench.reports).toEqual([[[1, 2], 'ok']]);
    expect(bench.scan().entries).toHaveLength(301);
  });

  it('hands failed appends back newest first and leaves the file as it was', () => {
    const bench = new Bench();
    bench.journal.append(1, [entry(1)]);
    bench.journal.flush();
    bench.journal.append(2, [entry(2)]);
    bench.journal.append(3, [entry(3)]);
    void bench.disk.inject({ kind: 'enospc', target: 'wal', once: true });
    bench.complete();

    expect(bench.reports).toEqual([
      [[1], 'ok'],
      [[3, 2], 'append-failed'],
    ]);
    bench.journal.append(4, [entry(2)]);
    bench.journal.flush();
    bench.complete();
    expect(bench.scan()).toMatchObject({ tail: 'clean' });
    expect(bench.batchSizes).toEqual([1, 1]);
  });

  it('reports a failed sync as such and writes nothing after it', async () => {
    const bench = new Bench();
    void bench.disk.inject({ kind: 'fsync-fail', target: 'wal', once: true });
    bench.journal.append(1, [entry(1)]);
    bench.journal.append(2, [entry(2)]);
    bench.journal.flush();
    bench.journal.append(3, [entry(3)]);
    await new Promise((resolve) => setImmediate(resolve));

    expect(bench.reports).toEqual([[[1, 2], 'sync-failed']]);
    expect(bench.batchSizes).toEqual([2]);
  });

  it('rewrites the file between two batches, in the order of the calls', () => {
    const bench = new Bench();
    const header = entry(1, 0);
    bench.journal.append(1, [entry(1), entry(2)]);
    bench.journal.flush();
    bench.journal.rewrite(2, [entry(2)], header);
    bench.journal.append(3, [entry(3)]);
    bench.journal.flush();
    bench.complete();

    expect(bench.reports).toEqual([
      [[1], 'ok'],
      [[2], 'ok'],
      [[3], 'ok'],
    ]);
    expect(bench.scan()).toMatchObject({ anchor: header, tail: 'clean' });
    expect(bench.scan().batches.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('keeps every reported write through a power cut at any moment', () => {
    const writes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(writes, fc.nat(40), (sizes, steps) => {
        const bench = new Bench();
        let op = 0;
        sizes.forEach((size, i) => {
          bench.journal.append(
            i,
            Array.from({ length: size }, () => entry(++op)),
          );
          bench.journal.flush();
          if (i % 3 === 2) bench.deferred.shift()?.();
        });
        for (let i = 0; i < steps; i++) bench.deferred.shift()?.();
        const reported = bench.reports.flatMap(([done]) => done);
        bench.disk.crash();

        const kept = bench.disk.size(path) === undefined ? 0 : bench.scan().entries.length;
        const promised = reported.reduce((sum, write) => sum + (sizes[write] ?? 0), 0);
        expect(kept).toBeGreaterThanOrEqual(promised);
        if (bench.disk.size(path) !== undefined) expect(bench.scan().tail).toBe('clean');
      }),
    );
  });
});

describe('encodeJournal', () => {
  it('numbers batches from 1, the anchor first', () => {
    const entries = Array.from({ length: 200 }, (_, i) => entry(i + 2));
    const { bytes, nextBatch } = encodeJournal(entries, entry(1, 0));
    const scan = scanJournal(bytes);

    expect(nextBatch).toBe(4);
    expect(scan.batches.map(({ kind, number }) => [kind, number])).toEqual([
      ['anchor', 1],
      ['entries', 2],
      ['entries', 3],
    ]);
    expect(scan.entries).toEqual(entries);
  });

  it('makes an empty file of no entries', () => {
    expect(encodeJournal([])).toEqual({ bytes: new Uint8Array(0), nextBatch: 1 });
  });
});
