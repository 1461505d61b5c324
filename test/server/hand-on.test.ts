// Partition requests that one node admits and another one leads: both ends.
import { describe, expect, test } from 'vitest';
import { setU32 } from '../../src/base/index.js';
import {
  buildFrame,
  commands,
  decode,
  Operation,
  parseFrameAs,
  partitionGroupNumber,
  replicatedLeaveConsumerGroup,
} from '../../src/wire/index.js';
import { answerOf, ok, status } from './harness/answers.js';
import { committed } from './harness/committed-reply.js';
import { at, send, served, store } from './harness/partition-node.js';
import { commandFrame, X } from './harness/requests.js';
import { only, type ScriptNode } from './harness/script-node.js';
import { addTopic, apply, group, join, ScriptPartition } from './harness/topics.js';

describe('a partition that another node leads', () => {
  function elsewhere() {
    const context = served();
    const partition = context.partitions[1];
    if (partition === undefined) throw new Error('no partition');
    Object.assign(partition.status, { primary: 2, isActingPrimary: false });
    return { ...context, partition };
  }
  const arrive = (node: ScriptNode, frame: Uint8Array) =>
    node.step({ kind: 'replica-frame', frame, now: node.now });

  const replyTo = (request: bigint, fields = {}) => {
    const header = { client: 1n, operation: Operation.SendMessages, op: 8n, commit: 8n };
    return buildFrame('Reply', { ...header, request, ...fields }, new Uint8Array(24));
  };

  test('04-S103 gets the request as a routed one, and its answer reaches the client', () => {
    const { node } = elsewhere();
    node.send(1, send());
    const { replica, frame } = only(node.forwards);
    expect(replica).toBe(2);
    expect(parseFrameAs('RoutedRequest', frame).header).toMatchObject({
      client: 1n,
      session: 9n,
      request: 1_001n,
      userId: 0,
      group: BigInt(group(1)),
      cluster: 77n,
      replica: 0,
      view: 0,
      operation: Operation.SendMessages,
    });

    const reply = replyTo(1_001n);
    arrive(node, reply);
    arrive(node, reply);

    expect(node.taken(1)).toEqual([replyTo(4n)]);
    expect(node.logs).toMatchObject([{}, { event: 'RoutedReplyUnmatched' }]);
  });

  test('gets the release of the request with it', () => {
    const { node } = elsewhere();
    const frame = send();
    setU32(frame, 56, 7);
    node.send(1, frame);
    const routed = only(node.forwards.splice(0)).frame;
    expect(parseFrameAs('RoutedRequest', routed).header.release).toBe(7);

    const { node: leader } = served();
    arrive(leader, routed);
    expect(only(leader.partitionProposals).proposal.release).toBe(7);
  });

  test('is refused with 58 when its leader is not known or not reachable', () => {
    const { node, partition } = elsewhere();
    node.linksUp.delete(2);
    expect(answerOf(node.ask(1, send()))).toMatchObject(status(58));
    node.linksUp.add(2);
    partition.status.status = 'view-change';
    expect(answerOf(node.ask(1, send()))).toMatchObject(status(58));
    Object.assign(partition.status, { status: 'normal', primary: 0 });

    expect(answerOf(node.ask(1, send()))).toMatchObject(status(58));
  });

  test('04-S104 that does not answer in five seconds is 57', () => {
    const { node } = elsewhere();
    node.send(1, send());
    node.ticks(499);
    expect(node.taken(1)).toEqual([]);
    node.ticks(1);

    expect(node.taken(1).map(answerOf)).toMatchObject([status(57)]);
  });

  test('answers late: that is no answer to the next request with the same number', () => {
    const { node } = elsewhere();
    node.send(1, send());
    node.ticks(500);
    expect(node.taken(1).map(answerOf)).toMatchObject([status(57)]);
    node.send(1, send());
    const [first = 0n, second = 0n] = node.forwards.map(
      ({ frame }) => parseFrameAs('RoutedRequest', frame).header.request,
    );

    arrive(node, replyTo(first, { op: 8n }));
    expect(node.taken(1).map(answerOf)).toEqual([]);
    arrive(node, replyTo(second, { op: 9n, operation: Operation.StoreConsumerOffset }));
    arrive(node, replyTo(second, { op: 9n, client: 2n }));
    expect(node.taken(1).map(answerOf)).toEqual([]);
    arrive(node, replyTo(second, { op: 9n }));
    expect(node.taken(1)).toEqual([replyTo(4n, { op: 9n })]);
  });

  test('never sees a batch that is broken', () => {
    const { node } = elsewhere();
    const broken = (offset: number) => {
      const frame = send();
      frame[frame.length - offset] = (frame[frame.length - offset] ?? 0) ^ 1;
      return frame;
    };

    expect(answerOf(node.ask(1, broken(1)))).toMatchObject(status(4027));
    expect(answerOf(node.ask(1, broken(2 + 48 + 256 - 40)))).toMatchObject(status(4039));
    const payloadLength = 2 + 12;
    expect(answerOf(node.ask(1, broken(payloadLength)))).toMatchObject(status(3));
    expect(node.forwards).toEqual([]);
  });

  test('gets the auto-commit of a poll that was served here', () => {
    const { node, partition } = elsewhere();
    partition.answer = { body: new Uint8Array(16), autoCommitOffset: 3 };
    const answers = node.send(
      1,
      commandFrame(
        'poll_messages',
        {
          consumer: { kind: 1, id: 1 },
          stream_id: 0,
          topic_id: 0,
          partition_id: 1,
          strategy: { kind: 5, value: 0n },
          count: 1,
          auto_commit: true,
        },
        { ...at, request: 0 },
      ),
    );

    const { header } = parseFrameAs('RoutedRequest', only(node.forwards).frame);
    expect(header).toMatchObject({ client: 2n ** 128n - 1n, request: 1n, operation: 161 });
    expect(answers).toHaveLength(1);
    node.ticks(600);
    expect(node.taken(1)).toEqual([]);
  });

  test('is asked for a linearizable read, whose answer is told in the name of this node', () => {
    const { node } = elsewhere();
    const target = { stream_id: 's', topic_id: 't', partition_id: 1 };
    const fields = { ...at, consistency: 1 };
    const ask = { ...target, consumer: { kind: 2, id: 'g' } } as const;
    node.send(1, commandFrame('get_consumer_offset', ask, fields));
    const { frame } = only(node.forwards);
    const { header, body } = parseFrameAs('RoutedRequest', frame);
    expect(header).toMatchObject({ commandCode: 120, consistency: 1, client: 1n });
    expect(decode(commands.get_consumer_offset.request, body)).toMatchObject({
      consumer: { kind: 2, id: 0 },
      stream_id: 0,
    });

    const answer = { client: 1n, request: 1_001n, operation: Operation.NonReplicated } as const;
    arrive(node, buildFrame('Reply', answer, Uint8Array.of(1, 2, 3)));

    const reply = only(node.taken(1));
    expect(answerOf(reply)).toMatchObject({ kind: 'ok', payload: Uint8Array.of(1, 2, 3) });
    expect(parseFrameAs('Reply', reply).header).toMatchObject({ client: X, op: 9n, commit: 10n });
  });
});

