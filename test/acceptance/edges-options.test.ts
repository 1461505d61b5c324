import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, type Row } from './hand/answers.js';
import { u8, u32, u64 } from './hand/bytes.js';
import { type HandClient, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readTopic } from './hand/replies.js';
import {
  code,
  op,
  option,
  optionBool,
  optionText,
  optionU32,
  optionU64,
  place,
  streamBody,
  topicBody,
  updateTopicBody,
  userBody,
} from './hand/requests.js';

const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);
const max = 2n ** 64n - 1n;
const key = (kind: number, bytes: Uint8Array | string): Buffer =>
  cat(u8(kind), u32(Buffer.from(bytes).length), Buffer.from(bytes));
const yes = key(3, u8(1));

describe('05 edges of options', () => {
  let server: HandCluster;
  let root: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes: 3 });
    root = await server.root();
    await root.must(op.createStream, streamBody('s'));
  });
  afterAll(() => server.stop());

  const doing = (operation: number) => (body: Buffer) => root.does(operation, body);

  it('calls a block of options that breaks the rules of its bytes undecodable', async () => {
    const many = Array.from({ length: 1025 }, (_, i) => optionText(`k${i}`, 'v'));
    const wide = Array.from({ length: 300 }, (_, i) => optionText(`key ${i}`, 'v'.repeat(255)));
    const huge = [...wide, ...wide.map((_, i) => optionText(`more ${i}`, 'v'.repeat(255)))];
    const blocks: [string, Buffer, string][] = [
      ['a key that is no string', cat(key(1, 'enforce_fsync'), yes), 'S 3'],
      ['a key that is a number', cat(key(11, u32(1)), yes), 'S 3'],
      ['an empty key', cat(key(2, ''), yes), 'S 3'],
      ['a key of 256 bytes', cat(key(2, 'k'.repeat(256)), yes), 'S 3'],
      ['a key that is not UTF-8', cat(key(2, Buffer.from([0xff, 0xfe])), yes), 'S 3'],
      ['a key without a value', key(2, 'enforce_fsync'), 'S 3'],
      ['an empty value', cat(key(2, 'enforce_fsync'), key(3, '')), 'S 3'],
      ['a value of 256 bytes', cat(key(2, 'enforce_fsync'), key(2, 'v'.repeat(256))), 'S 3'],
      ['a value of kind 0', cat(key(2, 'enforce_fsync'), key(0, u8(1))), 'S 3'],
      ['a length beyond the body', cat(key(2, 'enforce_fsync'), u8(3), u32(9), u8(1)), 'S 3'],
      ['a length of 2^32-1', cat(u8(2), u32(4_294_967_295), Buffer.from('x')), 'S 3'],
      ['1025 entries', cat(...many), 'S 3'],
      ['1024 entries', cat(...many.slice(1)), 'S 4041'],
      ['more than 100000 bytes', cat(...huge), 'S 3'],
      ['the same key twice', cat(optionText('k', 'a'), optionText('k', 'b')), 'S 3'],
      ['a value of an unknown kind', cat(key(2, 'enforce_fsync'), key(77, u8(1))), 'S 4042'],
      ['a key of 255 bytes', optionText('k'.repeat(255), 'v'.repeat(255)), 'S 4041'],
    ];
    await answers(
      blocks.map(([label, block, said]): Row => [label, topicBody('s', 'x', 1, block), said]),
      doing(op.createTopic),
    );
    const scopes = blocks.map(([label, block, said]): [string, Buffer, string] => [
      label,
      block,
      said === 'S 4042' ? 'S 4041' : said,
    ]);
    await answers(
      scopes.map(([label, block, said]): Row => [label, streamBody('x', block), said]),
      doing(op.createStream),
    );
    await answers(
      scopes.map(([label, block, said]): Row => [label, cat(userBody('x', 'y'), block), said]),
      doing(op.createUser),
    );
  });

  it('judges options in block order, then bounds, then counts, then the cap', async () => {
    const small = optionU64('segment_size', 1024);
    const foo = optionText('foo', '1');
    const low = optionU64('max_topic_size', 10_240);
    const wrong = option('enforce_fsync', 3, u8(7));
    const reserve = optionBool('preallocate_segments', true);
    const made = (partitions: number, ...options: Buffer[]) =>
      topicBody('missing', 'x', partitions, ...options);
    await answers(
      [
        ['unknown, then wrong', made(1, foo, wrong), 'S 4041'],
        ['wrong, then unknown', made(1, wrong, foo), 'S 4042'],
        ['segment out of bounds, then unknown', made(1, small, foo), 'S 4041'],
        ['segment and count', made(1001, small), 'S 4042'],
        ['reservation and count', made(1001, reserve), 'S 4042'],
        ['count and cap', made(1001, low), 'S 2015'],
        ['cap and a missing stream', made(1, low), 'S 1019'],
        ['nothing but the stream', made(1), 'R 1009'],
        ['a count of 2^32-1', made(4_294_967_295), 'S 2015'],
      ],
      doing(op.createTopic),
    );
    const update = (...options: Buffer[]) => updateTopicBody('s', 'missing', 'x', ...options);
    await answers(
      [
        ['a key for new topics only', update(optionBool('enforce_fsync', true), low), 'S 4041'],
        ['a wrong value first', update(optionText('message_expiry', 'soon'), foo), 'S 4042'],
        ['cap and a missing topic', update(low), 'S 1019'],
        ['nothing but the topic', update(), 'R 2010'],
      ],
      doing(op.updateTopic),
    );
  });

  it('reads option values in every form that is named', async () => {
    let topics = 0;
    const asked = async (...options: Buffer[]) => {
      const name = `form ${topics++}`;
      const reply = await root.mutate(op.createTopic, topicBody('s', name, 1, ...options));
      if (outcome(reply) !== 'ok') return outcome(reply);
      await root.must(op.deleteTopic, place('s', name));
      const topic = readTopic(reply.body.subarray(4));
      return { ...topic, fsync: topic.explicit['enforce_fsync'] };
    };
    const expiry = (text: string) => asked(optionText('message_expiry', text));
    for (const text of ['none', 'None', 'unlimited', 'Unlimited', 'never_expire']) {
      expect([text, await expiry(text)]).toMatchObject([text, { expiry: max }]);
    }
    for (const text of ['default', 'Default', 'server_default', 'Server_default']) {
      expect([text, await expiry(text)]).toMatchObject([text, { expiry: max, explicit: {} }]);
    }
    for (const [text, micros] of [
      ['7 days', 604_800_000_000n],
      ['1h 30m', 5_400_000_000n],
      ['1ms', 1000n],
      ['4294967295s', 4_294_967_295_000_000n],
    ] as const) {
      expect([text, await expiry(text)]).toMatchObject([text, { expiry: micros }]);
    }
    for (const text of ['soon', '5', '-1s', '4294967296s', '1 fortnight', 'NONE']) {
      expect([text, await expiry(text)]).toEqual([text, 'S 4042']);
    }

    const cap = (text: string) => asked(optionText('max_topic_size', text));
    for (const [text, bytes] of [
      ['2 GiB', 2_147_483_648n],
      ['2GB', 2_000_000_000n],
      ['1073741824', 1_073_741_824n],
      ['unlimited', max],
      ['server_default', max],
      ['0', max],
    ] as const) {
      expect([text, await cap(text)]).toMatchObject([text, { cap: bytes }]);
    }
    for (const text of ['much', '1 XB', '-5']) {
      expect([text, await cap(text)]).toEqual([text, 'S 4042']);
    }
    const segment = (text: string) => asked(optionText('segment_size', text));
    expect(await segment('1 MiB')).toMatchObject({
      explicit: { segment_size: `12 ${u64(1_048_576).toString('hex')}` },
    });
    for (const text of ['0', 'none', 'unlimited']) {
      expect([text, await segment(text)]).toMatchObject([text, { explicit: {} }]);
    }
    expect(await segment('1 MB')).toBe('S 4042');
    expect(await segment('2 GiB')).toBe('S 4042');

    expect(await asked(optionText('enforce_fsync', 'true'))).toMatchObject({ fsync: '3 01' });
    expect(await asked(optionText('enforce_fsync', 'false'))).toMatchObject({ fsync: '3 00' });
    for (const text of ['True', 'yes', '1']) {
      expect([text, await asked(optionText('enforce_fsync', text))]).toEqual([text, 'S 4042']);
    }
    expect(await asked(option('enforce_fsync', 3, Buffer.from([0, 1])))).toBe('S 4042');
    for (const [bytes, said] of [
      [u8(2), 2],
      [u8(1), 1],
    ] as const) {
      const made = await asked(option('compression_algorithm', 9, bytes));
      expect(made).toMatchObject({ compression: said });
    }
    for (const bytes of [u8(0), u8(3), Buffer.from([1, 1])]) {
      expect(await asked(option('compression_algorithm', 9, bytes))).toBe('S 4042');
    }
    expect(await asked(optionText('compression_algorithm', 'zstd'))).toBe('S 4042');
    expect(await asked(optionText('messages_required_to_save', '5000'))).toMatchObject({
      explicit: { messages_required_to_save: `11 ${u32(5000).toString('hex')}` },
    });
    const save = (count: number) => asked(optionU32('messages_required_to_save', count));
    expect(await save(16_777_216)).toMatchObject({ cap: max });
    expect(await save(16_777_217)).toBe('S 4042');
    const bytes = (count: number) => asked(optionU64('size_of_messages_required_to_save', count));
    expect(await bytes(1_073_741_824)).toMatchObject({ cap: max });
    expect(await bytes(1_073_741_825)).toBe('S 4042');
    expect(await bytes(0)).toMatchObject({ explicit: {} });
  });

  it('keeps what an update sends in the kind it came in', async () => {
    await root.must(op.createTopic, topicBody('s', 'kinds', 1, optionU64('message_expiry', 5)));
    const set = [
      optionText('message_expiry', 'none'),
      option('compression_algorithm', 9, u8(2)),
      optionText('max_topic_size', '3 GiB'),
    ];
    expect(await root.does(op.updateTopic, updateTopicBody('s', 'kinds', 'kinds', ...set))).toBe(
      'ok',
    );
    expect(readTopic(await root.get(code.topic, place('s', 'kinds')))).toMatchObject({
      expiry: max,
      compression: 2,
      cap: 3_221_225_472n,
      explicit: {
        message_expiry: `2 ${Buffer.from('none').toString('hex')}`,
        compression_algorithm: '9 02',
        max_topic_size: `2 ${Buffer.from('3 GiB').toString('hex')}`,
      },
    });
  });
});
