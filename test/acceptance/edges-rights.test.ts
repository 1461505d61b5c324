import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { u8, u32 } from './hand/bytes.js';
import { type HandClient, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readUser } from './hand/replies.js';
import {
  code,
  dropOffsetBody,
  type Grants,
  globalRights,
  groupBody,
  ident,
  offsetBody,
  op,
  partitionsBody,
  permissions,
  permissionsBody,
  place,
  pollBody,
  segmentsBody,
  sendBody,
  storeBody,
  streamBody,
  streamRights,
  topicBody,
  topicRights,
  updateStreamBody,
  updateTopicBody,
  updateUserBody,
  userBody,
} from './hand/requests.js';

/** Rights that open what the rule stands for, as the protocol's table has them. */
const rules = {
  server: 'g.manage_servers g.read_servers',
  readUsers: 'g.manage_users g.read_users',
  manageUsers: 'g.manage_users',
  listStreams: 'g.manage_streams g.read_streams',
  readStream: 'g.manage_streams g.read_streams s.manage_stream s.read_stream',
  createStream: 'g.manage_streams',
  manageStream: 'g.manage_streams s.manage_stream',
  listTopics:
    'g.manage_streams g.read_streams g.manage_topics g.read_topics ' +
    's.manage_stream s.read_stream s.manage_topics s.read_topics',
  readTopic:
    'g.manage_streams g.read_streams g.manage_topics g.read_topics ' +
    's.manage_stream s.read_stream s.manage_topics s.read_topics t.manage_topic t.read_topic',
  createTopic: 'g.manage_streams g.manage_topics s.manage_stream s.manage_topics',
  manageTopic: 'g.manage_streams g.manage_topics s.manage_stream s.manage_topics t.manage_topic',
  poll:
    'g.poll_messages g.manage_streams g.read_streams g.manage_topics g.read_topics ' +
    's.poll_messages s.manage_stream s.read_stream s.manage_topics s.read_topics ' +
    't.manage_topic t.read_topic t.poll_messages',
  send:
    'g.send_messages g.manage_streams g.manage_topics s.send_messages s.manage_stream ' +
    's.manage_topics t.manage_topic t.send_messages',
} as const;

/** A request, the rule it obeys, and what it says where it may. */
interface Try {
  readonly label: string;
  readonly rule: keyof typeof rules;
  readonly said: string;
  /** How a refusal comes: before replication or committed. */
  readonly refused: 'S 41' | 'R 41';
  /** Not asked where it is allowed, since it would take away what the others need. */
  readonly isFinal?: boolean;
  readonly ask: (user: HandClient) => Promise<string>;
}

const read = (
  rule: keyof typeof rules,
  label: keyof typeof code,
  body: Buffer = Buffer.alloc(0),
  said = 'ok',
): Try => ({ ...{ label, rule, said }, refused: 'S 41', ask: (by) => by.reads(code[label], body) });
const write = (
  rule: keyof typeof rules,
  label: keyof typeof op,
  body: Buffer,
  said = 'ok',
): Try => ({
  ...{ label, rule, said },
  refused: 'R 41',
  ask: (by) => by.does(op[label], body),
});
const plain = (
  rule: keyof typeof rules,
  label: keyof typeof op,
  body: Buffer,
  said = 'ok',
): Try => ({
  ...{ label, rule, said },
  refused: 'S 41',
  ask: (by) => by.partitionSays(op[label], body),
});

const anywhere: readonly Try[] = [
  read('server', 'stats'),
  read('server', 'clients'),
  read('server', 'client', u32(1)),
  read('server', 'snapshot', Buffer.from([1, 0])),
  read('readUsers', 'users'),
  read('readUsers', 'user', ident(0)),
  write('manageUsers', 'updateUser', updateUserBody(999, {}), 'R 20'),
  write('manageUsers', 'deleteUser', ident(999), 'R 20'),
  write('manageUsers', 'updatePermissions', permissionsBody(999), 'R 20'),
  read('listStreams', 'streams'),
  write('createStream', 'createStream', streamBody('s'), 'R 1012'),
];