describe('the answer of another node to a linearizable read', () => {
  const poll = { stream_id: 's', topic_id: 't', partition_id: 1, count: 1 } as const;
  const strategy = { kind: 5, value: 0n } as const;
  const fields = { ...at, consistency: 1 };

  function asked(consumer: { kind: 1 | 2; id: number | string }, autoCommit = false) {
    const { node, partitions } = served();
    const partition = partitions[1];
    if (partition === undefined) throw new Error('no partition');
    Object.assign(partition.status, { primary: 2, isActingPrimary: false });
    join(node, X);
    node.send(
      1,
      commandFrame(
        'poll_messages',
        { ...poll, strategy, consumer, auto_commit: autoCommit },
        fields,
      ),
    );
    expect(node.forwards).toHaveLength(1);
    return node;
  }

  function answered(node: ScriptNode): Uint8Array[] {
    const { header } = parseFrameAs('RoutedRequest', only(node.forwards).frame);
    const answer = { client: 1n, request: header.request, operation: Operation.NonReplicated };
    const frame = buildFrame('Reply', answer, new Uint8Array(16).fill(7));
    node.step({ kind: 'replica-frame', frame, now: node.now });
    return node.taken(1);
  }

  test('is not told when the topic is known to be deleted by then', () => {
    const node = asked({ kind: 1, id: 1 });
    const topic = { stream_id: 's', topic_id: 't' };
    apply(node, Operation.DeleteTopic, commands.delete_topic.request, topic);

    expect(answered(node).map(answerOf)).toMatchObject([status(2010)]);
  });

  test('is a call to sync for a member that lost the partition, unless it was committed', () => {
    const whole = new Uint8Array(16).fill(7);
    for (const isCommitted of [false, true]) {
      const node = asked({ kind: 2, id: 'g' }, isCommitted);
      const group = { stream_id: 's', topic_id: 't', group_id: 'g' };
      apply(node, Operation.LeaveConsumerGroup, replicatedLeaveConsumerGroup, {
        ...group,
        client_id: X,
      });
      const [frame = new Uint8Array()] = answered(node);

      const body = frame.subarray(256);
      if (isCommitted) expect(body).toEqual(whole);
      else expect(body.subarray(0, 4)).toEqual(new Uint8Array(4).fill(255));
    }
  });

  test('is followed by a round of its own when the name leads to another partition by then', () => {
    const node = asked({ kind: 1, id: 1 });
    const rename = { stream_id: 's', name: 'old', options: [] };
    apply(node, Operation.UpdateStream, commands.update_stream.request, rename);
    addTopic(node, 3);
    const elsewhere = partitionGroupNumber(1, 0, 1);
    node.partitions.set(elsewhere, new ScriptPartition());

    expect(answered(node)).toEqual([]);
    expect(only(node.reads)).toMatchObject({ group: elsewhere });
  });
});

