import { describe, expect, test } from 'vitest';
import { storedBatch } from '../../../src/machine/partitions/stored-batch.js';
import { Operation } from '../../../src/wire/index.js';
import type { FakeStore } from './fake-store.js';
import { newMessages, opening, PartitionHarness, sendBody } from './partition-harness.js';

const mib = 1_048_576;
const log0 = '00000000000000000000.log';
const index0 = '00000000000000000000.index';

/** Ten written and synced batches of two messages. */
function filled(options: ConstructorParameters<typeof PartitionHarness>[0] = {}) {
  const partition = new PartitionHarness({
    ...options,
    settings: { messagesRequiredToSave: 1, ...options.settings },
  });
  for (let i = 0; i < 10; i++) partition.send(2);
  partition.machine.flush();
  partition.settle();
  return partition;
}

/** The same without a mark, as it comes from servers that know none. */
function unmarked(options: Parameters<typeof filled>[0] = {}) {
  const partition = filled(options);
  partition.store.remove('purge.gen');
  return partition;
}

function offsetsIn(
  store: FakeStore,
  options: ConstructorParameters<typeof PartitionHarness>[0] = {},
) {
  return new PartitionHarness({ ...options, store }).offsets('first', 0, 1_000);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('opening a partition that preallocates', () => {
  const settings = { preallocateSegments: true };
  const zeros = (store: FakeStore, file: string, size: number) => {
    const bytes = new Uint8Array(size);
    bytes.set(store.bytes(file));
    store.write(file, bytes);
  };

  test('zeros behind the data are room, which is given back before the next message', () => {
    const { store } = filled({ settings });
    const size = store.size(log0);
    zeros(store, log0, mib);

    const partition = new PartitionHarness({ store, settings });

    expect(partition.record()).toMatchObject({
      size_bytes: BigInt(size ?? 0),
      current_offset: 19n,
    });
    expect(store.size(log0)).toBe(size);
    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 20 } });
    expect(partition.offsets('first', 0, 99)).toEqual(upTo(21));
  });

  test('a batch cut short in front of zeros is cut whole', () => {
    const { store } = unmarked({ settings });
    const whole = store.bytes(log0);
    const batch = whole.length / 10;
    store.write(log0, whole.slice(0, whole.length - 40));
    zeros(store, log0, mib);

    expect(offsetsIn(store, { settings })).toEqual(upTo(18));
    expect(store.size(log0)).toBe(9 * batch);
  });

  test('a segment that offsets jumped away from may end in zeros, one that is short may not', () => {
    const memory = { ack: 'memory', settings: { ...settings, messagesRequiredToSave: 1 } } as const;
    const open = (store: FakeStore) =>
      new PartitionHarness({ ...memory, store, offsetFrontier: 70 });
    const first = new PartitionHarness(memory);
    first.send(2);
    first.machine.flush();
    first.settle();
    const second = open(first.store);
    expect(second.send(1)).toEqual({ confirmed: { partition: 0, base: 70 } });
    second.machine.flush();
    second.settle();
    const { store } = second;

    zeros(store, log0, mib - 1);
    expect(() => open(store)).toThrow('it ends before the next one begins');
    zeros(store, log0, mib);
    expect(open(store).offsets('first', 0, 9)).toEqual([0, 1, 70]);
  });
});

