// What is missing in the segments of a partition is told from what retention, a purge or a jump of
// offsets took away.
import { describe, expect, test } from 'vitest';
import { decodePartitionMark, encodePartitionMark, lastNotedEnd } from '../../../src/wire/index.js';
import { FakeStore } from './fake-store.js';
import { opening, PartitionHarness } from './partition-harness.js';

const mib = 1_048_576;
const mark = 'purge.gen';
const settings = { segmentSize: mib, messagesRequiredToSave: 1 };
const modes = ['fsync', 'memory'] as const;

const logName = (start: number) => `${String(start).padStart(20, '0')}.log`;
const notes = 'extent.notes';
/** What mark and notes say together. */
const extentIn = (store: FakeStore) => {
  const found = decodePartitionMark(store.bytes(mark));
  if (typeof found === 'string' || found.extent === undefined) return found;
  const { createdRevision, sequence = 0, extent } = found;
  const noted = store.size(notes) === undefined ? new Uint8Array(0) : store.bytes(notes);
  const end = Math.max(extent.end, lastNotedEnd(noted, { createdRevision, sequence }));
  return { ...extent, end };
};

function flush(partition: PartitionHarness): void {
  partition.machine.flush();
  partition.settle();
}

/** The directory of a partition that is new. */
function claimed(): FakeStore {
  const store = new FakeStore();
  const { revision: createdRevision } = new PartitionHarness().info;
  const extent = { start: 0, end: 0, jumps: [] };
  store.write(mark, encodePartitionMark({ generation: 0, createdRevision, extent }));
  return store;
}

/** Three sealed segments of four batches each, and an active one; everything is synced. */
function filled(ack: 'fsync' | 'memory' = 'fsync'): PartitionHarness {
  const partition = new PartitionHarness({ ack, settings });
  for (let i = 0; i < 14; i++) partition.send(1, mib / 4);
  flush(partition);
  expect(partition.segmentStarts()).toEqual([0, 4, 8, 12]);
  return partition;
}

/** How the files would be opened now. */
const reopened = (partition: PartitionHarness, about: object = {}) =>
  opening({ ...partition.config(), ...about });

/** Cuts the last `batches` off a segment, to a length at which a batch ends. */
function lose(store: FakeStore, start: number, batches: number, of: number): void {
  const bytes = store.bytes(logName(start));
  store.write(logName(start), bytes.slice(0, (bytes.length / of) * (of - batches)));
}

/** Carries out `count` effects, one after the other, and no more. */
function carryOut(partition: PartitionHarness, count: number): boolean {
  const waiting = [...partition.machine.takeEffects()];
  for (let left = count; left > 0; left--) {
    const effect = waiting.shift();
    if (effect === undefined) return true;
    partition.store.perform(effect);
    if ('id' in effect) partition.machine.effectDone(effect.id, true);
    waiting.push(...partition.machine.takeEffects());
  }
  return false;
}

