import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/index.js';
import {
  commands,
  decode,
  Operation,
  parseFrameAs,
  partitionIndexOfKey,
  replicatedJoinConsumerGroup,
  truncatePartition,
} from '../../src/wire/index.js';
import { answerOf, evict, ok, result, status } from './harness/answers.js';
import { committed } from './harness/committed-reply.js';
import { at, send, served, store } from './harness/partition-node.js';
import { commandFrame, loginFrame, readFrame, requestFrame, X, Y } from './harness/requests.js';
import { only } from './harness/script-node.js';
import { apply, group, groupRef, join } from './harness/topics.js';

describe('a partition whose files cannot be trusted', () => {
  test.each([
    [1, 3004],
    [3, 58],
  ])('of a cluster of %i is no empty one: status %i', (nodeCount, code) => {
    const { node } = served({ nodeCount });
    node.partitions.delete(group(1));
    node.refused.add(group(1));
    const target = { stream_id: 's', topic_id: 't', partition_id: 1 };
    const consumer = { kind: 1, id: 1 } as const;
    const strategy = { kind: 3, value: 0n } as const;
    const poll = { ...target, consumer, strategy, count: 1, auto_commit: false };

    expect(answerOf(node.ask(1, commandFrame('poll_messages', poll, at)))).toMatchObject(
      status(code),
    );
    const offset = commandFrame('get_consumer_offset', { ...target, consumer }, at);
    expect(answerOf(node.ask(1, offset))).toMatchObject(status(code));
    expect(answerOf(node.ask(1, send()))).toMatchObject(status(code));
  });
});

describe('a send', () => {
  test('goes to the named partition in the name of the connection', () => {
    const { node } = served();
    node.send(1, send());

    expect(only(node.partitionProposals)).toMatchObject({
      group: group(1),
      proposal: {
        operation: Operation.SendMessages,
        client: 1n,
        session: 9,
        request: 4n,
        userId: 0,
      },
    });
  });

  test('is answered with what the group committed', () => {
    const { node } = served();
    node.send(1, send());
    const { proposal } = only(node.partitionProposals);
    const outcome = committed(proposal, 21, new Uint8Array(24));
    node.decidePartition(outcome);

    expect(node.taken(1)).toEqual([outcome.kind === 'committed' ? outcome.reply : undefined]);
  });

  test('round robin starts at the first partition, keys hash to theirs', () => {
    const { node } = served();
    const key = encodeUtf8('user-42');
    for (let i = 0; i < 4; i++) node.send(1, send({ kind: 1 }));
    node.send(1, send({ kind: 3, value: key }));

    const groups = node.partitionProposals.map((each) => each.group);
    expect(groups).toEqual([0, 1, 2, 0, partitionIndexOfKey(key, 3)].map(group));
  });

  test.each([
    ['a missing stream', send({ kind: 1 }, 'no')],
    ['a missing partition', send({ kind: 2, value: 3 })],
    ['a body without routing', requestFrame(Operation.SendMessages, Uint8Array.of(1), at)],
  ])('04-S76 to %s is status 20 from the connection', (_name, frame) => {
    const { node } = served();
    const reply = node.ask(1, frame);

    expect(answerOf(reply)).toMatchObject({ ...status(20), operation: Operation.SendMessages });
    expect(parseFrameAs('Reply', reply).header).toMatchObject({ client: 1n, op: 0n, commit: 10n });
  });

  test('04-S76 without the right is 41 after the target was found', () => {
    const { node } = served();
    const user = {
      username: 'nobody',
      password: 'phc:secret',
      status: 1,
      permissions: null,
      options: [],
    };
    apply(node, Operation.CreateUser, commands.create_user.request, user);
    node.open(2);
    node.login(2, loginFrame({ client: Y, username: 'nobody', password: 'secret' }), 12);

    expect(answerOf(node.ask(2, send()))).toMatchObject(status(41));
    expect(answerOf(node.ask(2, send({ kind: 2, value: 9 })))).toMatchObject(status(20));
  });

  test('does not make later frames of the connection wait', () => {
    const { node } = served();
    node.send(1, send());

    expect(answerOf(node.ask(1, readFrame(1)))).toMatchObject(ok);
  });

  test('a denial of the group carries the position and identity of the group', () => {
    const { node } = served();
    node.send(1, send());
    node.decidePartition({ kind: 'denied', status: 4039 });

    const frame = only(node.taken(1));
    expect(answerOf(frame)).toMatchObject(status(4039));
    expect(parseFrameAs('Reply', frame).header).toMatchObject({
      client: 1n,
      op: 0n,
      commit: 20n,
      cluster: 77n,
      view: 4,
      replica: 0,
    });
  });

  test.each([57, 58])('04-S43 a refusal with %i is a status', (code) => {
    const { node } = served();
    node.send(1, send());
    node.decidePartition({ kind: 'refused', code });

    expect(node.taken(1).map(answerOf)).toMatchObject([status(code)]);
  });

  test('a group that is gone answers without any position', () => {
    const { node } = served();
    node.send(1, send());
    node.partitions.clear();
    node.decidePartition({ kind: 'refused', code: 58 });

    const frame = only(node.taken(1));
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: 1n, op: 0n, commit: 0n });
  });

  test('waits up to three seconds for its partition, with later frames behind it', () => {
    const { node } = served();
    const [partition] = [node.partitions.get(group(1))];
    node.partitions.delete(group(1));
    node.send(1, send());
    node.send(1, readFrame(1));
    node.ticks(200);
    expect(node.taken(1)).toEqual([]);

    if (partition !== undefined) node.partitions.set(group(1), partition);
    node.ticks(5);

    expect(node.partitionProposals).toHaveLength(1);
    expect(node.taken(1)).toHaveLength(1);
  });

  test('to a partition that never appears is 58', () => {
    const { node } = served();
    node.partitions.clear();
    node.send(1, send());
    node.ticks(299);
    expect(node.taken(1)).toEqual([]);
    node.ticks(1);

    expect(node.taken(1).map(answerOf)).toMatchObject([status(58)]);
  });

  test('on a fenced session is evicted', () => {
    const { node } = served();
    node.sessions.set(X, { epoch: 40, userId: 0, watermark: 0n, origin: 9 });

    expect(answerOf(node.ask(1, send()))).toMatchObject({ ...evict(7), client: X });
  });

  test('of a user that is gone is evicted as without session', () => {
    const { node } = served();
    node.step({ kind: 'users-ended', users: [0], now: node.now });

    expect(answerOf(node.ask(1, send()))).toMatchObject({ ...evict(1), client: 1n });
  });
});