describe('opening a partition', () => {
  test('05-S58 a single message at offset 0 is found again', () => {
    const partition = new PartitionHarness();
    partition.send(1);

    partition.restart();

    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 1 } });
    expect(partition.offsets('first', 0, 9)).toEqual([0, 1]);
  });

  test('messages that are in the journal alone are not behind the frontier of a record', () => {
    const partition = new PartitionHarness();
    partition.send(5);
    // A view change wrote a record: it counts what was applied, of which no segment knows yet.
    partition.frontier = partition.machine.offsetFrontier();
    expect(partition.frontier).toBe(5);
    expect(partition.segmentStarts()).toEqual([]);

    partition.restart();

    expect(partition.offsets('first', 0, 9)).toEqual(upTo(5));
    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 5 } });
  });

  test('03-9.7 what a dead process had written is synced before the journal lets go of it', () => {
    const partition = new PartitionHarness({
      settings: { messagesRequiredToSave: 1, segmentSize: 1_000 },
    });
    for (let i = 0; i < 10; i++) partition.send(2);
    expect(partition.segmentStarts().length).toBeGreaterThan(2);
    expect(partition.flushedOp).toBe(0);

    // The process dies, its files stay; what comes after it is made durable.
    partition.restart();
    partition.send(2);
    partition.machine.flush();
    partition.settle();
    expect(partition.flushedOp).toBe(11);
    partition.store.crash();
    partition.restart();

    expect(partition.offsets('first', 0, 99)).toEqual(upTo(22));
  });

  test('05-S91 brings messages, offsets and counters back', () => {
    const partition = filled();
    partition.storeOffset(7);
    partition.storeOffset(3, 2, 2);
    const before = { messages: partition.all(), digest: partition.machine.digest() };

    for (const replayFrom of [1, 5, 11]) {
      partition.restart(replayFrom);
      expect(partition.all()).toEqual(before.messages);
      expect(partition.machine.digest()).toBe(before.digest);
      expect(partition.record()).toMatchObject({ messages_count: 20n, current_offset: 19n });
    }
  });

  test('07-S6 a torn tail is cut and nothing else, and not counted', () => {
    for (const cut of [1, 100, 256, 300, 371]) {
      const { store } = unmarked();
      const bytes = store.bytes(log0);
      store.write(log0, bytes.slice(0, bytes.length - cut));

      expect(offsetsIn(store)).toEqual(upTo(18));
      expect(store.bytes(log0)).toHaveLength((bytes.length / 10) * 9);
      const again = new PartitionHarness({ store });
      expect(again.record()).toMatchObject({
        ...{ messages_count: 18n, current_offset: 17n },
        size_bytes: BigInt((bytes.length / 10) * 9),
      });
    }
  });

  test('zeros behind the data, as allocated ahead, are no damage', () => {
    const { store } = filled();
    const bytes = store.bytes(log0);
    const longer = new Uint8Array(bytes.length + 5_000);
    longer.set(bytes);
    store.write(log0, longer);

    const partition = new PartitionHarness({ store, settings: { messagesRequiredToSave: 1 } });

    expect(partition.send(1)).toMatchObject({ confirmed: { base: 20 } });
    expect(offsetsIn(store)).toEqual(upTo(21));
  });

  test('07-S6 an index that is missing, torn or ahead of its segment is made anew', () => {
    const damages: ((store: FakeStore) => void)[] = [
      (store) => store.remove(index0),
      (store) => store.write(index0, store.bytes(index0).slice(0, 30)),
      (store) => store.write(index0, new Uint8Array(240).fill(7)),
      (store) => store.write(log0, store.bytes(log0).slice(0, 800)),
    ];
    for (const damage of damages) {
      const { store } = unmarked();
      damage(store);
      const expected = store.bytes(log0).length === 800 ? upTo(4) : upTo(20);

      const partition = new PartitionHarness({ store, settings: { messagesRequiredToSave: 1 } });

      expect(partition.offsets('first', 0, 100)).toEqual(expected);
      partition.send(1);
      expect(offsetsIn(store)).toEqual(upTo(expected.length + 1));
    }
  });

  test('an index without a segment is removed', () => {
    const { store } = filled();
    store.write('00000000000000000077.index', new Uint8Array(24));

    offsetsIn(store);

    expect(store.names()).not.toContain('00000000000000000077.index');
  });

  test('damage in front of intact data is told and nothing is touched', () => {
    const { store, info } = filled();
    const bytes = store.bytes(log0).slice();
    bytes[bytes.length / 2 + 300]! ^= 1;
    store.write(log0, bytes);
    const before = store.clone();

    const harness = new PartitionHarness();
    const opened = opening({ ...harness.config(), store, address: info });

    expect(opened).toMatchObject({ kind: 'damaged', cause: 'damage', file: log0 });
    expect(store.bytes(log0)).toEqual(before.bytes(log0));
  });

  test('the same damage is cut and applied again when the journal has what follows', () => {
    const partition = filled();
    const expected = partition.all();
    const bytes = partition.store.bytes(log0).slice();
    bytes[bytes.length / 2 + 300]! ^= 1;
    partition.store.write(log0, bytes);

    partition.restart(4);

    expect(partition.all()).toEqual(expected);
    partition.machine.flush();
    partition.settle();
    expect(offsetsIn(partition.store)).toEqual(upTo(20));
  });

  test('damage that header sizes do not show is found when the batch is applied again', () => {
    const partition = filled({ settings: { segmentSize: mib } });
    const expected = partition.all();
    for (let i = 0; i < 17; i++) partition.send(1, 4 * mib);
    partition.machine.flush();
    partition.settle();
    const bytes = partition.store.bytes(log0).slice();
    bytes[600]! ^= 1;
    partition.store.write(log0, bytes);

    partition.restart(1);

    expect(partition.all(20)).toEqual(expected);
    expect(partition.machine.currentOffset).toBe(36);
  });

  test('a damaged index leads nobody behind what he asked for', () => {
    const settings = { segmentSize: 3 * mib, messagesRequiredToSave: 1 };
    const partition = new PartitionHarness({ settings });
    for (let i = 0; i < 40; i++) partition.send(2, 100_000);
    partition.machine.flush();
    partition.settle();
    const whole = partition.store.bytes(index0);
    for (const [field, value] of [0n, 1n, 1_000_000n].entries()) {
      const bytes = whole.slice();
      // Each entry says that something earlier, or older, lies where it points, or points elsewhere.
      for (let at = 24; at < bytes.length; at += 24) {
        new DataView(bytes.buffer).setBigUint64(at + 8 * field, value, true);
      }
      partition.store.write(index0, bytes);

      partition.restart();

      for (const offset of [0, 1, 2, 9, 17]) {
        expect(partition.offsets('offset', offset, 3)).toEqual([offset, offset + 1, offset + 2]);
      }
      const [first] = partition.offsets('timestamp', 1, 1);
      expect(first).toBe(0);
    }
  });

  test('a damaged end is no torn tail when the journal let go of it', () => {
    const partition = unmarked();
    const bytes = partition.store.bytes(log0).slice();
    bytes[bytes.length - 3]! ^= 4;
    partition.store.write(log0, bytes);
    const open = (about: object) =>
      opening({ ...partition.config(), store: partition.store, ...about }).kind;

    expect(open({ isJournalWhole: true })).toBe('damaged');
    expect(open({ isJournalWhole: true, journaledFrom: 19 })).toBe('damaged');
    expect(open({ isJournalWhole: true, journaledFrom: 18 })).not.toBe('damaged');
    partition.store.write(log0, bytes);
    expect(open({})).not.toBe('damaged');
  });

  test('segments have to follow each other', () => {
    const partition = filled({ settings: { segmentSize: mib } });
    for (let i = 0; i < 4; i++) partition.send(1, mib);
    partition.machine.flush();
    partition.settle();
    const [, second] = partition.segmentStarts();
    partition.store.remove(`${String(second).padStart(20, '0')}.log`);
    partition.store.remove(`${String(second).padStart(20, '0')}.index`);

    const opened = opening({ ...partition.config(), store: partition.store });

    expect(opened).toMatchObject({ kind: 'damaged', file: log0 });
  });

  test('the last of several segments may have lost its index in a crash', () => {
    const partition = filled({ settings: { segmentSize: mib } });
    for (let i = 0; i < 4; i++) partition.send(1, mib);
    partition.machine.flush();
    partition.settle();
    const last = `${String(partition.segmentStarts().at(-1)).padStart(20, '0')}.index`;
    partition.store.remove(last);

    const opened = opening({ ...partition.config(), store: partition.store });

    expect(opened.kind).not.toBe('damaged');
  });

  test('a partition whose files all went starts at its frontier', () => {
    const partition = new PartitionHarness({ offsetFrontier: 42 });

    expect(partition.send(2)).toEqual({ confirmed: { partition: 0, base: 42 } });
    expect(partition.offsets('first', 0, 9)).toEqual([42, 43]);
  });

  test('survives power cuts at any place with what it had acknowledged', () => {
    for (let seed = 0; seed < 24; seed++) {
      const partition = new PartitionHarness({
        settings: { segmentSize: mib, messagesRequiredToSave: 1 + (seed % 5) },
      });
      for (let i = 0; i < 12; i++) {
        partition.send(1 + (i % 3), i % 4 === seed % 4 ? 180_000 : 50);
        if (i === 5) partition.storeOffset(4);
        if (i % 5 === seed % 5) partition.machine.flush();
        if (i % 3 !== seed % 3) partition.settle();
      }
      const expected = partition.all();
      const digest = partition.machine.digest();
      partition.machine.takeEffects();

      partition.store.crash((unsynced) => Math.floor((unsynced * (seed % 7)) / 7));
      partition.restart();

      expect(partition.all()).toEqual(expected);
      expect(partition.machine.digest()).toBe(digest);
      expect(partition.send(1)).toMatchObject({ confirmed: { base: expected.length } });
    }
  });
});