describe('segments that are missing', () => {
  test.each(modes)('08-3.5 the first one (%s) is damage, also without its index', (ack) => {
    for (const names of [[logName(0)], [logName(0), logName(0).replace('log', 'index')]]) {
      const partition = filled(ack);
      for (const name of names) partition.store.remove(name);

      expect(reopened(partition)).toMatchObject({ kind: 'damaged', file: logName(0) });
    }
  });

  test.each(modes)('08-3.5 the last ones, or all of them, are damage (%s)', (ack) => {
    for (const gone of [[12], [8, 12], [0, 4, 8, 12]]) {
      const partition = filled(ack);
      for (const start of gone) partition.store.remove(logName(start));

      expect(reopened(partition).kind).toBe('damaged');
    }
  });

  test('are written again from the journal as far as that goes', () => {
    const partition = filled();
    const expected = partition.all();
    for (const start of [4, 12]) partition.store.remove(logName(start));
    expect(reopened(partition, { journaledFrom: 5 }).kind).toBe('damaged');

    partition.restart(5);
    expect(partition.all()).toEqual(expected);
    flush(partition);
    expect(partition.segmentStarts()).toEqual([0, 4, 8, 12]);

    partition.store.remove(logName(0));
    partition.restart(1);
    expect(partition.all()).toEqual(expected);
  });

  test.each(modes)('are no damage before anything of them was synced (%s)', (ack) => {
    const partition = new PartitionHarness({ ack, settings, store: claimed() });
    for (let i = 0; i < 6; i++) partition.send(1, mib / 4);
    expect(partition.segmentStarts()).toEqual([0, 4]);
    expect(extentIn(partition.store)).toMatchObject({ end: 0 });
    partition.store.remove(logName(0));

    if (ack === 'fsync') {
      partition.restart();
      expect(partition.all()).toHaveLength(6);
    } else {
      const after = new PartitionHarness({ ...{ ack, settings }, store: partition.store });
      expect(after.all()).toEqual([]);
      expect(after.segmentStarts()).toEqual([]);
    }
  });

  test.each(modes)('05-5.9 are lawful where retention removed them (%s)', (ack) => {
    const partition = filled(ack);
    partition.machine.update({
      ...partition.info,
      settings: partition.config().settings,
      deletedUpToOffset: 7,
    });
    expect(partition.machine.trim()).toBe(2);
    partition.settle();
    expect(partition.segmentStarts()).toEqual([8, 12]);
    expect(extentIn(partition.store)).toEqual({ start: 8, end: 14, jumps: [] });

    expect(reopened(partition).kind).toBe('open');
    partition.store.remove(logName(8));
    expect(reopened(partition)).toMatchObject({ kind: 'damaged', file: logName(8) });
  });

  test('05-5.9 a crash amid retention leaves what goes on with it', () => {
    for (let count = 1; ; count++) {
      const partition = filled();
      partition.machine.update({
        ...partition.info,
        settings: partition.config().settings,
        deletedUpToOffset: 7,
      });
      partition.machine.trim();
      const isDone = carryOut(partition, count);
      partition.restart();

      expect(partition.segmentStarts()).toEqual([8, 12]);
      expect(partition.offsets('first', 0, 99)).toEqual([8, 9, 10, 11, 12, 13]);
      if (isDone) break;
    }
  });
});

describe('a segment that lost whole batches', () => {
  test.each(modes)('08-3.5 is damaged, be it the last one or not (%s)', (ack) => {
    for (const [start, of] of [
      [12, 2],
      [8, 4],
      [0, 4],
    ] as const) {
      const partition = filled(ack);
      lose(partition.store, start, 1, of);

      expect(reopened(partition)).toMatchObject({ kind: 'damaged', file: logName(start) });
    }
  });

  test('is filled again from the journal if that has them', () => {
    const partition = filled();
    const expected = partition.all();
    lose(partition.store, 8, 2, 4);
    expect(reopened(partition, { journaledFrom: 11 }).kind).toBe('damaged');

    partition.restart(11);
    expect(partition.all()).toEqual(expected);
  });

  test('is no damage where they were never synced', () => {
    const partition = filled('memory');
    partition.send(1, 10);
    const bytes = partition.store.bytes(logName(12));
    partition.store.write(logName(12), bytes.slice(0, bytes.length - 9));

    const after = new PartitionHarness({ ack: 'memory', settings, store: partition.store });
    expect(after.offsets('first', 0, 99)).toHaveLength(14);
  });

  test('does not pass for one that offsets jumped away from', () => {
    const partition = filled('memory');
    const open = (store: FakeStore) =>
      new PartitionHarness({ ack: 'memory', settings, store, offsetFrontier: 100 });
    const after = open(partition.store);
    expect(after.send(1)).toMatchObject({ confirmed: { base: 100 } });
    flush(after);
    expect(extentIn(after.store)).toEqual({ start: 0, end: 101, jumps: [{ from: 14, to: 100 }] });
    expect(reopened(after).kind).toBe('open');

    lose(after.store, 12, 1, 2);
    expect(reopened(after)).toMatchObject({ kind: 'damaged', file: logName(12) });
  });

  test('a jump is noted before a segment shows it', () => {
    const partition = filled('memory');
    const after = new PartitionHarness({
      ...{ ack: 'memory', settings, store: partition.store, offsetFrontier: 100, manual: true },
    });
    after.settle();
    after.send(1);
    expect(after.segmentStarts().at(-1)).toBe(12);
    after.settle();
    expect(after.segmentStarts().at(-1)).toBe(100);
  });
});

