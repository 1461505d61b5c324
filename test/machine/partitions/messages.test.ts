import { describe, expect, test } from 'vitest';
import { setU32, setU64Number } from '../../../src/base/index.js';
import { commands, decode, verifyBatch } from '../../../src/wire/index.js';
import { newMessages, PartitionHarness, sendBody, texts } from './partition-harness.js';

describe('sending', () => {
  test('05-S43 confirms the offset of the first message', () => {
    const partition = new PartitionHarness();

    expect(partition.send(6)).toEqual({ confirmed: { partition: 0, base: 0 } });
    expect(partition.send(3)).toEqual({ confirmed: { partition: 0, base: 6 } });
  });

  test('05-S53 appends the same bytes twice when they are sent twice', () => {
    const partition = new PartitionHarness();
    const body = sendBody(newMessages(5));

    expect(partition.sendBody(body)).toEqual({ confirmed: { partition: 0, base: 0 } });
    expect(partition.sendBody(body)).toEqual({ confirmed: { partition: 0, base: 5 } });
    expect(partition.offsets('first', 0, 100)).toHaveLength(10);
  });

  test('05-S54 refuses damaged batches with a code of their own and appends nothing', () => {
    const partition = new PartitionHarness();
    const good = sendBody(texts('one', 'two'));
    const batchAt = good.length - (256 + 2 * 51);
    const damaged = (at: number, change: (bytes: Uint8Array) => void): Uint8Array => {
      const bytes = good.slice();
      change(bytes.subarray(at));
      return bytes;
    };
    const flip = (bytes: Uint8Array) => bytes.set([(bytes[0] ?? 0) ^ 1]);

    const frame = damaged(batchAt + 256 + 48, flip);
    const batch = damaged(batchAt + 40, flip);
    const countZero = damaged(batchAt + 48, (bytes) => setU32(bytes, 0, 0));
    const longer = damaged(batchAt + 32, (bytes) => setU64Number(bytes, 0, 999));
    const untiled = damaged(batchAt + 256 + 36, (bytes) => setU32(bytes, 0, 2));
    const reserved = damaged(batchAt + 60, flip);
    const trailing = new Uint8Array([...good, 0]);

    expect(partition.sendBody(frame)).toEqual({ status: 4027 });
    expect(partition.sendBody(batch)).toEqual({ status: 4039 });
    for (const body of [countZero, longer, untiled, reserved, trailing, good.subarray(0, 30)]) {
      expect(partition.sendBody(body)).toEqual({ status: 3 });
    }
    expect(partition.log).toHaveLength(0);
    expect(partition.machine.admissionStatus(160, batch)).toBe(4039);
    expect(partition.sendBody(good)).toEqual({ confirmed: { partition: 0, base: 0 } });
  });

  test('a body that was found good is not verified again, another one is', () => {
    const partition = new PartitionHarness();
    const body = sendBody(texts('x'));

    expect(partition.machine.admissionStatus(160, body)).toBe(0);
    expect(partition.sendBody(body)).toMatchObject({ confirmed: { base: 0 } });
    const other = body.slice();
    other[other.length - 1] = 0xff;
    expect(partition.sendBody(other)).toEqual({ status: 4027 });
  });

  test('stamps partition, offset, time and checksum, and leaves messages alone', () => {
    const partition = new PartitionHarness();
    partition.send(2);
    const body = sendBody(texts('a', 'b'));

    partition.sendBody(body);

    const [entry] = partition.log.slice(-1);
    const stamped = entry!.body;
    expect(verifyBatch(stamped)).toBe(2);
    const view = new DataView(stamped.buffer, stamped.byteOffset);
    expect(view.getBigUint64(0, true)).toBe(0n);
    expect(view.getBigUint64(8, true)).toBe(2n);
    expect(view.getBigUint64(16, true)).toBe(BigInt(entry!.timestamp));
    expect(stamped.subarray(256)).toEqual(body.subarray(-stamped.length).subarray(256));
  });

  test('03-S54 a replica refuses a batch with other stamps', () => {
    const partition = new PartitionHarness();
    partition.send(3);
    const [entry] = partition.log.slice(-1);
    const checksum = new DataView(entry!.body.buffer, entry!.body.byteOffset).getBigUint64(
      40,
      true,
    );
    const backup = new PartitionHarness();
    const verify = (change: object, sum = checksum) =>
      backup.machine.verifyBody({ ...entry!, ...change }, sum);

    expect(verify({})).toBe(true);
    expect(verify({ timestamp: entry!.timestamp + 1 })).toBe(false);
    expect(verify({}, checksum + 1n)).toBe(false);
    const flipped = entry!.body.slice();
    flipped[flipped.length - 1]! ^= 1;
    expect(verify({ body: flipped })).toBe(false);
    backup.commit(entry!);
    expect(verify({ op: 2 })).toBe(false);
    // For an elected primary its own log says nothing about where the batch belongs.
    const intact = (body: Uint8Array) =>
      backup.machine.isBodyIntact({ ...entry!, op: 2, body }, checksum);
    expect(intact(entry!.body)).toBe(true);
    expect(intact(flipped)).toBe(false);
  });

  test('offsets follow the log: what leaves it gives its offsets back', () => {
    const partition = new PartitionHarness();
    const admit = (op: number) => {
      const body = sendBody(newMessages(4));
      const common = { operation: 160, userId: 0, client: 5n, timestamp: 10 + op, op };
      const admitted = partition.machine.admit({ ...common, body });
      if (admitted.kind !== 'accept') throw new Error('denied');
      const entry = { ...common, request: 1n, body: admitted.body };
      partition.machine.logged(entry);
      return {
        entry,
        base: Number(new DataView(entry.body.buffer, entry.body.byteOffset).getBigUint64(8, true)),
      };
    };

    const first = admit(1);
    expect([first.base, admit(2).base, admit(3).base]).toEqual([0, 4, 8]);
    partition.machine.unlogged(3);
    partition.machine.unlogged(2);
    expect(admit(2).base).toBe(4);
    partition.machine.apply(first.entry);
    expect(admit(3).base).toBe(8);
    expect(partition.offsets('first', 0, 99)).toEqual([0, 1, 2, 3]);
  });

  test('other operations do not belong into a partition', () => {
    const partition = new PartitionHarness();

    expect(partition.propose(128, new Uint8Array())).toBe(-4);
  });
});

