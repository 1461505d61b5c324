import { expect, it } from 'vitest';
import { freshId, type HandClient, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import {
  groupBody,
  ident,
  op,
  optionU64,
  partitionsBody,
  passwordBody,
  permissionsBody,
  place,
  segmentsBody,
  streamBody,
  tokenBody,
  topicBody,
  updateStreamBody,
  updateTopicBody,
  updateUserBody,
  userBody,
} from './hand/requests.js';

const megabytes = 1 << 20;
const grants = { streams: [{ id: 9 }, { id: 2, topics: [{ id: 4 }, { id: 1 }] }] };

/** Every mutation there is, some of them twice: operation, body, and how it is answered first. */
const mutations: readonly (readonly [operation: number, body: Buffer, said: string])[] = [
  [op.createStream, streamBody('s'), 'ok'],
  [op.createStream, streamBody('s'), 'R 1012'],
  [op.updateStream, updateStreamBody('s', 's\u00fc\u{1f600}'), 'ok'],
  [op.updateStream, updateStreamBody(0, 's'), 'ok'],
  [op.createTopic, topicBody('s', 't', 3, optionU64('segment_size', 8 * megabytes)), 'ok'],
  // Below the size of a default segment, which is what counts once the topic is gone.
  [
    op.updateTopic,
    updateTopicBody('s', 't', 'u', optionU64('max_topic_size', 9 * megabytes)),
    'ok',
  ],
  [op.createPartitions, partitionsBody('s', 'u', 2), 'ok'],
  [op.deletePartitions, partitionsBody('s', 'u', 1), 'ok'],
  [op.deletePartitions, partitionsBody('s', 'u', 99), 'R 2019'],
  [op.createGroup, groupBody('s', 'u', 'g'), 'ok'],
  [op.joinGroup, place('s', 'u', 'g'), 'ok'],
  [op.leaveGroup, place('s', 'u', 'g'), 'ok'],
  [op.leaveGroup, place('s', 'u', 'g'), 'R 5006'],
  [op.deleteGroup, place('s', 'u', 'g'), 'ok'],
  [op.createUser, userBody('alice', 'secret', 7, grants), 'ok'],
  [op.updateUser, updateUserBody('alice', { name: 'bob', status: 1 }), 'ok'],
  [op.updatePermissions, permissionsBody('bob', { global: ['manage_users'] }), 'ok'],
  [op.changePassword, passwordBody('bob', 'secret', 'other'), 'ok'],
  [op.changePassword, passwordBody('bob', 'secret', 'other'), 'R 42'],
  [op.createToken, tokenBody('one'), 'ok'],
  [op.deleteToken, tokenBody('one').subarray(0, 4), 'ok'],
  [op.deleteToken, tokenBody('one').subarray(0, 4), 'R 20'],
  [op.createToken, tokenBody('two'), 'ok'],
  [op.createToken, tokenBody('two'), 'R 51'],
  // The last one there is room for: a new one would be refused from here on.
  [op.createToken, tokenBody('three'), 'ok'],
  [op.deleteSegments, segmentsBody('s', 'u', 0, 1), 'ok'],
  [op.purgeTopic, place('s', 'u'), 'ok'],
  [op.purgeStream, place('s'), 'ok'],
  [op.deleteTopic, place('s', 'u'), 'ok'],
  [op.deleteUser, ident('bob'), 'ok'],
  [op.deleteStream, place('s'), 'ok'],
];

/** Sends all of them again; a created token is never told twice. */
async function expectSame(client: HandClient, frames: readonly Buffer[]): Promise<void> {
  for (const [i, [operation, body, first]] of mutations.entries()) {
    const reply = await client.raw.askPatiently(client.frame(operation, body, i + 1));
    if (operation === op.createToken && first === 'ok') {
      expect([i, outcome(reply)]).toEqual([i, 'R 51']);
    } else expect([i, reply.frame.equals(frames[i] ?? Buffer.alloc(0))]).toEqual([i, true]);
  }
}

it('04-S28 04-S29 04-S41 every mutation is answered with the same bytes when it comes again', async () => {
  const settings = { 'personal_access_token.max_tokens_per_user': '2' };
  const server = await HandCluster.start(settings);
  const id = freshId();
  const client = await server.root(0, id);
  const frames: Buffer[] = [];
  for (const [i, [operation, body, said]] of mutations.entries()) {
    const reply = await client.mutate(operation, body);
    expect([i, outcome(reply)]).toEqual([i, said]);
    frames.push(reply.frame);
  }
  expect(await client.does(op.createToken, tokenBody('four'))).toBe('S 52');
  await expectSame(client, frames);

  await server.cluster.kill(0, 'crash');
  await server.cluster.restart(0);
  await expectSame(await server.root(0, id), frames);
});
