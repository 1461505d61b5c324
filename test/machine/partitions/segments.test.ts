import { describe, expect, test } from 'vitest';
import { decodeIndexFile, scanSegment } from '../../../src/wire/index.js';
import { PartitionHarness } from './partition-harness.js';

const mib = 1_048_576;
/** A message that takes 220,304 bytes of a segment. */
const payload = 220_304 - 256 - 48;
const perSegment = { settings: { segmentSize: mib, messagesRequiredToSave: 1 } };

function withSegments(options: ConstructorParameters<typeof PartitionHarness>[0] = {}) {
  const { settings } = options;
  const partition = new PartitionHarness({
    ...options,
    settings: { ...perSegment.settings, ...settings },
  });
  for (let i = 0; i < 25; i++) partition.send(1, payload);
  return partition;
}

function truncate(partition: PartitionHarness, count: number): number {
  const upTo = partition.machine.truncationOffset(count);
  partition.metadata.replicated(68, {
    stream_id: 0,
    topic_id: 0,
    partition_id: 0,
    up_to_offset: BigInt(upTo),
  });
  partition.update();
  partition.machine.trim();
  partition.settle();
  return upTo;
}

describe('segments', () => {
  test('05-S81 are sealed by the batch that reaches their size', () => {
    const partition = withSegments();

    expect(partition.segmentStarts()).toEqual([0, 5, 10, 15, 20]);
    expect(partition.record()).toMatchObject({ segments_count: 6, current_offset: 24n });
    partition.machine.flush();
    partition.settle();
    partition.send(1);
    expect(partition.segmentStarts()).toEqual([0, 5, 10, 15, 20, 25]);
  });

  test('end at the same places whenever they are written', () => {
    const often = withSegments();
    const rarely = withSegments({
      settings: { messagesRequiredToSave: 1_000, sizeOfMessagesRequiredToSave: 4 * mib },
    });
    for (const partition of [often, rarely]) {
      partition.machine.flush();
      partition.settle();
    }

    expect(rarely.segmentStarts()).toEqual(often.segmentStarts());
    for (const name of often.store.list('').filter((each) => each.endsWith('.log'))) {
      expect(rarely.store.size(name)).toBe(often.store.size(name));
    }
  });

  test('hold dense batches and an index entry for each write', () => {
    const partition = new PartitionHarness({ settings: { messagesRequiredToSave: 4 } });
    for (let i = 0; i < 8; i++) partition.send(2);

    const [log, index] = ['.log', '.index'].map((ending) =>
      partition.store.bytes(`00000000000000000000${ending}`),
    );
    const scan = scanSegment(log!, { startOffset: 0 });
    expect(scan.tail).toBe('clean');
    expect(scan.batches.map((batch) => batch.baseOffset)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect(decodeIndexFile(index!).map((entry) => entry.offset)).toEqual([0, 4, 8, 12]);
  });

  test('05-S82 deleted ones go as far as consumers have read', () => {
    const partition = withSegments();
    partition.storeOffset(5);

    expect(truncate(partition, 1)).toBe(4);

    expect(partition.segmentStarts()).toEqual([5, 10, 15, 20, 25]);
    expect(partition.record()).toMatchObject({ current_offset: 24n, messages_count: 20n });
    expect(partition.offsets('offset', 0, 1)).toEqual([5]);
    expect(partition.offsets('first', 0, 1)).toEqual([5]);
  });

  test('05-S83 a pending deletion is carried out once consumers have got there', () => {
    const partition = withSegments();
    partition.storeOffset(5);
    truncate(partition, 1);

    expect(truncate(partition, 1)).toBe(9);
    expect(partition.segmentStarts()[0]).toBe(5);
    partition.storeOffset(9);
    partition.machine.trim();
    partition.settle();
    expect(partition.segmentStarts()[0]).toBe(10);
  });

  test('05-S84 none or all', () => {
    const partition = withSegments();
    partition.storeOffset(24);

    expect(truncate(partition, 0)).toBe(0);
    expect(partition.segmentStarts()[0]).toBe(0);
    expect(truncate(partition, 0xffff_ffff)).toBe(24);
    expect(partition.segmentStarts()).toEqual([25]);
    expect(partition.record()).toMatchObject({ segments_count: 1, current_offset: 24n });
    partition.restart();
    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 25 } });
  });

  test('05-S86 expired ones go, the active one never', () => {
    const partition = withSegments({ settings: { messageExpiry: 2_000_000n } });
    partition.send(1, payload);
    partition.machine.flush();
    partition.settle();

    expect(partition.machine.clean(partition.now)).toBe(0);
    expect(partition.machine.clean(partition.now + 2_000_000)).toBe(5);
    partition.settle();
    expect(partition.segmentStarts()).toEqual([25]);
    expect(partition.machine.clean(partition.now + 99_000_000)).toBe(0);
    expect(partition.offsets('first', 0, 10)).toEqual([25]);
  });

  test('05-S87 without stored offsets nothing is held back', () => {
    const partition = withSegments();

    truncate(partition, 2);

    expect(partition.segmentStarts()[0]).toBe(10);
  });

  test('the oldest go while the sealed ones are above the budget', () => {
    const budget = 70 * mib;
    const partition = new PartitionHarness({
      settings: { ...perSegment.settings, maxTopicSize: BigInt(budget) },
    });
    for (let i = 0; i < 72; i++) partition.send(1, mib);

    expect(partition.machine.clean(partition.now)).toBe(3);
    partition.settle();
    expect(partition.machine.clean(partition.now)).toBe(0);
    expect(partition.segmentStarts()[0]).toBe(3);
  });

  test('one pass removes 16 segments at most', () => {
    const partition = new PartitionHarness({
      settings: { ...perSegment.settings, messageExpiry: 1n },
    });
    for (let i = 0; i < 18; i++) partition.send(1, mib);

    expect(partition.machine.clean(partition.now + 9)).toBe(16);
    partition.settle();
    expect(partition.machine.clean(partition.now + 9)).toBe(2);
  });

  test('a forgotten consumer pins the log', () => {
    const partition = withSegments({ settings: { messageExpiry: 1n } });
    partition.storeOffset(3, 77, 2);

    expect(partition.machine.clean(partition.now + 9)).toBe(0);
    partition.delete(77, 2);
    expect(partition.machine.clean(partition.now + 9)).toBe(5);
  });

  test('a watermark from before a purge does not touch what came after it', () => {
    const partition = withSegments();
    truncate(partition, 5);
    partition.purge();
    for (let i = 0; i < 12; i++) partition.send(1, payload);

    partition.machine.trim();
    partition.settle();

    expect(partition.segmentStarts()).toEqual([0, 5, 10]);
  });

  test('nothing of a large log is kept in memory but sparse positions', () => {
    const partition = new PartitionHarness({
      settings: { segmentSize: 64 * mib, messagesRequiredToSave: 1 },
      cacheBytes: 8 * 1024,
    });
    for (let i = 0; i < 300; i++) partition.send(10, 1_000);
    partition.store.readBytes = 0;
    partition.store.largestRead = 0;

    expect(partition.offsets('offset', 1_500, 20)).toHaveLength(20);

    expect(partition.store.largestRead).toBeLessThan(256 * 1024);
    expect(partition.store.readBytes).toBeLessThan(512 * 1024);
  });

  test('a batch larger than a read window is read whole', () => {
    const partition = new PartitionHarness({
      settings: { segmentSize: 64 * mib, messagesRequiredToSave: 1 },
      cacheBytes: 0,
    });
    partition.send(1);
    partition.send(3, 300_000);
    partition.send(1);

    expect(partition.offsets('first', 0, 9)).toEqual([0, 1, 2, 3, 4]);
    expect(partition.offsets('offset', 2, 1)).toEqual([2]);
    expect(partition.offsets('timestamp', partition.now, 9)).toEqual([4]);
  });

  test('a store that cannot be written stops the replica', () => {
    const partition = new PartitionHarness({ settings: { messagesRequiredToSave: 1 } });
    partition.store.failAppends = true;
    partition.send(1);

    expect(partition.told.at(-1)).toMatchObject({ kind: 'halt', reason: 'sync_failed' });
  });

  test('every write is synced where the topic asks for it', () => {
    const partition = new PartitionHarness({
      settings: { messagesRequiredToSave: 1, enforceFsync: true },
    });
    partition.send(1);

    expect(partition.told.filter((effect) => effect.kind === 'sync')).toHaveLength(2);
    expect(partition.flushedOp).toBe(1);
  });
});
