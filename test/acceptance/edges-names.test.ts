import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, type Row } from './hand/answers.js';
import { text8, u8, u32, u64 } from './hand/bytes.js';
import { type HandClient, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readStream } from './hand/replies.js';
import {
  code,
  groupBody,
  ident,
  op,
  partitionsBody,
  passwordBody,
  place,
  streamBody,
  tokenBody,
  topicBody,
  updateStreamBody,
  updateTopicBody,
  updateUserBody,
  userBody,
} from './hand/requests.js';

const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

/** Identifiers that no decoder may take. */
const badIdents: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['a kind alone', u8(1)],
  ['kind 0', cat(u8(0), u8(4), u32(0))],
  ['kind 3', cat(u8(3), u8(4), u32(0))],
  ['a number of 8 bytes', cat(u8(1), u8(8), u64(0))],
  ['a number of 0 bytes', Buffer.from([1, 0])],
  ['a number cut short', Buffer.from([1, 4, 0, 0])],
  ['a name of 0 bytes', Buffer.from([2, 0])],
  ['a name longer than the body', Buffer.from([2, 9, 115])],
  ['a name that is not UTF-8', Buffer.from([2, 2, 0xff, 0xfe])],
];

describe('05 edges of identifiers and names', () => {
  let server: HandCluster;
  let root: HandClient;
  let alice: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes: 3 });
    root = await server.root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't'));
    await root.must(op.createUser, userBody('alice', 'secret'));
    alice = await (await server.dial()).login('alice', 'secret');
  });
  afterAll(() => server.stop());

  const doing = (operation: number) => (body: Buffer) => root.does(operation, body);

  it.each([
    ['get_user', code.user],
    ['get_stream', code.stream],
    ['get_topics', code.topics],
    ['get_topic', code.topic],
    ['get_consumer_groups', code.groups],
    ['get_consumer_group', code.group],
    ['sync_consumer_group', code.sync],
  ])(
    'refuses an identifier that is none in %s, also from a user without rights',
    async (_, command) => {
      const rows = badIdents.map(([label, bytes]): Row => [label, bytes, 'S 3']);
      await answers(rows, (body) => root.reads(command, body));
      await answers(rows, (body) => alice.reads(command, body));
    },
  );

  it.each([
    ['update_stream', op.updateStream, text8('x')],
    ['delete_stream', op.deleteStream, Buffer.alloc(0)],
    ['purge_stream', op.purgeStream, Buffer.alloc(0)],
    ['create_topic', op.createTopic, cat(u32(1), text8('x'))],
    ['update_topic', op.updateTopic, cat(ident(0), text8('x'))],
    ['delete_topic', op.deleteTopic, ident(0)],
    ['purge_topic', op.purgeTopic, ident(0)],
    ['create_partitions', op.createPartitions, cat(ident(0), u32(1))],
    ['delete_partitions', op.deletePartitions, cat(ident(0), u32(1))],
    ['delete_segments', op.deleteSegments, cat(ident(0), u32(0), u32(1))],
    ['create_consumer_group', op.createGroup, cat(ident(0), text8('x'))],
    ['delete_consumer_group', op.deleteGroup, place(0, 0)],
    ['join_consumer_group', op.joinGroup, place(0, 0)],
    ['leave_consumer_group', op.leaveGroup, place(0, 0)],
    ['update_user', op.updateUser, Buffer.from([0, 0])],
    ['delete_user', op.deleteUser, Buffer.alloc(0)],
    ['change_password', op.changePassword, cat(text8('a'), text8('b'))],
    ['update_permissions', op.updatePermissions, u8(0)],
  ])(
    'refuses an identifier that is none in %s before anything is replicated',
    async (_, operation, rest) => {
      const before = (await root.mutate(op.purgeStream, ident('s'))).op;
      // Cut short, they would go on in the rest of the body.
      const whole = badIdents.filter(([label]) => !/nothing|alone|short/.test(label));
      const rows = whole.map(([label, bytes]): Row => [label, cat(bytes, rest), 'S 3']);
      await answers([...rows, ['nothing at all', Buffer.alloc(0), 'S 3']], doing(operation));
      expect((await root.mutate(op.purgeStream, ident('s'))).op).toBe(before + 1);
    },
  );

  it('finds the number 4294967295 and names of digits where they are, and nowhere else', async () => {
    expect(await root.get(code.stream, ident(4_294_967_295))).toEqual(Buffer.alloc(0));
    await root.must(op.createStream, streamBody('0'));
    const named = readStream(await root.get(code.stream, ident('0')));
    expect([named.name, named.id]).toEqual(['0', named.id]);
    expect(readStream(await root.get(code.stream, ident(0))).name).toBe('s');
    await root.must(op.deleteStream, ident('0'));
    expect(readStream(await root.get(code.stream, ident(0))).name).toBe('s');
  });

  it('ignores bytes behind a body that has no options', async () => {
    const junk = Buffer.from('junk');
    const with4 = (body: Buffer) => cat(body, junk);
    await root.must(op.createTopic, topicBody('s', 'junk'));
    await root.must(op.createGroup, with4(groupBody('s', 'junk', 'g')));
    const done: [string, number, Buffer][] = [
      ['join', op.joinGroup, place('s', 'junk', 'g')],
      ['leave', op.leaveGroup, place('s', 'junk', 'g')],
      ['delete group', op.deleteGroup, place('s', 'junk', 'g')],
      ['create partitions', op.createPartitions, partitionsBody('s', 'junk', 1)],
      ['delete partitions', op.deletePartitions, partitionsBody('s', 'junk', 1)],
      ['purge topic', op.purgeTopic, place('s', 'junk')],
      ['delete segments', op.deleteSegments, cat(place('s', 'junk'), u32(0), u32(0))],
      ['create token', op.createToken, tokenBody('junk')],
      ['delete token', op.deleteToken, text8('junk')],
      ['change password', op.changePassword, passwordBody('iggy', 'iggy', 'iggy')],
      ['update permissions', op.updatePermissions, cat(ident('alice'), u8(0))],
      ['delete topic', op.deleteTopic, place('s', 'junk')],
      ['purge stream', op.purgeStream, ident('s')],
    ];
    for (const [label, operation, body] of done) {
      expect([label, await root.does(operation, with4(body))]).toEqual([label, 'ok']);
    }
    for (const [command, body] of [
      [code.stream, ident('s')],
      [code.topic, place('s', 't')],
      [code.topics, ident('s')],
      [code.groups, place('s', 't')],
      [code.user, ident(0)],
      [code.options, u8(1)],
      [code.ping, Buffer.alloc(0)],
      [code.streams, Buffer.alloc(0)],
    ] as const) {
      expect([command, await root.reads(command, with4(body))]).toEqual([command, 'ok']);
    }
  });

  it('takes a stray byte behind a body with options for a broken block', async () => {
    const stray = (body: Buffer) => cat(body, u8(0));
    await answers([['stream', stray(streamBody('x')), 'S 3']], doing(op.createStream));
    await answers([['update', stray(updateStreamBody('s', 's')), 'S 3']], doing(op.updateStream));
    await answers([['topic', stray(topicBody('s', 'x')), 'S 3']], doing(op.createTopic));
    await answers([['topic', stray(updateTopicBody('s', 't', 't')), 'S 3']], doing(op.updateTopic));
    await answers([['user', stray(userBody('carol', 'secret')), 'S 3']], doing(op.createUser));
    await answers([['user', stray(updateUserBody('alice', {})), 'S 3']], doing(op.updateUser));
  });

  it('takes names of 1 to 255 bytes of UTF-8 as they are, and no others', async () => {
    const wide = 'é'.repeat(127);
    const taken = ['x', 'y'.repeat(255), wide, ' ', '\u0000', 'S', 'a/b', '😀'];
    for (const name of taken) {
      const made = readStream(await root.must(op.createStream, streamBody(name)));
      expect(readStream(await root.get(code.stream, ident(name))).id).toBe(made.id);
      expect(await root.does(op.deleteStream, ident(name))).toBe('ok');
    }
    const bad: [string, Buffer][] = [
      ['empty', u8(0)],
      ['longer than the body', Buffer.from([5, 97])],
      ['not UTF-8', Buffer.from([2, 0xc3, 0x28])],
      ['an overlong form', Buffer.from([2, 0xc0, 0xaf])],
      ['a lone surrogate', Buffer.from([3, 0xed, 0xa0, 0x80])],
    ];
    const rows = (head: Buffer, tail: Buffer = Buffer.alloc(0)) =>
      bad.map(([label, name]): Row => [label, cat(head, name, tail), 'S 3']);
    const none = Buffer.alloc(0);
    await answers(rows(none), doing(op.createStream));
    await answers(rows(ident('s')), doing(op.updateStream));
    await answers(rows(cat(ident('s'), u32(1))), doing(op.createTopic));
    await answers(rows(place('s', 't')), doing(op.updateTopic));
    await answers(rows(place('s', 't')), doing(op.createGroup));
    await answers(rows(none), doing(op.deleteToken));
    await answers(rows(cat(ident('alice'), u8(1))), doing(op.updateUser));
  });

  it('takes token names of 1 to 255 bytes, and refuses a lifetime that overflows', async () => {
    for (const name of ['x', 'y'.repeat(255)]) {
      expect(await root.does(op.createToken, tokenBody(name))).toBe('ok');
      expect(await root.does(op.deleteToken, text8(name))).toBe('ok');
    }
    expect(await root.does(op.createToken, cat(u8(0), u64(0)))).toBe('S 3');
    expect(await root.does(op.createToken, text8('short'))).toBe('S 3');
    expect(await root.does(op.createToken, tokenBody('over', 2n ** 64n - 2n))).toBe('R 56');
    expect(await root.does(op.deleteToken, text8('over'))).toBe('R 20');
    expect(outcome(await (await server.dial()).tryToken(''))).toBe('E 10');
    expect(outcome(await (await server.dial()).tryToken('x'.repeat(255)))).toBe('E 10');
  });
});
