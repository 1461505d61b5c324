import { describe, expect, test } from 'vitest';
import { GroupPoll, GroupStates, ProducerRoutes } from '../../src/session/index.js';

describe('GroupStates', () => {
  test('goes round the assigned partitions', () => {
    const states = new GroupStates();
    states.synced('g', { generation: 1n, partitions: [4, 7] });
    expect([1, 2, 3].map(() => states.next('g'))).toEqual([4, 7, 4]);
  });

  test('a new generation starts over, an equal one goes on', () => {
    const states = new GroupStates();
    states.synced('g', { generation: 1n, partitions: [4, 7] });
    states.next('g');
    states.synced('g', { generation: 1n, partitions: [4, 7] });
    expect(states.next('g')).toBe(7);
    states.next('g');
    states.synced('g', { generation: 2n, partitions: [4, 7] });
    expect(states.next('g')).toBe(4);
  });

  test('an empty sync ends the membership', () => {
    const states = new GroupStates();
    states.synced('g', { generation: 1n, partitions: [] });
    expect(states.isJoined('g')).toBe(true);
    states.synced('g', null);
    expect(states.isJoined('g')).toBe(false);
    expect(states.joined).toEqual([]);
  });
});

describe('GroupPoll', () => {
  test('syncs first when nothing is cached', () => {
    const states = new GroupStates();
    const poll = new GroupPoll(states, 'g');
    expect(poll.next()).toEqual({ kind: 'sync' });
    states.synced('g', { generation: 1n, partitions: [3] });
    expect(poll.next()).toEqual({ kind: 'poll', partition: 3 });
  });

  test('04-S91 a member without partitions gets nothing, somebody else an error', () => {
    const states = new GroupStates();
    const poll = new GroupPoll(states, 'g');
    poll.next();
    states.synced('g', { generation: 1n, partitions: [] });
    expect(poll.next()).toEqual({ kind: 'nothing' });
    const stranger = new GroupPoll(states, 'other');
    stranger.next();
    states.synced('other', null);
    expect(stranger.next()).toEqual({ kind: 'not-a-member' });
  });

  test('04-S93 syncs and tries once more after a fence, then gives nothing', () => {
    const states = new GroupStates();
    states.synced('g', { generation: 1n, partitions: [3] });
    const poll = new GroupPoll(states, 'g');
    expect(poll.next()).toEqual({ kind: 'poll', partition: 3 });
    poll.fenced();
    expect(poll.next()).toEqual({ kind: 'sync' });
    states.synced('g', { generation: 2n, partitions: [5] });
    expect(poll.next()).toEqual({ kind: 'poll', partition: 5 });
    poll.fenced();
    expect(poll.next()).toEqual({ kind: 'sync' });
    states.synced('g', { generation: 3n, partitions: [6] });
    expect(poll.next()).toEqual({ kind: 'nothing' });
  });
});

describe('ProducerRoutes', () => {
  test('spreads batches over the partitions, in turn', () => {
    const routes = new ProducerRoutes();
    routes.learn('t', [0, 1, 2]);
    expect([1, 2, 3, 4].map(() => routes.balanced('t'))).toEqual([0, 1, 2, 0]);
  });

  test('sends equal keys to one partition: XXH32 of the key modulo their number', () => {
    const routes = new ProducerRoutes();
    routes.learn('t', [10, 11, 12, 13]);
    const key = Buffer.from('customer-17');
    expect(routes.ofKey('t', key)).toBe(routes.ofKey('t', key));
    // XXH32 of the empty key with seed 0 is 0x02cc5d05, an odd number of the form 4k + 1.
    expect(routes.ofKey('t', new Uint8Array(0))).toBe(11);
  });

  test('knows nothing of topics that were forgotten, or have no partitions', () => {
    const routes = new ProducerRoutes();
    expect(routes.balanced('t')).toBeUndefined();
    routes.learn('t', []);
    expect(routes.balanced('t')).toBeUndefined();
    expect(routes.ofKey('t', Buffer.from('a'))).toBeUndefined();
    routes.learn('t', [1]);
    routes.forget('t');
    expect(routes.has('t')).toBe(false);
  });
});