describe('consumer offsets', () => {
  test('of a single consumer are proposed as they were sent', () => {
    const { node } = served();
    const frame = store(1, 'me', 2);
    node.send(1, frame);

    const { group: at, proposal } = only(node.partitionProposals);
    expect(at).toBe(group(2));
    expect(proposal.body).toEqual(frame.subarray(256));
  });

  test('of a group name it by number and need the ownership of the partition', () => {
    const { node } = served();
    expect(answerOf(node.ask(1, store(2, 'g', 1)))).toMatchObject(status(20));
    join(node, X);
    node.send(1, store(2, 'g', 1));

    const { proposal } = only(node.partitionProposals);
    const { request } = commands.store_consumer_offset;
    expect(decode(request, proposal.body).consumer).toEqual({ kind: 2, id: 0 });
  });

  test('04-S95 the member is the bound client, whatever the frame says', () => {
    const { node } = served();
    join(node, Y);
    const frame = store(2, 'g', 1);
    const forged = commandFrame('sync_consumer_group', groupRef, { client: Y });

    expect(answerOf(node.ask(1, frame))).toMatchObject(status(20));
    expect(answerOf(node.ask(1, forged))).toMatchObject({ kind: 'ok', payload: new Uint8Array(0) });
  });

  test('without a partition are status 20', () => {
    expect(answerOf(served().node.ask(1, store(1, 1, null)))).toMatchObject(status(20));
  });

  test('that want no acknowledgement are applied by the primary and answered at once', () => {
    const { node, partitions } = served();
    const frame = node.ask(1, store(1, 1, 0, 0));

    expect(answerOf(frame)).toMatchObject({ kind: 'ok', operation: 161 });
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: 1n, op: 20n, commit: 20n });
    expect(partitions[0]?.local).toHaveLength(1);
    expect(node.partitionProposals).toEqual([]);

    if (partitions[0] !== undefined) partitions[0].localStatus = 4100;
    expect(answerOf(node.ask(1, store(1, 1, 0, 0)))).toMatchObject(status(4100));
  });
});

