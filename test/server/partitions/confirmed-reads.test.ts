// Linearizable reads of partitions: what is looked up, and when.
import { expect, test } from 'vitest';
import { commands, Operation, partitionGroupNumber } from '../../../src/wire/index.js';
import { answerOf, ok, status } from '../harness/answers.js';
import { at, served } from '../harness/partition-node.js';
import { commandFrame, loginFrame } from '../harness/requests.js';
import { only, type ScriptNode } from '../harness/script-node.js';
import { addTopic, apply, group, ScriptPartition } from '../harness/topics.js';
import { addUser, deleteUser } from '../harness/users.js';

const topic = { stream_id: 's', topic_id: 't' } as const;

const poll = (stream_id: string, session: number = at.session) =>
  commandFrame(
    'poll_messages',
    {
      ...{ stream_id, topic_id: 't', partition_id: 1, count: 1, auto_commit: false },
      consumer: { kind: 1, id: 1 },
      strategy: { kind: 3, value: 0n },
    },
    { session, request: 4, consistency: 1 },
  );

function confirm(node: ScriptNode, code = 0): void {
  const { token } = only(node.reads.splice(0));
  node.step({ kind: 'read-outcome', token, code, now: node.now });
}

const setReader = (node: ScriptNode, mayPoll: boolean) =>
  apply(node, Operation.UpdatePermissions, commands.update_permissions.request, {
    user_id: 'reader',
    permissions: {
      global: {
        ...{ manage_servers: false, read_servers: false, manage_users: false, read_users: false },
        ...{ manage_streams: false, read_streams: false, manage_topics: false },
        ...{ read_topics: false, poll_messages: mayPoll, send_messages: false },
      },
      streams: [],
    },
  });

/** The node of the other tests, with connection 2 bound to a user who may poll. */
function withReader() {
  const context = served();
  const { node } = context;
  addUser(node, 'reader', 'password');
  setReader(node, true);
  node.open(2);
  node.login(2, loginFrame({ client: 5n, username: 'reader', password: 'password' }), 15);
  return context;
}

test('a right that was taken during the round is refused', () => {
  const { node, partitions } = withReader();
  node.send(2, poll('s', 15));
  setReader(node, false);
  confirm(node);

  expect(node.taken(2).map(answerOf)).toMatchObject([status(41)]);
  expect(partitions[1]?.polls).toEqual([]);
});

test('a right that was given during the round counts', () => {
  const { node } = withReader();
  setReader(node, false);
  expect(node.send(2, poll('s', 15))).toEqual([]);
  expect(only(node.reads)).not.toHaveProperty('group');
  setReader(node, true);
  confirm(node);
  expect(only(node.reads)).toMatchObject({ group: group(1) });
  confirm(node);

  expect(node.taken(2).map(answerOf)).toMatchObject([ok]);
});

test('a user who was deleted during the round is logged out', () => {
  const { node } = withReader();
  node.send(2, poll('s', 15));
  deleteUser(node, 'reader');
  confirm(node);

  expect(node.taken(2).map(answerOf)).toMatchObject([status(40)]);
});

test('a topic that was deleted during the round is missing, also while its partition is left', () => {
  const { node, partitions } = served();
  node.send(1, poll('s'));
  apply(node, Operation.DeleteTopic, commands.delete_topic.request, topic);
  confirm(node);

  expect(node.taken(1).map(answerOf)).toMatchObject([status(2010)]);
  expect(partitions[1]?.polls).toEqual([]);
});

test('what is missing is told behind a round of the metadata', () => {
  const { node } = served();
  expect(node.send(1, poll('nothing'))).toEqual([]);
  confirm(node);
  expect(node.taken(1).map(answerOf)).toMatchObject([status(1009)]);

  node.send(1, poll('nothing'));
  confirm(node, 58);
  expect(node.taken(1).map(answerOf)).toMatchObject([status(58)]);
});

test('a name that leads to another partition behind the round is asked there', () => {
  const { node, partitions } = served();
  node.send(1, poll('s'));
  const rename = { stream_id: 's', name: 'old', options: [] };
  apply(node, Operation.UpdateStream, commands.update_stream.request, rename);
  addTopic(node, 3);
  const elsewhere = partitionGroupNumber(1, 0, 1);
  const partition = new ScriptPartition();
  node.partitions.set(elsewhere, partition);
  confirm(node);
  expect(only(node.reads)).toMatchObject({ group: elsewhere });
  confirm(node);

  expect(node.taken(1).map(answerOf)).toMatchObject([ok]);
  expect([partitions[1]?.polls, partition.polls]).toMatchObject([[], [{ count: 1 }]]);
});

test('a partition that is taken down behind the round is not an empty one', () => {
  const { node } = served();
  node.send(1, poll('s'));
  node.partitions.delete(group(1));
  confirm(node);

  expect(node.taken(1).map(answerOf)).toMatchObject([status(58)]);
});

test('nobody is answered whose connection closed during the round', () => {
  for (const stream of ['s', 'nothing']) {
    const { node } = served();
    node.send(1, poll(stream));
    node.close(1);
    confirm(node);
    expect(node.taken(1)).toEqual([]);
  }
});
