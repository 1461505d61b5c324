import { describe, expect, it } from 'vitest';
import { type HandClient, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readPoll, readTopic } from './hand/replies.js';
import {
  code,
  op,
  optionBool,
  optionText,
  optionU32,
  optionU64,
  place,
  pollBody,
  segmentsBody,
  sendBody,
  storeBody,
  streamBody,
  topicBody,
} from './hand/requests.js';

const spot = { reads: 1, stream: 's', topic: 't', partition: 0 } as const;
/** A batch of one message that takes 220,304 bytes on disk. */
const payload = 'x'.repeat(220_000);
const all = 0xffff_ffff;

async function withSegments(nodes: number, options: Buffer[] = [], settings = {}) {
  const server = await HandCluster.start(settings, { nodes });
  const root = await server.root();
  await root.must(op.createStream, streamBody('s'));
  const shared = [optionU64('segment_size', 1_048_576), optionU32('messages_required_to_save', 1)];
  await root.must(op.createTopic, topicBody('s', 't', 1, ...shared, ...options));
  const send = () => root.sends(sendBody('s', 't', 0, [payload]));
  const partition = async (client: HandClient = root) => {
    const [first] = readTopic(await client.get(code.topic, place('s', 't'))).list;
    if (first === undefined) throw new Error('no partition');
    return first;
  };
  const segments = async () => (await partition()).segments;
  return {
    server,
    root,
    send,
    partition,
    segments,
    store: (offset: number) => root.partitionSays(op.storeOffset, storeBody(spot, offset)),
    remove: (count: number) => root.mutate(op.deleteSegments, segmentsBody('s', 't', 0, count)),
    firstOffset: async () => {
      const poll = pollBody({ ...spot, by: 'offset', value: 0, count: 1 });
      return readPoll(await root.get(code.poll, poll)).offsets[0];
    },
    drops: (to: number) => until(segments, (count) => count <= to),
  };
}

describe.each([1, 3])('05 segments on %i nodes', (nodes) => {
  it('05-S81 05-S82 05-S83 05-S84 are deleted as far as consumers have read', async () => {
    const { send, partition, store, remove, firstOffset, drops } = await withSegments(nodes);
    for (let i = 0; i < 25; i++) await send();
    expect(await partition()).toMatchObject({
      segments: 6,
      offset: 24,
      messages: 25,
      size: 25 * 220_304,
    });

    expect(await store(5)).toBe('ok');
    const removed = await remove(1);
    expect(removed).toMatchObject({ operation: 68, result: 0 });
    expect(removed.body).toEqual(Buffer.alloc(4));
    expect(await drops(5)).toBe(5);
    expect(await firstOffset()).toBe(5);
    expect(await partition()).toMatchObject({ offset: 24, messages: 20, size: 20 * 220_304 });

    expect((await remove(1)).result).toBe(0);
    expect((await remove(0)).result).toBe(0);
    expect(await firstOffset()).toBe(5);
    expect((await partition()).segments).toBe(5);
    expect(await store(9)).toBe('ok');
    expect(await drops(4)).toBe(4);
    expect(await firstOffset()).toBe(10);

    expect(await store(24)).toBe('ok');
    expect((await remove(all)).result).toBe(0);
    expect(await drops(1)).toBe(1);
    expect(await partition()).toMatchObject({ segments: 1, offset: 24, messages: 0, size: 0 });
    expect(await firstOffset()).toBeUndefined();
    await send();
    expect(await firstOffset()).toBe(25);
  });
});

describe('05 segments', () => {
  it('05-S85 04-S79 deleting from what is missing is a committed refusal', async () => {
    const { root } = await withSegments(1);
    for (const [said, body] of [
      ['R 1009', segmentsBody('no', 't', 0, 1)],
      ['R 2010', segmentsBody('s', 'no', 0, 1)],
      ['R 3007', segmentsBody('s', 't', 4, 1)],
      ['S 3', Buffer.from([1, 2, 3])],
    ] as const) {
      const request = root.next;
      expect(await root.does(op.deleteSegments, body)).toBe(said);
      if (said === 'S 3') continue;
      const reply = await root.mutate(op.deleteSegments, body, request);
      expect(reply.operation).toBe(68);
    }
  });

  it('05-S86 05-S87 expire when they are sealed, with or without a reader', async () => {
    const { send, partition, drops, firstOffset } = await withSegments(
      1,
      [optionText('message_expiry', '1 s')],
      { 'data_maintenance.messages.interval': '100ms' },
    );
    for (let i = 0; i < 11; i++) await send();
    expect(await drops(1)).toBe(1);
    expect(await partition()).toMatchObject({ offset: 10, messages: 1 });
    expect(await firstOffset()).toBe(10);
  });

  it('05-S87 without stored offsets all sealed segments go at once', async () => {
    const { send, remove, drops, firstOffset, server } = await withSegments(1, [
      optionBool('enforce_fsync', true),
    ]);
    for (let i = 0; i < 12; i++) await send();
    expect((await remove(all)).result).toBe(0);
    expect(await drops(1)).toBe(1);
    expect(await firstOffset()).toBe(10);
    expect(server.cluster.status().primary).toBe(0);
  });
});