describe('polls', () => {
  const poll = (fields: Partial<{ kind: 1 | 2; id: string; partition: number | null }> = {}) =>
    commandFrame(
      'poll_messages',
      {
        consumer: { kind: fields.kind ?? 1, id: fields.id ?? 'me' },
        stream_id: 's',
        topic_id: 't',
        partition_id: fields.partition === undefined ? 1 : fields.partition,
        strategy: { kind: 5, value: 0n },
        count: 10,
        auto_commit: true,
      },
      at,
    );
  const bodyOf = (frame: Uint8Array) => frame.subarray(256, 260);

  test('of a single consumer read the partition, 0 when none is named', () => {
    const { node, partitions } = served();
    node.send(1, poll());
    node.send(1, poll({ partition: null }));

    expect(partitions[1]?.polls).toMatchObject([
      { consumerKind: 'consumer', start: { strategy: 'next' }, count: 10, autoCommit: true },
    ]);
    expect(partitions[0]?.polls).toHaveLength(1);
  });

  test('04-S77 name what is missing', () => {
    const { node } = served();
    const missing = (stream_id: string, topic_id: string, partition_id: number) =>
      commandFrame('poll_messages', {
        consumer: { kind: 1, id: 1 },
        stream_id,
        topic_id,
        partition_id,
        strategy: { kind: 3, value: 0n },
        count: 1,
        auto_commit: false,
      });
    expect(answerOf(node.ask(1, missing('x', 't', 0)))).toMatchObject(status(1009));
    expect(answerOf(node.ask(1, missing('s', 'x', 0)))).toMatchObject(status(2010));
    expect(answerOf(node.ask(1, missing('s', 't', 3)))).toMatchObject(status(3007));
  });

  test('04-S93 of a group that does not own the partition ask for a sync', () => {
    const { node, partitions } = served();
    expect(bodyOf(node.ask(1, poll({ kind: 2, id: 'g' })))).toEqual(new Uint8Array(4).fill(255));
    expect(bodyOf(node.ask(1, poll({ kind: 2, id: 'x' })))).toEqual(new Uint8Array(4).fill(255));
    expect(bodyOf(node.ask(1, poll({ kind: 2, id: 'g', partition: null })))).toEqual(
      new Uint8Array(4),
    );
    join(node, X);
    node.send(1, poll({ kind: 2, id: 'g' }));

    expect(partitions[1]?.polls).toMatchObject([{ consumerKind: 'group', consumer: 0 }]);
  });

  test('with auto-commit propose the offset before they answer', () => {
    const { node, partitions } = served();
    if (partitions[1] !== undefined) {
      partitions[1].answer = { body: new Uint8Array(16), autoCommitOffset: 41 };
    }
    node.effects.length = 0;
    node.send(1, poll());

    expect(node.effects.map((effect) => effect.kind)).toEqual(['propose-partition', 'send']);
    const { proposal } = only(node.partitionProposals);
    expect(proposal.client).toBe(2n ** 128n - 1n);
    expect(decode(commands.store_consumer_offset.request, proposal.body)).toMatchObject({
      stream_id: 0,
      topic_id: 0,
      partition_id: 1,
      offset: 41n,
      ack: 1,
    });
    node.decidePartition(committed(proposal, 30, new Uint8Array(4)));
    expect(node.taken(1)).toEqual([]);
  });

  test('of a partition that is not materialised wait three seconds, then find nothing in it', () => {
    const { node } = served();
    node.partitions.clear();

    expect(node.send(1, poll())).toEqual([]);
    node.ticks(299);
    expect(node.taken(1)).toEqual([]);
    node.ticks(1);
    expect(node.taken(1).map(bodyOf)).toEqual([Uint8Array.of(1, 0, 0, 0)]);
  });

  test('of a partition that is taken up meanwhile are served', () => {
    const { node } = served();
    const partitions = [...node.partitions];
    node.partitions.clear();
    expect(node.send(1, poll())).toEqual([]);
    for (const [group, partition] of partitions) node.partitions.set(group, partition);
    node.ticks(5);

    expect(node.taken(1)).toHaveLength(1);
  });

  test('wait until the partition has applied what it acknowledged before a restart', () => {
    const { node } = served();
    const partition = node.partitions.get(group(1));
    const recovering = { ...partition?.status, commitMin: 3, recoveryBarrier: 5 };
    Object.assign(partition ?? {}, { status: recovering });

    expect(node.send(1, poll())).toEqual([]);
    node.ticks(100);
    expect(node.taken(1)).toEqual([]);
    recovering.commitMin = 5;
    node.ticks(5);
    expect(node.taken(1)).toHaveLength(1);

    recovering.commitMin = 4;
    expect(node.send(1, poll())).toEqual([]);
    node.ticks(1500);
    expect(node.taken(1).map(answerOf)).toMatchObject([status(58)]);
  });
});