describe('polling', () => {
  test('05-S46 by offset', () => {
    const partition = new PartitionHarness();
    partition.send(6);

    expect(partition.poll('offset', 0, 10)).toMatchObject({ count: 6, currentOffset: 5 });
    expect(partition.poll('offset', 6, 10)).toMatchObject({
      count: 0,
      currentOffset: 5,
      partitionId: 0,
    });
    expect(partition.offsets('offset', 3, 2)).toEqual([3, 4]);
    expect(partition.offsets('offset', 0xffff_ffff_ffff_ffffn, 2)).toEqual([]);
  });

  test('05-S47 first and last', () => {
    const partition = new PartitionHarness();
    partition.send(2);
    partition.send(4);

    expect(partition.offsets('last', 0, 10)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(partition.offsets('last', 0, 2)).toEqual([4, 5]);
    expect(partition.offsets('first', 0, 2)).toEqual([0, 1]);
    expect(partition.offsets('first', 0, 3)).toEqual([0, 1, 2]);
  });

  test('05-S48 next repeats without auto-commit and goes on with it', () => {
    const partition = new PartitionHarness();
    partition.send(6);

    expect(partition.offsets('next', 0, 10)).toHaveLength(6);
    expect(partition.offsets('next', 0, 10)).toHaveLength(6);
    expect(partition.poll('next', 0, 10, { autoCommit: true }).count).toBe(6);
    expect(partition.poll('next', 0, 10, { autoCommit: true }).count).toBe(0);
    expect(partition.machine.storedOffset('consumer', 1)).toBe(5);
    expect(partition.machine.currentOffset).toBe(5);
  });

  test('05-S49 by append time, batch by batch', () => {
    const partition = new PartitionHarness();
    partition.send(2);
    partition.send(2);
    const second = partition.now;
    partition.send(2);

    expect(partition.offsets('timestamp', second, 10)).toEqual([2, 3, 4, 5]);
    expect(partition.offsets('timestamp', second + 1, 10)).toEqual([4, 5]);
    expect(partition.offsets('timestamp', second, 1)).toEqual([2]);
    expect(partition.offsets('timestamp', partition.now + 1, 10)).toEqual([]);
    expect(partition.offsets('timestamp', 0, 1)).toEqual([0]);
  });

  test('05-S51 of nothing gives nothing and commits nothing', () => {
    const partition = new PartitionHarness();
    partition.send(3);

    const polled = partition.poll('next', 0, 0, { autoCommit: true });

    expect(polled).toMatchObject({ count: 0, currentOffset: 2 });
    expect(polled.answer.autoCommitOffset).toBeUndefined();
    expect(partition.machine.storedOffset('consumer', 1)).toBe(-1);
  });

  test('05-S52 a part of a batch keeps its base offset and has valid checksums', () => {
    const partition = new PartitionHarness();
    partition.send(5);

    const { body } = partition.poll('offset', 2, 10).answer;
    const reply = decode(commands.poll_messages.response, body);

    expect(reply.batches).toHaveLength(1);
    expect(reply.batches[0]).toMatchObject({ message_count: 3, base_offset: 0n });
    expect(verifyBatch(body, 16)).toBe(3);
    expect(partition.offsets('offset', 2, 10)).toEqual([2, 3, 4]);
    expect(partition.offsets('offset', 1, 2)).toEqual([1, 2]);
  });

  test('of an empty partition shows its id and offset 0', () => {
    const partition = new PartitionHarness();

    for (const strategy of ['offset', 'timestamp', 'first', 'last', 'next'] as const) {
      expect(partition.poll(strategy, 0, 5)).toMatchObject({ count: 0, currentOffset: 0 });
    }
  });

  test('gives the same from memory and from files', () => {
    const partition = new PartitionHarness({
      settings: { messagesRequiredToSave: 3 },
      cacheBytes: 400,
    });
    for (let i = 0; i < 7; i++) partition.send(2);
    const expected = Array.from({ length: 14 }, (_, i) => i);

    expect(partition.offsets('first', 0, 100)).toEqual(expected);
    for (let from = 0; from < 14; from++) {
      expect(partition.offsets('offset', from, 5)).toEqual(expected.slice(from, from + 5));
    }
    expect(partition.offsets('timestamp', 0, 100)).toEqual(expected);
  });

  test('05-S97 a member drains three partitions', () => {
    const partitions = [400, 400, 200].map((messages) => {
      const partition = new PartitionHarness();
      for (let sent = 0; sent < messages; sent += 100) partition.send(100);
      return partition;
    });
    let total = 0;

    for (let turn = 0; turn < 12; turn++) {
      const polled = partitions[turn % 3]!.poll('next', 0, 100, { group: 0, autoCommit: true });
      total += polled.count;
    }

    expect(total).toBe(1_000);
    for (const partition of partitions) {
      const polled = partition.poll('next', 0, 100, { group: 0, autoCommit: true });
      expect(polled).toMatchObject({ count: 0, partitionId: 0 });
    }
  });

  test('never returns what is damaged on disk, nor anything behind it', () => {
    const partition = new PartitionHarness({
      settings: { messagesRequiredToSave: 1 },
      cacheBytes: 0,
    });
    for (let i = 0; i < 4; i++) partition.send(2);
    const [log] = partition.store.list('').filter((name) => name.endsWith('.log'));
    const bytes = partition.store.bytes(log!).slice();
    bytes[2 * (bytes.length / 4) + 300]! ^= 1;
    partition.store.write(log!, bytes);

    expect(partition.offsets('first', 0, 100)).toEqual([0, 1, 2, 3]);
    expect(partition.poll('offset', 4, 10)).toMatchObject({ count: 0, currentOffset: 7 });
    expect(partition.offsets('offset', 6, 10)).toEqual([6, 7]);
  });
});

describe('what reads of metadata report', () => {
  test('follows every commit', () => {
    const partition = new PartitionHarness();
    partition.send(6);

    expect(partition.record()).toMatchObject({
      segments_count: 1,
      current_offset: 5n,
      messages_count: 6n,
      size_bytes: BigInt(256 + 6 * 58),
    });
    expect(partition.metadata.machine.totals()).toMatchObject({ messages: 6, segments: 1 });
  });
});
