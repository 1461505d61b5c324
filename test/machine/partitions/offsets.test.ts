import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/index.js';
import { encodeOffsetFile, xxh32 } from '../../../src/wire/index.js';
import { FakeStore } from './fake-store.js';
import { deleteBody, PartitionHarness, storeBody } from './partition-harness.js';

describe('stored offsets', () => {
  test('05-S59 may not lie above what can be read, but may go back', () => {
    const partition = new PartitionHarness();
    expect(partition.storeOffset(0)).toBe(4100);
    partition.send(5);

    expect(partition.storeOffset(2)).toBe(0);
    expect(partition.storeOffset(4)).toBe(0);
    expect(partition.storeOffset(5)).toBe(4100);
    expect(partition.storeOffset(1)).toBe(0);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(1);
    expect(partition.offsets('next', 0, 2)).toEqual([2, 3]);
  });

  test('05-S61 are deleted once', () => {
    const partition = new PartitionHarness();
    partition.send(5);
    partition.storeOffset(2);

    expect(partition.delete()).toBe(0);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(-1);
    expect(partition.delete()).toBe(3021);
  });

  test('of two deletions in the pipeline the second succeeds', () => {
    const partition = new PartitionHarness();
    partition.send(5);
    partition.storeOffset(2);
    const entry = (op: number) => ({
      op,
      operation: 162,
      client: 5n,
      userId: 0,
      request: 1n,
      timestamp: op,
      body: deleteBody(1, 1),
    });
    expect(partition.machine.admissionStatus(162, deleteBody(1, 1))).toBe(0);

    expect(partition.commit(entry(3))).toEqual(new Uint8Array(4));
    expect(partition.commit(entry(4))).toEqual(new Uint8Array(4));
  });

  test('05-S63 a named consumer is the number its name hashes to', () => {
    const partition = new PartitionHarness();
    partition.send(5);

    partition.storeOffset(3, 'c');

    expect(partition.machine.storedOffset('consumer', xxh32(encodeUtf8('c')))).toBe(3);
  });

  test('consumers and groups of one number are different', () => {
    const partition = new PartitionHarness();
    partition.send(5);

    partition.storeOffset(3, 7, 1);
    partition.storeOffset(1, 7, 2);

    expect(partition.machine.storedOffset('consumer', 7)).toBe(3);
    expect(partition.machine.storedOffset('group', 7)).toBe(1);
    partition.machine.dropGroup(7);
    expect(partition.machine.storedOffset('group', 7)).toBe(-1);
    expect(partition.machine.storedOffset('consumer', 7)).toBe(3);
  });

  test('what was stored for a deleted group after all is dropped later', () => {
    const partition = new PartitionHarness();
    partition.send(5);
    partition.storeOffset(3, 7, 2);
    partition.storeOffset(3, 8, 2);
    partition.storeOffset(2, 7, 1);

    partition.machine.keepGroups((group) => group === 8);

    expect(partition.machine.storedOffset('group', 7)).toBe(-1);
    expect(partition.machine.storedOffset('group', 8)).toBe(3);
    expect(partition.machine.storedOffset('consumer', 7)).toBe(2);
  });

  test('a group that is still named by its name is refused', () => {
    const partition = new PartitionHarness();
    partition.send(1);

    expect(partition.storeOffset(0, 'workers', 2)).toBe(3);
    expect(partition.propose(161, Uint8Array.of(1))).toBe(3);
  });

  test('05-S95 what a client does after a poll with auto-commit is behind it', () => {
    const partition = new PartitionHarness();
    partition.send(6);
    partition.poll('next', 0, 10, { autoCommit: true });

    expect(partition.machine.storedOffset('consumer', 1)).toBe(5);
    expect(partition.machine.currentOffset).toBe(5);
    expect(partition.delete()).toBe(0);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(-1);
    partition.storeOffset(2);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(2);
  });

  test('an auto-commit that is on its way counts here at once and never goes back', () => {
    const partition = new PartitionHarness();
    partition.send(6);
    const query = { consumerKind: 'consumer', consumer: 1, autoCommit: true } as const;
    const start = { strategy: 'next', value: 0n } as const;

    expect(partition.machine.poll({ ...query, start, count: 4 }).autoCommitOffset).toBe(3);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(3);
    expect(partition.machine.admissionStatus(162, deleteBody(1, 1))).toBe(0);
    const again = { strategy: 'offset', value: 0n } as const;
    partition.machine.poll({ ...query, start: again, count: 2 });
    expect(partition.machine.storedOffset('consumer', 1)).toBe(3);
  });

  test('a replicated auto-commit is the higher of both, an explicit store the last', () => {
    const partition = new PartitionHarness();
    partition.send(6);
    partition.storeOffset(4);

    partition.propose(161, storeBody(2, 1, 1), (1n << 128n) - 1n);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(4);
    partition.storeOffset(2);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(2);
  });

  test('ack level 0 stores on this replica alone, durably', () => {
    const partition = new PartitionHarness();
    partition.send(6);
    const before = partition.machine.digest();

    expect(partition.machine.applyLocally(161, storeBody(9, 1, 1))).toBe(4100);
    expect(partition.machine.applyLocally(161, storeBody(3, 1, 1))).toBe(0);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(3);
    expect(partition.machine.digest()).toBe(before);
    partition.settle();
    expect(partition.store.size('offsets/consumers/1')).toBe(16);

    expect(partition.machine.applyLocally(162, deleteBody(1, 1))).toBe(0);
    expect(partition.machine.applyLocally(162, deleteBody(1, 1))).toBe(3021);
    partition.settle();
    expect(partition.store.size('offsets/consumers/1')).toBeUndefined();
  });

  test('ack level 0 is behind the auto-commits that are still on their way', () => {
    const partition = new PartitionHarness();
    partition.send(9);
    const stored = () => partition.machine.storedOffset('consumer', 1);
    const autoCommit = (offset: number) =>
      partition.propose(161, storeBody(offset, 1, 1), (1n << 128n) - 1n);
    const poll = (from: number, count: number) => {
      const start = { strategy: 'offset', value: BigInt(from) } as const;
      const who = { consumerKind: 'consumer', consumer: 1, autoCommit: true } as const;
      return partition.machine.poll({ ...who, start, count }).autoCommitOffset ?? -1;
    };

    const first = poll(0, 6);
    expect(partition.machine.applyLocally(162, deleteBody(1, 1))).toBe(0);
    autoCommit(first);
    expect(stored()).toBe(-1);

    const second = poll(0, 3);
    expect(stored()).toBe(2);
    expect(partition.machine.applyLocally(161, storeBody(1, 1, 1))).toBe(0);
    const third = poll(2, 2);
    autoCommit(second);
    autoCommit(third);
    expect(stored()).toBe(3);

    autoCommit(poll(4, 4));
    expect(stored()).toBe(7);
    partition.storeOffset(0);
    autoCommit(1);
    expect(stored()).toBe(1);
  });

  test('what a group was served is remembered until it is forgotten', () => {
    const partition = new PartitionHarness();
    partition.send(6);

    partition.poll('first', 0, 4, { group: 3 });
    partition.poll('first', 0, 2, { group: 3 });

    expect(partition.machine.lastPolled(3)).toBe(3);
    partition.machine.forgetPolled(3);
    expect(partition.machine.lastPolled(3)).toBe(-1);
  });

  test('05-S65 an offset above the recovered head is lowered to it', () => {
    const store = new FakeStore();
    const first = new PartitionHarness({ store });
    first.send(10);
    first.machine.flush();
    first.settle();
    store.write('offsets/consumers/1', encodeOffsetFile(999));

    const second = new PartitionHarness({ store });

    expect(second.machine.storedOffset('consumer', 1)).toBe(9);
    expect(second.offsets('next', 0, 10)).toEqual([]);
    second.send(1);
    expect(second.offsets('next', 0, 10)).toEqual([10]);
  });

  test('files that are torn, damaged or named otherwise are ignored', () => {
    const store = new FakeStore();
    const first = new PartitionHarness({ store });
    first.send(10);
    first.machine.flush();
    first.settle();
    store.write('offsets/consumers/1', new Uint8Array(5));
    const damaged = encodeOffsetFile(3);
    damaged[0] = 9;
    store.write('offsets/consumers/2', damaged);
    store.write('offsets/consumers/readme', encodeOffsetFile(3));
    store.write('offsets/consumers/3', encodeOffsetFile(4).subarray(0, 8));

    const second = new PartitionHarness({ store });

    expect([1, 2, 3].map((key) => second.machine.storedOffset('consumer', key))).toEqual([
      -1, -1, 4,
    ]);
    expect(store.size('offsets/consumers/2')).toBeUndefined();
    expect(store.size('offsets/consumers/readme')).toBe(16);
  });
});