describe('stored offsets', () => {
  const get = (kind: 1 | 2, id: number | string, partition_id: number | null = 1) =>
    commandFrame('get_consumer_offset', {
      consumer: { kind, id },
      stream_id: 's',
      topic_id: 't',
      partition_id,
    });

  test('are read for consumers and groups, and are nothing when none is stored', () => {
    const { node, partitions } = served();
    partitions[1]?.offsets.set('consumer/5', 12).set('group/0', 30);
    const read = (frame: Uint8Array) => {
      const body = node.ask(1, frame).subarray(256);
      return body.length === 0
        ? 'nothing'
        : decode(commands.get_consumer_offset.response, body)?.stored_offset;
    };

    expect(read(get(1, 5))).toBe(12n);
    expect(read(get(2, 'g'))).toBe(30n);
    expect(read(get(1, 6))).toBe('nothing');
    expect(read(get(2, 'x'))).toBe('nothing');
    expect(answerOf(node.ask(1, get(1, 5, 9)))).toMatchObject(status(3007));
  });
});

describe('delete segments and joins look at partitions', () => {
  test('a count of segments becomes an offset', () => {
    const { node, partitions } = served();
    if (partitions[1] !== undefined) partitions[1].truncation = 77;
    const target = { stream_id: 's', topic_id: 't', partition_id: 1, segments_count: 2 };
    node.send(1, commandFrame('delete_segments', target, at));

    const { body } = only(node.proposals);
    expect(decode(truncatePartition, body)).toMatchObject({ partition_id: 1, up_to_offset: 77n });
  });

  test('a partition that cannot tell is 58 under the operation of the reply', () => {
    const { node, partitions } = served();
    if (partitions[1] !== undefined) partitions[1].truncation = undefined;
    const target = { stream_id: 's', topic_id: 't', partition_id: 1, segments_count: 2 };

    expect(answerOf(node.ask(1, commandFrame('delete_segments', target, at)))).toMatchObject({
      ...result(58),
      operation: Operation.TruncatePartition,
    });
  });

  test('04-S94 a join names what is in flight and forgets the marks of members that are gone', () => {
    const { node, partitions } = served();
    join(node, Y);
    partitions[0]?.polled.set(0, 5);
    partitions[1]?.polled.set(0, 5);
    partitions[1]?.offsets.set('group/0', 5);
    node.send(1, commandFrame('join_consumer_group', groupRef, at));
    const first = decode(replicatedJoinConsumerGroup, only(node.proposals).body);
    expect(first.in_flight).toEqual([0]);

    const other = served();
    other.partitions[2]?.polled.set(0, 5);
    other.node.send(1, commandFrame('join_consumer_group', groupRef, at));

    const second = decode(replicatedJoinConsumerGroup, only(other.node.proposals).body);
    expect(second.in_flight).toEqual([]);
    expect(other.partitions[2]?.polled.size).toBe(0);
  });
});
