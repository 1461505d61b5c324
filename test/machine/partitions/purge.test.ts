import { describe, expect, test } from 'vitest';
import { autoCommitClient, purgeClient } from '../../../src/machine/index.js';
import { purgeProposal } from '../../../src/machine/partitions/purge-barrier.js';
import { FakeStore } from './fake-store.js';
import { newMessages, PartitionHarness, sendBody, storeBody } from './partition-harness.js';

describe('a purge', () => {
  test('05-S55 empties the partition and starts at offset 0 again', () => {
    const partition = new PartitionHarness({ settings: { messagesRequiredToSave: 1 } });
    partition.send(6);
    partition.storeOffset(3);
    partition.poll('first', 0, 6, { group: 0, autoCommit: true });

    partition.purge();

    expect(partition.record()).toMatchObject({
      segments_count: 1,
      current_offset: 0n,
      messages_count: 0n,
      size_bytes: 0n,
    });
    expect(partition.machine.storedOffset('consumer', 1)).toBe(-1);
    expect(partition.machine.storedOffset('group', 0)).toBe(-1);
    expect(partition.machine.lastPolled(0)).toBe(-1);
    expect(partition.poll('first', 0, 10)).toMatchObject({ count: 0, currentOffset: 0 });
    expect(partition.store.names()).toEqual(['purge.gen']);
    expect(partition.send(2)).toEqual({ confirmed: { partition: 0, base: 0 } });
    expect(partition.record()).toMatchObject({ messages_count: 2n, current_offset: 1n });
  });

  test('does not look for new messages where the old ones were', () => {
    const settings = { messagesRequiredToSave: 1 };
    const partition = new PartitionHarness({ settings, manual: true });
    partition.settle();
    for (let i = 0; i < 3; i++) {
      partition.send(1, 70_000);
      partition.settle();
    }
    partition.purge();
    partition.send(1);
    const first = partition.now;
    // The files of before are not gone yet, and a search opens the index.
    expect(partition.offsets('timestamp', first, 10)).toEqual([0]);
    partition.settle();

    partition.send(1);
    partition.settle();

    expect(partition.offsets('timestamp', first, 10)).toEqual([0, 1]);
  });

  test('05-S56 what is sent afterwards survives a restart', () => {
    const partition = new PartitionHarness();
    partition.send(6);
    partition.purge();
    partition.send(3);

    partition.restart();

    expect(partition.offsets('first', 0, 10)).toEqual([0, 1, 2]);
    expect(partition.machine.purgeProposal()).toBeUndefined();
  });

  test('hides what is there from the moment metadata has committed it', () => {
    const partition = new PartitionHarness();
    partition.send(6);
    partition.storeOffset(3);
    partition.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    partition.update();

    expect(partition.poll('first', 0, 10)).toMatchObject({ count: 0, currentOffset: 0 });
    expect(partition.machine.storedOffset('consumer', 1)).toBe(-1);
    expect(partition.storeOffset(1)).toBe(4100);
    expect(partition.delete()).toBe(3021);
    expect(partition.machine.truncationOffset(1)).toBe(0);
    expect(partition.record()).toMatchObject({ messages_count: 0n });
    // Nothing may get into the log in front of the mark.
    expect(partition.send(1)).toEqual({ status: 58 });
    partition.markPurge();
    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 0 } });
  });

  test('an offset that refers to what was there before is refused behind the mark', () => {
    const partition = new PartitionHarness();
    partition.send(6);
    const late = storeBody(5, 1, 1);
    const mark = { ...purgeProposal({ stream: 0, topic: 0, partition: 0, generation: 1 }) };
    const common = { op: 2, userId: 0, request: 1n, timestamp: 9 };
    partition.machine.logged({ ...common, ...mark });

    expect(partition.machine.admissionStatus(161, late)).toBe(4100);
    partition.commit({ ...common, ...mark });
    expect(partition.propose(161, late, autoCommitClient)).toBe(4100);
    partition.send(2);
    expect(partition.propose(161, late, autoCommitClient)).toBe(4100);
    expect(partition.storeOffset(1)).toBe(0);
  });

  test('a batch that was under way confirms nothing and is gone', () => {
    const partition = new PartitionHarness();
    const body = sendBody(newMessages(4));
    const common = { operation: 160, userId: 0, client: 5n, timestamp: 50, op: 1 };
    const admitted = partition.machine.admit({ ...common, body });
    if (admitted.kind !== 'accept') throw new Error('denied');
    const entry = { ...common, request: 1n, body: admitted.body };
    partition.machine.logged(entry);
    partition.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    partition.update();

    expect(partition.commit(entry)).toEqual(new Uint8Array(4));
    partition.markPurge();

    expect(partition.offsets('first', 0, 10)).toEqual([]);
    expect(partition.record()).toMatchObject({ messages_count: 0n });
  });

  test('is marked once, and several at once by the last', () => {
    const partition = new PartitionHarness();
    partition.send(2);
    partition.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    partition.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    partition.update();
    const mark = partition.machine.purgeProposal()!;

    expect(partition.propose(mark.operation, mark.body, mark.client)).toBeInstanceOf(Uint8Array);
    expect(partition.propose(mark.operation, mark.body, mark.client)).toBe(58);
    expect(partition.machine.purgeProposal()).toBeUndefined();
    expect(partition.propose(161, new Uint8Array(3), purgeClient)).toBe(3);
  });

  test('takes effect at its place in the log, on replicas that know of it and others', () => {
    const primary = new PartitionHarness();
    primary.send(5);
    primary.storeOffset(2);
    primary.purge();
    primary.send(3);
    primary.storeOffset(1);
    const late = new PartitionHarness();
    const early = new PartitionHarness();
    early.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    early.update();

    for (const entry of primary.log) {
      late.commit(entry);
      early.commit(entry);
    }

    for (const replica of [late, early]) {
      expect(replica.machine.digest()).toBe(primary.machine.digest());
      expect(replica.all()).toEqual(primary.all());
    }
    late.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    late.update();
    expect(late.offsets('first', 0, 9)).toEqual([0, 1, 2]);
    expect(late.record()).toMatchObject({ messages_count: 3n });
  });

  test('03-S61 purged data does not return after a restart in the middle', () => {
    for (const cut of [0, 1, 2, 3]) {
      const store = new FakeStore();
      const partition = new PartitionHarness({ store, settings: { messagesRequiredToSave: 1 } });
      partition.send(5);
      partition.machine.flush();
      partition.settle();
      partition.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
      partition.update();
      const mark = partition.machine.purgeProposal()!;
      const common = { operation: mark.operation, userId: 0, client: mark.client };
      const entry = { ...common, op: 2, request: 1n, timestamp: 99, body: mark.body };
      partition.machine.apply(entry);
      for (const effect of partition.machine.takeEffects().slice(0, cut)) store.perform(effect);
      partition.log.push(entry);

      partition.restart(2);

      expect(partition.offsets('first', 0, 10)).toEqual([]);
      expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 0 } });
    }
  });

  test('a restart goes through what came before it, whatever the files hold since', () => {
    const partition = new PartitionHarness({
      settings: { segmentSize: 1_048_576, messagesRequiredToSave: 1, messageExpiry: 1n },
    });
    partition.send(1);
    partition.send(8);
    partition.purge();
    // Two segments, of which the first goes: the files begin in the middle of an older batch.
    partition.send(3, 400_000);
    partition.send(2);
    partition.machine.clean(partition.now + 9);
    partition.settle();
    expect(partition.segmentStarts()).toEqual([3]);

    partition.restart(1);

    expect(partition.told.filter(({ kind }) => kind === 'halt')).toEqual([]);
    expect(partition.offsets('first', 0, 9).slice(-2)).toEqual([3, 4]);
    expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 5 } });
  });

  test('new segments are not written before the old ones of their names are gone', () => {
    const partition = new PartitionHarness({
      manual: true,
      settings: { messagesRequiredToSave: 1 },
    });
    partition.send(2);
    partition.settle();
    partition.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    partition.update();
    partition.markPurge();
    partition.send(1);
    expect(partition.offsets('first', 0, 9)).toEqual([0]);

    partition.settle();

    expect(partition.store.bytes('00000000000000000000.log')).toHaveLength(256 + 58);
    expect(partition.offsets('first', 0, 9)).toEqual([0]);
  });
});
