import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, type Row } from './hand/answers.js';
import {
  type BatchFields,
  batchBytes,
  type Frame,
  sendParts,
  toKey,
  toPartition,
} from './hand/batches.js';
import { hash32, ident, u8, u32, u64 } from './hand/bytes.js';
import type { HandClient } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readConfirmations, readPoll } from './hand/replies.js';
import { code, op, type PollFields, pollBody, streamBody, topicBody } from './hand/requests.js';

const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);
const max32 = 4_294_967_295;

describe.each([1, 3])('05 edges of messages on %i nodes', (nodes) => {
  let server: HandCluster;
  let root: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes });
    root = await server.root();
    await root.must(op.createStream, streamBody('s'));
  });
  afterAll(() => server.stop());

  const sending = (body: Buffer) => root.partitionSays(op.send, body);

  async function topicOf(name: string, partitions = 1) {
    await root.must(op.createTopic, topicBody('s', name, partitions));
    const body = (frames: readonly Frame[], fields?: BatchFields, to?: Buffer) =>
      sendParts({
        ...{ stream: 's', topic: name, count: frames.length },
        batch: batchBytes(frames, fields),
        ...(to !== undefined && { to }),
      });
    const send = async (frames: readonly Frame[], fields?: BatchFields, to?: Buffer) => {
      const [first] = readConfirmations(await root.sends(body(frames, fields, to)));
      return first;
    };
    const ask = (fields: Partial<PollFields> = {}) =>
      pollBody({ reads: 1, stream: 's', topic: name, partition: 0, ...fields });
    const poll = async (fields: Partial<PollFields> = {}) =>
      readPoll(await root.get(code.poll, ask(fields)));
    return { body, send, ask, poll };
  }

  it('takes partitionings of the lengths that are named, and no others', async () => {
    const { send, body } = await topicOf('to', 3);
    const at = (to: Buffer) => body([{ payload: 'x' }], {}, to);
    const rows: Row[] = [
      ['kind 0', at(Buffer.from([0, 0])), 'S 20'],
      ['kind 4', at(Buffer.from([4, 0])), 'S 20'],
      ['balanced with a value', at(Buffer.from([1, 1, 0])), 'S 20'],
      ['a partition of 2 bytes', at(Buffer.from([2, 2, 0, 0])), 'S 20'],
      ['a partition of 8 bytes', at(cat(Buffer.from([2, 8]), u64(0))), 'S 20'],
      ['an empty key', at(Buffer.from([3, 0])), 'S 20'],
      ['partition 3 of 3', at(toPartition(3)), 'S 20'],
      ['partition 2^32-1', at(toPartition(max32)), 'S 20'],
    ];
    await answers(rows, sending);
    for (const key of ['k', 'k'.repeat(255), Buffer.from([0, 255, 128])]) {
      const sent = await send([{ payload: 'x' }], {}, toKey(key));
      expect(sent?.partition).toBe(hash32(key) % 3);
    }
  });

  it('tells a place that cannot be read from a batch that cannot', async () => {
    const { poll } = await topicOf('parts');
    const batch = batchBytes([{ payload: 'x' }]);
    const good = { stream: 's', topic: 'parts', batch, count: 1 } as const;
    const badId = cat(u8(9), u8(0));
    await answers(
      [
        ['nothing', Buffer.alloc(0), 'S 20'],
        ['a length alone', u32(10), 'S 20'],
        ['a length beyond the body', sendParts({ ...good, lie: 100_000 }), 'S 20'],
        ['a length above', sendParts({ ...good, lie: 1 }), 'S 20'],
        ['a length below', sendParts({ ...good, lie: -1 }), 'S 20'],
        ['a stream that is none', sendParts({ ...good, stream: badId }), 'S 20'],
        ['a topic that is none', sendParts({ ...good, topic: badId }), 'S 20'],
        [
          'a missing stream and a bad batch',
          sendParts({ ...good, stream: 'no', count: 9 }),
          'S 20',
        ],
        ['a count above', sendParts({ ...good, count: 2 }), 'S 3'],
        ['a count of 0', sendParts({ ...good, count: 0 }), 'S 3'],
        ['a count of 2^32-1', sendParts({ ...good, count: max32 }), 'S 3'],
        ['no batch', sendParts({ ...good, batch: Buffer.alloc(0) }), 'S 3'],
        ['half a header', sendParts({ ...good, batch: batch.subarray(0, 100) }), 'S 3'],
        ['a header alone', sendParts({ ...good, batch: batchBytes([]), count: 0 }), 'S 3'],
        ['a frame cut short', sendParts({ ...good, batch: batch.subarray(0, -1) }), 'S 3'],
      ],
      sending,
    );
    expect(await poll()).toMatchObject({ count: 0, current: 0 });
  });

  it('refuses batches whose numbers do not fit, without believing them', async () => {
    const { body, poll, send } = await topicOf('numbers');
    const one: Frame = { payload: 'x' };
    const wrong = (frame: Frame, fields?: BatchFields) => body([frame], fields);
    await answers(
      [
        ['length 0', wrong(one, { length: 0n }), 'S 3'],
        ['length 255', wrong(one, { length: 255n }), 'S 3'],
        ['length without the frames', wrong(one, { length: 256n }), 'S 3'],
        ['length 2^64-1', wrong(one, { length: 2n ** 64n - 1n }), 'S 3'],
        ['2^32-1 messages', wrong(one, { count: max32 }), 'S 3'],
        ['2 messages', wrong(one, { count: 2 }), 'S 3'],
        ['a payload of 2^32-1', wrong({ ...one, claims: { payload: max32 } }), 'S 3'],
        ['headers of 2^32-1', wrong({ ...one, claims: { headers: max32 } }), 'S 3'],
        ['both of 2^31', wrong({ ...one, claims: { headers: 2 ** 31, payload: 2 ** 31 } }), 'S 3'],
        ['a payload less', wrong({ ...one, claims: { payload: 0 } }), 'S 3'],
        ['reserved bytes of a frame', wrong({ ...one, reserved: 1n }), 'S 3'],
        ['the last reserved byte', wrong({ ...one, reserved: 1n << 56n }), 'S 3'],
      ],
      sending,
    );
    for (const at of [52, 255]) {
      const batch = batchBytes([one]);
      batch[at] = 1;
      expect(await sending(sendParts({ stream: 's', topic: 'numbers', batch, count: 1 }))).toBe(
        'S 3',
      );
    }
    expect((await poll()).count).toBe(0);
    expect(await send([one])).toMatchObject({ base: 0 });
  });

  it('does not mind what a server owns or does not look into', async () => {
    const { send, poll } = await topicOf('owned');
    const stamped = { partition: 7n, base: 99n, time: 2n ** 64n - 1n, origin: 2n ** 64n - 1n };
    expect(await send([{ payload: 'a' }], stamped)).toMatchObject({ partition: 0, base: 0 });
    expect(await send([{}, {}])).toMatchObject({ base: 1 });
    const id = 2n ** 128n - 1n;
    expect(
      await send([
        { id, payload: 'b', time: max32 },
        { id, payload: 'b' },
      ]),
    ).toMatchObject({
      base: 3,
    });
    const { batches, offsets, count } = await poll();
    expect([offsets, count]).toEqual([[0, 1, 2, 3, 4], 5]);
    expect(batches.map(({ base }) => base)).toEqual([0, 1, 3]);
    const [first, second, third] = batches;
    expect(first?.time).toBeLessThan(second?.time ?? 0n);
    expect(second?.frames.map((frame) => frame.length)).toEqual([48, 48]);
    const ids = third?.frames.map((frame) => frame.subarray(8, 24).toString('hex'));
    expect(ids).toEqual(['ff'.repeat(16), 'ff'.repeat(16)]);
  });

  it('stores user headers of every kind, and what is none, byte for byte', async () => {
    const { send, poll } = await topicOf('headers');
    const field = (kind: number, bytes: Uint8Array) => cat(u8(kind), u32(bytes.length), bytes);
    const sizes = [1, 1, 1, 1, 2, 4, 8, 16, 1, 2, 4, 8, 16, 4, 8];
    const every = sizes.map((size, i) => {
      const bytes = Buffer.alloc(size, i + 1);
      return cat(field(i + 1, bytes), field(i + 1, bytes));
    });
    const blocks = [
      cat(...every),
      field(2, Buffer.from('key without a value')),
      cat(field(0, u8(1)), field(255, u8(1))),
      cat(field(2, Buffer.from('k')), field(3, u32(7))),
      cat(u8(2), u32(max32), Buffer.from('short')),
      Buffer.alloc(100_001, 0xff),
    ];
    await send(blocks.map((headers, i) => ({ payload: `m${i}`, headers })));
    const { batches } = await poll();
    const stored = batches[0]?.frames.map((frame) => frame.subarray(50));
    expect(stored?.map((bytes) => bytes.toString('hex'))).toEqual(
      blocks.map((bytes) => bytes.toString('hex')),
    );
  });

  it('goes on counting when the deltas of a batch are nonsense', async () => {
    const { send, body, ask } = await topicOf('deltas');
    const odd = [
      { payload: 'a', delta: max32 },
      { payload: 'b', delta: 0 },
      { payload: 'c', delta: 0 },
    ];
    expect(await sending(body(odd))).toBe('ok');
    expect(await send([{ payload: 'next' }])).toMatchObject({ base: 3 });
    for (const value of [0, 1, 2, 3, max32]) {
      expect(await root.reads(code.poll, ask({ value, count: 2 }))).toBe('ok');
    }
    expect(await root.reads(code.poll, ask({ by: 'next', commit: true }))).toBe('ok');
    expect(await root.reads(code.poll, ask({ by: 'last', count: 1 }))).toBe('ok');
    expect(await send([{ payload: 'more' }])).toMatchObject({ base: 4 });
  });

  it('polls by every strategy at the ends of what a number can say', async () => {
    const { send, poll, ask } = await topicOf('ends');
    const bare = cat(u8(1), ident(1), ident('s'), ident('ends'));
    const tail = (flag: number, partition: number, kind: number, count = 10, commit = 0) =>
      cat(bare, u8(flag), u32(partition), u8(kind), u64(0), u32(count), u8(commit));
    await send(['a', 'b', 'c'].map((payload) => ({ payload })));
    const end = 2n ** 64n - 1n;
    expect(await poll({ value: end })).toMatchObject({ count: 0, current: 2, partition: 0 });
    expect(await poll({ by: 'timestamp', value: end })).toMatchObject({ count: 0, current: 2 });
    for (const by of ['first', 'last', 'next'] as const) {
      const asked = { by, value: end, count: max32 };
      expect([by, (await poll(asked)).offsets]).toEqual([by, [0, 1, 2]]);
    }
    expect((await poll({ by: 'last', count: 0 })).count).toBe(0);
    const read = (body: Buffer) => root.get(code.poll, body).then(readPoll);
    expect(await read(tail(2, 7, 1))).toMatchObject({ partition: 0, count: 3 });
    expect(await read(tail(0, 7, 3))).toMatchObject({ partition: 0, count: 3 });
    expect((await read(tail(1, 0, 5, 2, 255))).count).toBe(2);
    expect((await read(tail(1, 0, 5, 2))).offsets).toEqual([2]);
    const named = { reads: 'n'.repeat(255), by: 'next', count: 1, commit: true } as const;
    expect((await poll(named)).offsets).toEqual([0]);
    expect((await poll({ ...named, reads: hash32('n'.repeat(255)) })).offsets).toEqual([1]);

    const whole = ask();
    await answers(
      [
        ['strategy 0', tail(1, 0, 0), 'S 3'],
        ['strategy 6', tail(1, 0, 6), 'S 3'],
        ['consumer 0', cat(u8(0), whole.subarray(1)), 'S 3'],
        ['consumer 3', cat(u8(3), whole.subarray(1)), 'S 3'],
        ['no commit byte', whole.subarray(0, -1), 'S 3'],
        ['a byte more', cat(whole, u8(0)), 'ok'],
        ['partition 2^32-1', ask({ partition: max32 }), 'S 3007'],
      ],
      (body) => root.reads(code.poll, body),
    );
  });

  it('has nothing to poll in a topic without partitions', async () => {
    const { ask } = await topicOf('none', 0);
    expect(await root.reads(code.poll, ask())).toBe('S 3007');
    expect(await root.reads(code.poll, ask({ partition: undefined }))).toBe('S 3007');
  });
});