describe('a routed request from another node', () => {
  const transportId = (2n << 112n) | 7n;

  function routed(body: Uint8Array, fields = {}): Uint8Array {
    const header = {
      client: transportId,
      session: 5n,
      request: 3n,
      userId: 1,
      replica: 2,
      operation: Operation.SendMessages,
      group: BigInt(group(1)),
      ...fields,
    } as const;
    return buildFrame('RoutedRequest', header, body);
  }

  function received(frame: Uint8Array, prepare?: (partition: ScriptPartition) => void) {
    const context = served();
    const partition = context.partitions[1];
    if (partition === undefined) throw new Error('no partition');
    prepare?.(partition);
    context.node.step({ kind: 'replica-frame', frame, now: context.node.now });
    return { ...context, partition };
  }

  test('is proposed as it is, and the reply travels back', () => {
    const body = send().subarray(256);
    const { node } = received(routed(body));
    const { group: at, proposal } = only(node.partitionProposals);
    expect(at).toBe(group(1));
    const asked = { client: transportId, session: 5, request: 3n, userId: 1, isUrgent: true };
    expect(proposal).toMatchObject(asked);

    const outcome = committed(proposal, 5, new Uint8Array(24));
    node.decidePartition(outcome);

    expect(node.forwards).toEqual([
      expect.objectContaining({
        replica: 2,
        frame: outcome.kind === 'committed' ? outcome.reply : undefined,
      }),
    ]);
  });

  test('is refused with 58 and not handed on where the group is not led', () => {
    const { node } = received(routed(send().subarray(256)), (partition) => {
      Object.assign(partition.status, { isActingPrimary: false, primary: 1 });
    });

    const { replica, frame } = only(node.forwards);
    expect(replica).toBe(2);
    expect(answerOf(frame)).toMatchObject(status(58));
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: transportId, request: 3n });
  });

  test('waits for a partition that is not there yet, in order', () => {
    const { node, partitions } = served();
    const [partition] = partitions;
    node.partitions.delete(group(1));
    const arrive = (request: bigint) => {
      const frame = routed(send().subarray(256), { request });
      node.step({ kind: 'replica-frame', frame, now: node.now });
    };
    arrive(3n);
    node.ticks(200);
    expect([node.forwards, node.partitionProposals]).toEqual([[], []]);

    if (partition !== undefined) node.partitions.set(group(1), partition);
    arrive(4n);
    expect(node.partitionProposals).toEqual([]);
    node.ticks(1);

    const proposed = node.partitionProposals.map(({ proposal }) => proposal.request);
    expect(proposed).toEqual([3n, 4n]);
  });

  test('is refused with 58 when its partition does not come, or too much waits', () => {
    const { node } = served();
    node.partitions.delete(group(1));
    const huge = new Uint8Array(40 * 1024 * 1024);
    for (const body of [send().subarray(256), huge, huge]) {
      node.step({ kind: 'replica-frame', frame: routed(body), now: node.now });
    }
    expect(answerOf(only(node.forwards.splice(0)).frame)).toMatchObject(status(58));
    node.ticks(300);

    expect(node.forwards.map(({ frame }) => answerOf(frame))).toMatchObject([
      status(58),
      status(58),
    ]);
    node.ticks(300);
    expect(node.forwards).toHaveLength(2);
  });

  test('is refused at once where the partition is left alone', () => {
    const { node } = served();
    node.partitions.delete(group(1));
    node.refused.add(group(1));
    const frame = routed(send().subarray(256));
    node.step({ kind: 'replica-frame', frame, now: node.now });

    expect(answerOf(only(node.forwards).frame)).toMatchObject(status(58));
  });

  test('without acknowledgement is applied here', () => {
    const body = store(1, 1, 1, 0).subarray(256);
    const { node, partition } = received(routed(body, { operation: 161 }));

    expect(partition.local).toHaveLength(1);
    expect(answerOf(only(node.forwards).frame)).toMatchObject(ok);
  });

  test('of an auto-commit is not answered', () => {
    const body = store(1, 1, 1).subarray(256);
    const { node } = received(routed(body, { client: 2n ** 128n - 1n, operation: 161 }));
    node.decidePartition({ kind: 'refused', code: 58 });

    expect(node.forwards).toEqual([]);
  });

  test('for a read is confirmed first', () => {
    const body = commandFrame('get_consumer_offset', {
      consumer: { kind: 1, id: 5 },
      stream_id: 0,
      topic_id: 0,
      partition_id: 1,
    }).subarray(256);
    const fields = { operation: Operation.NonReplicated, commandCode: 120, consistency: 1 };
    const { node } = received(routed(body, fields), (partition) => {
      partition.offsets.set('consumer/5', 8);
    });
    const { token, group: asked } = only(node.reads);
    expect(asked).toBe(group(1));
    node.step({ kind: 'read-outcome', token, code: 0, now: node.now });

    const { frame } = only(node.forwards);
    const read = decode(commands.get_consumer_offset.response, frame.subarray(256));
    expect(read).toMatchObject({ stored_offset: 8n, current_offset: 99n });
  });

  test('that breaks a rule is dropped', () => {
    const frames = [
      routed(new Uint8Array(0), { replica: 9 }),
      routed(new Uint8Array(0), { client: 0n }),
      routed(new Uint8Array(0), { session: 0n }),
      routed(new Uint8Array(0), { operation: Operation.CreateStream }),
      routed(new Uint8Array(0)).subarray(0, 100),
    ];
    for (const frame of frames) {
      const { node } = received(frame);
      expect(node.partitionProposals).toEqual([]);
      expect(node.logs.at(-1)).toMatchObject({ event: 'RoutedRequestMalformed' });
    }
  });
});
