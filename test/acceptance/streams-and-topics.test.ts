import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { u8, u32, u64 } from './hand/bytes.js';
import type { HandClient } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import {
  readConfirmations,
  readOffset,
  readOptions,
  readPoll,
  readStream,
  readStreams,
  readTopic,
  readTopics,
} from './hand/replies.js';
import {
  code,
  ident,
  offsetBody,
  op,
  option,
  optionBool,
  optionText,
  optionU32,
  optionU64,
  partitionsBody,
  place,
  pollBody,
  sendBody,
  storeBody,
  streamBody,
  topicBody,
  updateStreamBody,
  updateTopicBody,
} from './hand/requests.js';

const never = 2n ** 64n - 1n;
const names = async (root: HandClient) =>
  readStreams(await root.get(code.streams)).map((s) => s.name);

describe('05 streams', () => {
  it('05-S1 a stream starts with id 0 and nothing in it, the next one gets 1', async () => {
    const root = await (await HandCluster.start()).root();
    const reply = await root.mutate(op.createStream, streamBody('a'));
    expect(reply).toMatchObject({ operation: 128, request: 1n, op: reply.commit });

    const a = readStream(reply.body.subarray(4));
    expect(a).toMatchObject({ id: 0, topics: 0, size: 0, messages: 0, name: 'a', options: {} });
    expect(a.created).toBeGreaterThan(1_600_000_000_000_000n);
    expect(readStream(await root.must(op.createStream, streamBody('b'))).id).toBe(1);
  });

  it('05-S2 deleted ids come back, the lowest first', async () => {
    const root = await (await HandCluster.start()).root();
    for (const name of ['a', 'b', 'c']) await root.must(op.createStream, streamBody(name));
    await root.must(op.deleteStream, ident(2));
    await root.must(op.deleteStream, ident('a'));

    expect(readStream(await root.must(op.createStream, streamBody('x'))).id).toBe(0);
    expect(readStream(await root.must(op.createStream, streamBody('y'))).id).toBe(2);
  });

  it('05-S3 05-S4 05-S5 05-S6 names are unique byte by byte, and refusals change nothing', async () => {
    const root = await (await HandCluster.start()).root();
    await root.must(op.createStream, streamBody('a'));
    expect(await root.does(op.createStream, streamBody('a'))).toBe('R 1012');
    expect(await names(root)).toEqual(['a']);

    await root.must(op.createStream, streamBody('b'));
    expect(await root.does(op.updateStream, updateStreamBody('a', 'b'))).toBe('R 1012');
    expect(await root.does(op.updateStream, updateStreamBody('a', 'a'))).toBe('ok');
    expect(await root.does(op.updateStream, updateStreamBody('a', 'A'))).toBe('ok');
    expect(await names(root)).toEqual(['A', 'b']);

    const before = (await root.mutate(op.updateStream, updateStreamBody('b', 'b'))).op;
    const foo = optionText('foo', '1');
    expect(await root.does(op.createStream, streamBody('c', foo))).toBe('S 4041');
    expect(await root.does(op.updateStream, updateStreamBody('b', 'c', foo))).toBe('S 4041');
    expect((await root.mutate(op.updateStream, updateStreamBody('b', 'b'))).op).toBe(before + 1);

    for (const missing of [9, 'nobody']) {
      expect(await root.does(op.updateStream, updateStreamBody(missing, 'z'))).toBe('R 1009');
      expect(await root.does(op.deleteStream, ident(missing))).toBe('R 1009');
      expect(await root.does(op.purgeStream, ident(missing))).toBe('R 1009');
    }
  });

  it('05-S7 a missing stream reads as nothing, its topics as none, its groups as an error', async () => {
    const root = await (await HandCluster.start()).root();
    const stream = await root.read(code.stream, ident(4));
    expect(stream).toMatchObject({ status: 0, body: Buffer.alloc(0) });
    expect(await root.get(code.topics, ident(4))).toEqual(Buffer.alloc(4));
    expect(await root.reads(code.groups, place(4, 0))).toBe('S 1009');
    expect(await root.reads(code.group, place(4, 0, 0))).toBe('S 1009');
    expect(await root.get(code.topic, place(4, 0))).toEqual(Buffer.alloc(0));
  });
});

