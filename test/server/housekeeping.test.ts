import { describe, expect, test } from 'vitest';
import { Operation, replicatedCreateAccessToken } from '../../src/wire/index.js';
import { committed, resultBody } from './harness/committed-reply.js';
import { X, Y } from './harness/requests.js';
import { only, ScriptNode } from './harness/script-node.js';
import { addTopic, apply, group, join, ScriptPartition } from './harness/topics.js';

const second = 1_000_000;

function addTokens(node: ScriptNode, count: number): void {
  for (let i = 0; i < count; i++) {
    const token_hash = i.toString(16).padStart(64, '0');
    apply(node, Operation.CreatePersonalAccessToken, replicatedCreateAccessToken, {
      user_id: 0,
      name: `t${i}`,
      expiry: 5n,
      token_hash,
    });
  }
}

function commitNext(node: ScriptNode): number {
  const { operation, body, client } = only(node.proposals);
  node.machine.apply({
    op: 9,
    operation,
    client,
    userId: 0,
    request: 1n,
    timestamp: node.now,
    body,
  });
  node.decide(committed(only(node.proposals), 9, resultBody()));
  return operation;
}

describe('the cleaner of expired tokens', () => {
  const config = { tokenCleanerIntervalMillis: 1_000 };

  test('deletes them one after the other on a caught-up primary', () => {
    const node = new ScriptNode(config);
    addTokens(node, 3);
    node.ticks(99);
    expect(node.proposals).toEqual([]);
    node.ticks(1);
    expect(only(node.proposals)).toMatchObject({
      source: 'server',
      client: 0n,
      request: 0xffff_ffff_ffff_ffffn,
      operation: Operation.DeletePersonalAccessToken,
    });
    for (let i = 0; i < 3; i++) commitNext(node);

    expect(node.proposals).toEqual([]);
    expect(node.machine.tokenCount(0)).toBe(0);
  });

  test('goes on at once after a pass that was full', () => {
    const node = new ScriptNode(config);
    addTokens(node, 260);
    node.ticks(100);
    for (let i = 0; i < 260; i++) commitNext(node);

    expect(node.machine.tokenCount(0)).toBe(0);
    expect(node.proposals).toEqual([]);
  });

  test('gives up until the next pass when it is refused', () => {
    const node = new ScriptNode(config);
    addTokens(node, 2);
    node.ticks(100);
    node.decide({ kind: 'refused', code: 58 });
    expect(node.proposals).toEqual([]);
    node.ticks(100);

    expect(node.proposals).toHaveLength(1);
  });

  test('does nothing on a backup or when it is off', () => {
    const backup = new ScriptNode(config);
    backup.status.isCaughtUp = false;
    addTokens(backup, 1);
    backup.ticks(200);
    const off = new ScriptNode({ tokenCleanerIntervalMillis: 0 });
    addTokens(off, 1);
    off.ticks(200);

    expect([...backup.proposals, ...off.proposals]).toEqual([]);
  });
});

describe('partitions that wait to change their owner', () => {
  /** Y joined a group of which X owned both partitions with unread data. */
  function waiting(): { node: ScriptNode; partition: ScriptPartition } {
    const node = new ScriptNode();
    addTopic(node, 2);
    join(node, X);
    const partition = new ScriptPartition();
    partition.polled.set(0, 7);
    node.partitions.set(group(0), partition);
    node.partitions.set(group(1), partition);
    join(node, Y, [0, 1]);
    node.now = 1;
    return { node, partition };
  }

  test('04-S94 move once what was polled is stored', () => {
    const { node, partition } = waiting();
    node.ticks(20);
    expect(node.proposals).toEqual([]);
    partition.offsets.set('group/0', 7);
    node.ticks(10);

    expect(only(node.proposals)).toMatchObject({
      source: 'server',
      operation: Operation.CompleteConsumerGroupRevocation,
    });
    node.ticks(50);
    expect(node.proposals).toHaveLength(1);
    commitNext(node);
    expect(node.machine.group('s', 't', 'g')?.polls(Y, 1)).toBe(true);
    node.ticks(50);
    expect(node.proposals).toEqual([]);
  });

  test('04-S94 move after thirty seconds whatever is stored', () => {
    const { node } = waiting();
    node.now = 29 * second;
    node.ticks(90);
    expect(node.proposals).toEqual([]);
    node.ticks(20);

    expect(node.proposals).toHaveLength(1);
  });

  test('are left alone by a backup', () => {
    const { node, partition } = waiting();
    node.status.isCaughtUp = false;
    partition.polled.clear();
    node.ticks(50);

    expect(node.proposals).toEqual([]);
  });
});