describe('a purge', () => {
  test('05-5.10 that a crash cut off leaves nothing of what was purged, and no damage', () => {
    for (let count = 0; ; count++) {
      const partition = new PartitionHarness({ settings, manual: true });
      partition.settle();
      for (let i = 0; i < 9; i++) partition.send(1, mib / 4);
      flush(partition);
      partition.settle();
      const flushed = partition.flushedOp;
      partition.purge();
      partition.send(3);
      const isDone = carryOut(partition, count);
      partition.restart(flushed + 1);
      partition.settle();

      expect(partition.offsets('first', 0, 99)).toEqual([0, 1, 2]);
      flush(partition);
      expect(extentIn(partition.store)).toEqual({ start: 0, end: 3, jumps: [] });
      expect(reopened(partition).kind).toBe('open');
      if (isDone) break;
    }
  });

  test('05-5.10 directly behind another one ends in the newest mark', () => {
    for (let count = 0; count < 12; count++) {
      const partition = new PartitionHarness({ settings, manual: true });
      partition.settle();
      for (let i = 0; i < 5; i++) partition.send(1, mib / 4);
      flush(partition);
      partition.settle();
      const flushed = partition.flushedOp;
      for (let i = 0; i < 3; i++) {
        partition.purge();
        partition.send(1 + i);
        carryOut(partition, count);
      }
      partition.restart(flushed + 1);
      partition.settle();
      flush(partition);

      expect(decodePartitionMark(partition.store.bytes(mark))).toMatchObject({ generation: 3 });
      expect(extentIn(partition.store)).toEqual({ start: 0, end: 3, jumps: [] });
      expect(partition.offsets('first', 0, 99)).toEqual([0, 1, 2]);
    }
  });
});

describe('the mark of a partition', () => {
  test('is made of what is there when a server without it left the files', () => {
    for (const bytes of [undefined, new Uint8Array(16)]) {
      const partition = filled();
      const { revision } = partition.info;
      if (bytes === undefined) partition.store.remove(mark);
      else {
        new DataView(bytes.buffer).setBigUint64(8, BigInt(revision), true);
        partition.store.write(mark, bytes);
      }
      partition.restart();

      expect(extentIn(partition.store)).toEqual({ start: 0, end: 14, jumps: [] });
      expect(partition.all()).toHaveLength(14);
    }
  });

  test('08-3.5 that has rotted is damage', () => {
    const partition = filled();
    const bytes = partition.store.bytes(mark).slice();
    bytes[20]! ^= 1;
    partition.store.write(mark, bytes);

    expect(reopened(partition)).toMatchObject({ kind: 'damaged', file: mark });
  });
});

describe('notes of how far the log has come', () => {
  const markOf = (store: FakeStore) => store.bytes(mark).slice();
  /** A partition whose mark is there, with as many notes as rounds behind it. */
  function noted(rounds: number): PartitionHarness {
    const partition = new PartitionHarness({ settings });
    partition.send(1);
    flush(partition);
    for (let i = 0; i < rounds; i++) {
      partition.send(1);
      flush(partition);
    }
    return partition;
  }

  test('leave the mark as it is, and count as much', () => {
    const partition = noted(1);
    const before = markOf(partition.store);
    partition.send(2);
    flush(partition);

    expect(markOf(partition.store)).toEqual(before);
    expect(extentIn(partition.store)).toMatchObject({ start: 0, end: 4 });
    lose(partition.store, 0, 1, 3);
    expect(reopened(partition)).toMatchObject({ kind: 'damaged' });
  });

  test('that are torn or rotten count for nothing, and those around them do', () => {
    for (const spoil of [
      (bytes: Uint8Array) => bytes.slice(0, -7),
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 16 ? byte ^ 1 : byte)),
    ]) {
      const partition = noted(3);
      partition.store.write(notes, spoil(partition.store.bytes(notes)));
      expect(extentIn(partition.store)).toMatchObject({ end: 3 });
      partition.restart();
      partition.settle();
      partition.send(1);
      flush(partition);

      expect(extentIn(partition.store)).toMatchObject({ end: 5 });
      expect(reopened(partition).kind).toBe('open');
    }
  });

  test('end with the mark they were written behind', () => {
    const partition = noted(3);
    const stale = partition.store.bytes(notes).slice();
    expect(stale).toHaveLength(3 * 16);
    partition.purge();
    partition.settle();
    partition.store.write(notes, stale);

    expect(extentIn(partition.store)).toMatchObject({ end: 0 });
    expect(reopened(partition).kind).toBe('open');
  });

  test('give way to a new mark when there are many', () => {
    const partition = noted(4096 / 16);
    expect(partition.store.size(notes)).toBe(4096);
    const before = markOf(partition.store);
    partition.send(1);
    flush(partition);
    expect(partition.store.size(notes)).toBeUndefined();
    expect(markOf(partition.store)).not.toEqual(before);
    partition.send(1);
    flush(partition);

    expect(partition.store.size(notes)).toBe(16);
    expect(extentIn(partition.store)).toMatchObject({ end: 4096 / 16 + 3 });
  });
});