/** Everything that names a stream or topic, for this one. */
function within(stream: string): readonly Try[] {
  const at = { reads: 1, stream, topic: 't', partition: 0 } as const;
  return [
    read('readStream', 'stream', ident(stream)),
    write('manageStream', 'updateStream', updateStreamBody(stream, stream)),
    write('manageStream', 'purgeStream', ident(stream)),
    { ...write('manageStream', 'deleteStream', ident(stream)), isFinal: true },
    read('listTopics', 'topics', ident(stream)),
    read('readTopic', 'topic', place(stream, 't')),
    read('readTopic', 'groups', place(stream, 't')),
    read('readTopic', 'group', place(stream, 't', 'g')),
    write('createTopic', 'createTopic', topicBody(stream, 't'), 'R 2013'),
    write('manageTopic', 'updateTopic', updateTopicBody(stream, 't', 't')),
    write('manageTopic', 'purgeTopic', place(stream, 't')),
    { ...write('manageTopic', 'deleteTopic', place(stream, 't')), isFinal: true },
    { ...write('manageTopic', 'createPartitions', partitionsBody(stream, 't', 1)), isFinal: true },
    write('manageTopic', 'deletePartitions', partitionsBody(stream, 't', 9), 'R 2019'),
    write('manageTopic', 'deleteSegments', segmentsBody(stream, 't', 0, 0)),
    write('readTopic', 'createGroup', groupBody(stream, 't', 'g'), 'R 5004'),
    write('readTopic', 'deleteGroup', place(stream, 't', 'no'), 'R 5000'),
    write('readTopic', 'joinGroup', place(stream, 't', 'no'), 'R 5000'),
    write('readTopic', 'leaveGroup', place(stream, 't', 'g'), 'R 5006'),
    read('poll', 'poll', pollBody(at)),
    read('poll', 'offset', offsetBody(at)),
    plain('poll', 'storeOffset', storeBody(at, 10_000_000), 'S 4100'),
    plain('poll', 'deleteOffset', dropOffsetBody(at), 'S 3021'),
    plain('send', 'send', sendBody(stream, 't', 0, ['m'])),
  ];
}

const single: [string, Grants][] = [
  ...globalRights.map((right): [string, Grants] => [`g.${right}`, { global: [right] }]),
  ...streamRights.map((right): [string, Grants] => [
    `s.${right}`,
    { streams: [{ id: 0, rights: [right] }] },
  ]),
  ...topicRights.map((right): [string, Grants] => [
    `t.${right}`,
    { streams: [{ id: 0, topics: [{ id: 0, rights: [right] }] }] },
  ]),
];

describe('05 every right alone', () => {
  let server: HandCluster;
  let root: HandClient;
  let alice: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes: 3 });
    root = await server.root();
    for (const stream of ['s', 'other']) {
      await root.must(op.createStream, streamBody(stream));
      await root.must(op.createTopic, topicBody(stream, 't'));
      await root.must(op.createGroup, groupBody(stream, 't', 'g'));
    }
    await root.must(op.createUser, userBody('alice', 'secret'));
    alice = await (await server.dial()).login('alice', 'secret');
  });
  afterAll(() => server.stop());

  async function grant(grants: Grants | undefined): Promise<void> {
    await root.must(op.updatePermissions, permissionsBody('alice', grants));
    const bytes = grants && permissions(grants);
    await until(
      async () => readUser(await alice.get(code.user, ident('alice'))).permissions,
      (held) => (held ?? Buffer.alloc(0)).equals(bytes ?? Buffer.alloc(0)),
    );
  }

  async function check(tries: readonly Try[], isOpen: (each: Try) => boolean): Promise<void> {
    const said: string[] = [];
    const right: string[] = [];
    for (const each of tries) {
      const opens = isOpen(each);
      if (opens && each.isFinal === true) continue;
      said.push(`${each.label}: ${await each.ask(alice)}`);
      right.push(`${each.label}: ${opens ? each.said : each.refused}`);
    }
    expect(said).toEqual(right);
  }

  it.each(single)('%s opens what the table says and nothing else', async (right, grants) => {
    await grant(grants);
    const opens = ({ rule }: Try) => rules[rule].split(' ').includes(right);
    await check(anywhere, opens);
    await check(within('s'), opens);
    await check(within('other'), (each) => right.startsWith('g.') && opens(each));
  });

  it('nothing is open without rights but what belongs to everybody', async () => {
    await grant(undefined);
    await check([...anywhere, ...within('s')], () => false);
    for (const [command, body] of [
      [code.ping, Buffer.alloc(0)],
      [code.me, Buffer.alloc(0)],
      [code.cluster, Buffer.alloc(0)],
      [code.options, u8(1)],
      [code.tokens, Buffer.alloc(0)],
      [code.user, ident('alice')],
      [code.sync, place('s', 't', 'g')],
    ] as const) {
      expect([command, await alice.reads(command, body)]).toEqual([command, 'ok']);
    }
  });
});