describe('without a journal', () => {
  const memory = { ack: 'memory', settings: { messagesRequiredToSave: 1 } } as const;

  test('07-S6 offsets are reserved ahead and never given twice, also after a power cut', () => {
    const partition = new PartitionHarness(memory);
    partition.send(10);
    expect(partition.frontier).toBe(65_536);
    partition.store.crash();

    const after = new PartitionHarness({
      ...memory,
      store: partition.store,
      offsetFrontier: partition.frontier,
    });

    expect(after.send(1)).toEqual({ confirmed: { partition: 0, base: 65_536 } });
    expect(after.frontier).toBeGreaterThanOrEqual(65_536 + 65_536);
    after.send(1);
    expect(after.offsets('first', 0, 9)).toEqual([65_536, 65_537]);
    expect(after.poll('offset', 0, 9)).toMatchObject({ count: 2, currentOffset: 65_537 });
  });

  test('a clean stop leaves no gap', () => {
    const partition = new PartitionHarness(memory);
    partition.send(10);
    partition.machine.prepareStop();
    partition.settle();
    expect(partition.frontier).toBe(10);

    const after = new PartitionHarness({
      ...memory,
      store: partition.store,
      offsetFrontier: partition.frontier,
    });

    expect(after.send(1)).toEqual({ confirmed: { partition: 0, base: 10 } });
  });

  test('offsets above what is durably reserved are not given', () => {
    const partition = new PartitionHarness({ ...memory, manual: true });
    expect(partition.send(1)).toEqual({ status: 58 });
    partition.settle();
    expect(partition.send(1)).toMatchObject({ confirmed: { base: 0 } });
  });

  test('a replica that is told the log by others goes on where they are', () => {
    const primary = new PartitionHarness(memory);
    primary.send(3);
    const rejoined = new PartitionHarness({ ...memory, offsetFrontier: 65_536 });

    for (const entry of primary.log) rejoined.commit(entry);
    rejoined.machine.takeOffsetFloor(0);

    expect(rejoined.send(1)).toEqual({ confirmed: { partition: 0, base: 3 } });
  });

  test('03-S65 a new log goes on behind the floor its votes agreed on, until it names offsets', () => {
    const elect = new PartitionHarness(memory);
    expect(elect.machine.offsetFloor()).toBe(0);
    elect.machine.takeOffsetFloor(70_000);
    elect.settle();
    expect(elect.machine.offsetFloor()).toBe(70_000);

    expect(elect.send(2)).toEqual({ confirmed: { partition: 0, base: 70_000 } });
    expect(elect.machine.offsetFloor()).toBe(0);
    expect(elect.send(1)).toEqual({ confirmed: { partition: 0, base: 70_002 } });
    elect.machine.takeOffsetFloor(70_000);
    expect(elect.machine.offsetFloor()).toBe(0);
  });

  test('03-S65 a batch that leaves the log again names no offsets', () => {
    const backup = new PartitionHarness(memory);
    const primary = new PartitionHarness(memory);
    for (const each of [backup, primary]) each.machine.takeOffsetFloor(500);
    for (const each of [backup, primary]) each.settle();
    primary.send(1);
    backup.machine.logged(primary.log[0]!);
    backup.machine.unlogged(1);

    expect(backup.machine.offsetFloor()).toBe(500);
    expect(backup.send(1)).toEqual({ confirmed: { partition: 0, base: 500 } });
  });

  test('07-D2 a purge that others may have gone through before the loss leaves the floor', () => {
    const elect = new PartitionHarness({ ...memory, hasPeers: true });
    elect.machine.takeOffsetFloor(500);
    elect.settle();
    elect.purge();
    expect(elect.machine.offsetFloor()).toBe(500);
    elect.machine.takeOffsetFloor(500);
    expect(elect.send(1)).toEqual({ confirmed: { partition: 0, base: 500 } });

    elect.purge();
    expect(elect.send(1)).toEqual({ confirmed: { partition: 0, base: 0 } });
  });

  test('07-D2 a purge that is applied again from the journal leads back to 0', () => {
    const partition = new PartitionHarness({ hasPeers: true });
    partition.send(9);
    partition.frontier = partition.machine.offsetFrontier();
    partition.purge();
    partition.restart(1);

    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 0 } });
  });

  test('07-D3 a purge that has left the journal leads back to 0, whatever was recorded before it', () => {
    const partition = new PartitionHarness({ hasPeers: true, isJournalWhole: true });
    partition.send(9);
    partition.frontier = partition.machine.offsetFrontier();
    partition.purge();
    partition.restart(partition.log.length + 1);

    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 0 } });
  });

  test('07-D2 without the journal what was recorded before a purge stays reserved', () => {
    const partition = new PartitionHarness({ hasPeers: true });
    partition.send(9);
    partition.frontier = partition.machine.offsetFrontier();
    partition.purge();
    partition.restart(partition.log.length + 1);

    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 9 } });
  });

  /** Logs what is admitted behind the entries before it; none of it is applied. */
  function logAhead(elect: PartitionHarness, op: number): number {
    const about = { userId: 0, client: 5n, timestamp: 2_000_000 + op, op };
    const operation = Operation.SendMessages;
    const admitted = elect.machine.admit({ ...about, operation, body: sendBody(newMessages(1)) });
    if (admitted.kind !== 'accept') throw new Error('the batch was not admitted');
    elect.machine.logged({ ...about, operation, body: admitted.body, request: 1n });
    return storedBatch(admitted.body, 0, 1).baseOffset;
  }

  function logPurge(elect: PartitionHarness, op: number): void {
    elect.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    elect.update();
    const mark = elect.machine.purgeProposal();
    if (mark === undefined) throw new Error('there is no mark');
    elect.machine.logged({ ...mark, op, userId: 0, timestamp: 2_000_000 + op, request: 1n });
  }

  test('07-D2 nor does one that is in the log and not applied', () => {
    const elect = new PartitionHarness({ ...memory, hasPeers: true });
    elect.machine.takeOffsetFloor(500);
    elect.settle();
    logPurge(elect, 1);

    expect(logAhead(elect, 2)).toBe(500);
  });

  test('07-D3 a batch that is logged before such a purge ends the floor first', () => {
    const elect = new PartitionHarness({ ...memory, hasPeers: true });
    elect.machine.takeOffsetFloor(500);
    elect.settle();
    expect(logAhead(elect, 1)).toBe(500);
    logPurge(elect, 2);

    expect([logAhead(elect, 3), logAhead(elect, 4)]).toEqual([0, 1]);
  });

  test('a purge ends the floor of a lone node', () => {
    const partition = new PartitionHarness({ ...memory, offsetFrontier: 500 });
    partition.purge();

    expect(partition.machine.offsetFloor()).toBe(0);
    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 0 } });
  });

  test('what was only promised stays reserved in a clean stop', () => {
    const rejoining = new PartitionHarness({ ...memory, offsetFrontier: 500 });
    rejoining.machine.prepareStop();
    rejoining.settle();
    expect(rejoining.frontier).toBe(500);

    const backup = new PartitionHarness(memory);
    const primary = new PartitionHarness(memory);
    primary.send(7);
    backup.machine.logged(primary.log[0]!);
    backup.machine.prepareStop();
    backup.settle();
    expect(backup.frontier).toBe(7);
  });

  test('03-S65 after the log was lost everywhere all that was reserved here counts', () => {
    const partition = new PartitionHarness({ ...memory, offsetFrontier: 500 });
    partition.machine.takeOffsetFloor(0);
    partition.send(3);
    expect(partition.machine.offsetFloor()).toBe(0);
    partition.machine.forgetOffsets();

    expect(partition.machine.offsetFloor()).toBe(partition.frontier);
  });

  test('an entry is acknowledged once its offsets are durably reserved', () => {
    const primary = new PartitionHarness(memory);
    primary.send(1);
    const backup = new PartitionHarness({ ...memory, manual: true });
    backup.machine.logged(primary.log[0]!);
    expect(backup.machine.mayAcknowledge(1)).toBe(false);
    backup.settle();

    expect(backup.machine.mayAcknowledge(1)).toBe(true);
  });

  test('a replica accepts a batch above its own next offset, counted, and stores it', () => {
    const primary = new PartitionHarness({ ...memory, offsetFrontier: 100 });
    primary.send(2);
    const backup = new PartitionHarness(memory);

    backup.commit(primary.log[0]!);

    expect(backup.machine.offsetJumps).toBe(1);
    expect(backup.offsets('first', 0, 9)).toEqual([100, 101]);
    backup.machine.flush();
    backup.settle();
    expect(backup.segmentStarts()).toEqual([100]);
    expect(offsetsIn(backup.store, memory)).toEqual([100, 101]);
  });

  test('a jump in the middle begins a new segment', () => {
    const partition = new PartitionHarness(memory);
    partition.send(3);
    partition.machine.flush();
    partition.settle();
    partition.store.crash();
    const after = new PartitionHarness({ ...memory, store: partition.store, offsetFrontier: 50 });
    after.send(2);
    after.machine.flush();
    after.settle();

    const again = new PartitionHarness({ ...memory, store: after.store, offsetFrontier: 52 });

    expect(again.offsets('first', 0, 99)).toEqual([0, 1, 2, 50, 51]);
  });

  test('entries leave the journal as soon as they are written', () => {
    const partition = new PartitionHarness(memory);
    partition.send(1);

    expect(partition.flushedOp).toBe(1);
  });
});