describe('05 topics', () => {
  let server: HandCluster;
  let root: HandClient;
  let stream = 0;

  beforeAll(async () => {
    server = await HandCluster.open();
    root = await server.root();
    stream = readStream(await root.must(op.createStream, streamBody('topics'))).id;
  });
  afterAll(() => server.stop());

  const create = (name: string, partitions = 1, ...options: Buffer[]) =>
    root.does(op.createTopic, topicBody(stream, name, partitions, ...options));
  const topic = async (name: string) => readTopic(await root.get(code.topic, place(stream, name)));

  it('05-S8 a topic may have no partitions, and grow and shrink', async () => {
    const made = await root.mutate(op.createTopic, topicBody(stream, 's8', 0));
    expect(made.operation).toBe(64);
    const record = readTopic(made.body.subarray(4));
    expect(record).toMatchObject({ partitions: 0, list: [] });
    expect(await root.partitionSays(op.send, sendBody(stream, 's8', 'balanced', ['x']))).toBe(
      'S 20',
    );

    const grown = await root.mutate(op.createPartitions, partitionsBody(stream, 's8', 22));
    expect(grown).toMatchObject({ operation: 65, result: 0 });
    expect(await root.does(op.deletePartitions, partitionsBody(stream, 's8', 19))).toBe('ok');
    expect((await topic('s8')).list.map(({ id }) => id)).toEqual([0, 1, 2]);
  });

  it('05-S9 05-S20 partition counts have bounds before replication and after', async () => {
    expect(await create('s9', 1001)).toBe('S 2015');
    expect(await create('s9', 1000)).toBe('ok');
    await root.must(op.deleteTopic, place(stream, 's9'));

    expect(await create('s20', 3)).toBe('ok');
    const counts = (count: number) => partitionsBody(stream, 's20', count);
    expect(await root.does(op.createPartitions, counts(0))).toBe('S 2015');
    expect(await root.does(op.createPartitions, counts(1001))).toBe('S 2015');
    expect(await root.does(op.deletePartitions, counts(0))).toBe('S 2015');
    expect(await root.does(op.createPartitions, partitionsBody(stream, 'no', 1))).toBe('R 2010');
    expect(await root.does(op.deletePartitions, partitionsBody(99, 'no', 1))).toBe('R 1009');
    expect(await root.does(op.deletePartitions, counts(5))).toBe('R 2019');
    expect(await root.does(op.deletePartitions, counts(3))).toBe('ok');
    expect((await topic('s20')).list).toEqual([]);
  });

  it('05-S10 05-S11 05-S12 a cap is never below the segment', async () => {
    expect(await create('s10', 1, optionU64('max_topic_size', 10_240))).toBe('S 1019');
    expect(await create('s10', 1, optionU64('max_topic_size', never))).toBe('ok');
    expect(await create('s10b', 1, optionU64('max_topic_size', 0))).toBe('ok');

    const eight = 8 * 1024 * 1024;
    const both = [optionU64('segment_size', eight), optionU64('max_topic_size', eight)];
    expect(await create('s11', 1, ...both)).toBe('ok');
    const update = (name: string, cap: number) =>
      root.does(
        op.updateTopic,
        updateTopicBody(stream, name, name, optionU64('max_topic_size', cap)),
      );
    expect(await update('s11', eight / 2)).toBe('S 1019');
    expect((await topic('s11')).cap).toBe(BigInt(eight));

    expect(await update('s10', 0)).toBe('ok');
    const kept = await topic('s10');
    expect(kept.cap).toBe(never);
    expect(kept.explicit['max_topic_size']).toBe(`12 ${'00'.repeat(8)}`);
  });

  it('05-S13 05-S14 server defaults are resolved when a topic is made', async () => {
    expect(await create('s13', 1, optionText('max_topic_size', 'server_default'))).toBe('ok');
    const s13 = await topic('s13');
    expect(s13).toMatchObject({ cap: never, explicit: {} });
    expect(s13.derived['max_topic_size']).toBe(`12 ${'ff'.repeat(8)}`);

    const zeros = [optionU64('message_expiry', 0), optionU64('segment_size', 0)];
    expect(await create('s14', 1, ...zeros)).toBe('ok');
    expect(await topic('s14')).toMatchObject({
      explicit: {},
      expiry: never,
      derived: {
        compression_algorithm: '2 6e6f6e65',
        message_expiry: `12 ${'ff'.repeat(8)}`,
        segment_size: '12 0000004000000000',
        enforce_fsync: '3 00',
        messages_required_to_save: '11 00040000',
        size_of_messages_required_to_save: '12 0000100000000000',
        preallocate_segments: '3 00',
      },
    });
  });

  it('05-S15 05-S16 05-S17 values out of bounds are 4042, unknown keys 4041', async () => {
    expect(await create('s15', 1, optionU64('segment_size', 1024))).toBe('S 4042');
    expect(await create('s15', 1, optionU64('segment_size', 1_048_577))).toBe('S 4042');
    expect(await create('s15', 1, optionU64('segment_size', 1_048_576))).toBe('ok');
    expect(await create('s16', 1, optionU32('messages_required_to_save', 0))).toBe('S 4042');
    expect(await create('s16', 1, optionU32('partitions_count', 3))).toBe('S 4041');
    expect(await create('s16', 1, option('enforce_fsync', 3, u8(2)))).toBe('S 4042');
    expect(await create('s16', 1, option('segment_size', 11, u32(1_048_576)))).toBe('S 4042');
    const twice = [optionBool('enforce_fsync', true), optionBool('enforce_fsync', true)];
    expect(await create('s16', 1, ...twice)).toBe('S 3');

    const reserve = optionBool('preallocate_segments', true);
    expect(await create('s17', 65, reserve)).toBe('S 4042');
    expect(await create('s17', 64, reserve, optionText('segment_size', '1 MiB'))).toBe('ok');
  });

  it('05-S18 05-S19 an update patches three settings and renames', async () => {
    const set = [
      optionText('message_expiry', '7 days'),
      optionText('compression_algorithm', 'GZIP'),
    ];
    expect(await create('s18', 1, ...set)).toBe('ok');
    const before = await topic('s18');
    expect(before).toMatchObject({ compression: 2, expiry: 604_800_000_000n });
    expect(before.explicit).toEqual({
      compression_algorithm: '2 677a6970',
      message_expiry: `12 ${u64(604_800_000_000n).toString('hex')}`,
    });

    const change = (name: string, to: string, ...options: Buffer[]) =>
      root.does(op.updateTopic, updateTopicBody(stream, name, to, ...options));
    expect(await change('s18', 's18', optionU64('segment_size', 1_048_576))).toBe('S 4041');
    expect(await change('s18', 's18 renamed')).toBe('ok');
    expect(await topic('s18 renamed')).toEqual({ ...before, name: 's18 renamed' });
    expect(await change('gone', 'x')).toBe('R 2010');
    expect(await change('gone', 'x', optionU64('max_topic_size', 5))).toBe('S 1019');

    expect(await create('s18 renamed')).toBe('R 2013');
    expect(await create('s19')).toBe('ok');
    expect(await change('s19', 's18 renamed')).toBe('R 2013');
    const other = readStream(await root.must(op.createStream, streamBody('another'))).id;
    expect(await root.does(op.createTopic, topicBody(other, 's18 renamed'))).toBe('ok');
  });

  it('05-S21 a new topic is answered with no segments and read with one each', async () => {
    const made = await root.must(op.createTopic, topicBody(stream, 's21', 3));
    expect(readTopic(made).list.map(({ segments }) => segments)).toEqual([0, 0, 0]);
    const empty = { segments: 1, offset: 0, size: 0, messages: 0 };
    expect((await topic('s21')).list).toMatchObject([empty, empty, empty]);
  });

  it('05-S22 a topic that takes the id of a deleted one starts empty', async () => {
    const own = readStream(await root.must(op.createStream, streamBody('s22'))).id;
    await root.must(op.createTopic, topicBody(own, 'old'));
    await root.sends(sendBody(own, 'old', 0, ['a', 'b']));
    const at = { reads: 1, stream: own, topic: 0, partition: 0 };
    expect(await root.partitionSays(op.storeOffset, storeBody(at, 1))).toBe('ok');
    await root.must(op.deleteTopic, place(own, 'old'));

    expect(readTopic(await root.must(op.createTopic, topicBody(own, 'z'))).id).toBe(0);
    expect(readOffset(await root.get(code.offset, offsetBody(at)))).toBeUndefined();
    expect(readPoll(await root.get(code.poll, pollBody(at)))).toMatchObject({
      count: 0,
      current: 0,
    });
    const [sent] = readConfirmations(await root.sends(sendBody(own, 'z', 0, ['new'])));
    expect(sent).toEqual({ stream: own, topic: 0, partition: 0, base: 0 });
    expect(readPoll(await root.get(code.poll, pollBody(at))).texts).toEqual(['new']);
  });

  it('05-S23 topics have eight options, streams and users none', async () => {
    const list = readOptions(await root.get(code.options, u8(1)));
    expect(list.map(({ key, kind, standard }) => [key, kind, standard])).toEqual([
      ['compression_algorithm', 2, '6e6f6e65'],
      ['message_expiry', 12, 'ff'.repeat(8)],
      ['max_topic_size', 12, 'ff'.repeat(8)],
      ['segment_size', 12, '0000004000000000'],
      ['enforce_fsync', 3, '00'],
      ['messages_required_to_save', 11, '00040000'],
      ['size_of_messages_required_to_save', 12, '0000100000000000'],
      ['preallocate_segments', 3, '00'],
    ]);
    expect(await root.get(code.options, u8(2))).toEqual(u32(0));
    expect(await root.get(code.options, u8(3))).toEqual(u32(0));
    expect(await root.reads(code.options, u8(9))).toBe('S 3');
    expect(await root.reads(code.options)).toBe('S 3');
  });

  it('05-S102 a topic without partitions grows, shrinks, is purged and deleted at once', async () => {
    expect(await create('s102', 0)).toBe('ok');
    expect(await root.does(op.createPartitions, partitionsBody(stream, 's102', 22))).toBe('ok');
    expect(await root.does(op.deletePartitions, partitionsBody(stream, 's102', 19))).toBe('ok');
    expect(await root.does(op.purgeTopic, place(stream, 's102'))).toBe('ok');
    const listed = readTopics(await root.get(code.topics, ident(stream)));
    expect(listed.find(({ name }) => name === 's102')).toMatchObject({ partitions: 3 });
    expect(await root.does(op.deleteTopic, place(stream, 's102'))).toBe('ok');
    expect(await root.get(code.topic, place(stream, 's102'))).toEqual(Buffer.alloc(0));
  });

  it('05-S103 an unknown code is refused, and the connection goes on', async () => {
    for (let i = 0; i < 3; i++) expect(await root.reads(60_001, Buffer.from('any'))).toBe('S 3');
    expect(await root.does(op.createStream, streamBody('s103'))).toBe('ok');
    expect(await root.does(op.deleteStream, ident('s103'))).toBe('ok');
  });
});
