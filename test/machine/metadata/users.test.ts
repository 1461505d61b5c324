import { describe, expect, test } from 'vitest';
import { globally, MetadataHarness, ok, onStream, onTopic, R, S } from './metadata-harness.js';

const alice = { user: 1, client: 7n };

/** Root and a user without rights, whose id is 1. */
function withAlice(permissions: Parameters<MetadataHarness['createUser']>[1] = null) {
  const metadata = new MetadataHarness();
  metadata.createUser('alice', permissions);
  return metadata;
}

function update(
  metadata: MetadataHarness,
  user_id: number | string,
  change: { username?: string; status?: number },
) {
  const { username = null, status = null } = change;
  return metadata.send('update_user', { user_id, username, status, options: [] });
}

describe('accounts', () => {
  test('05-S24 root is user 0 with all rights; the first created user is 1', () => {
    const metadata = new MetadataHarness();

    const root = metadata.read('get_user', { user_id: 0 });
    expect(root).toMatchObject({ id: 0, created_at: 1n, status: 1, username: 'iggy' });
    const flags = root !== 'empty' && root !== null && 'permissions' in root && root.permissions;
    expect(Object.values((flags || undefined)?.global ?? {})).toEqual(Array(10).fill(true));
    expect(metadata.createUser('alice')).toMatchObject({ value: { id: 1, permissions: null } });
  });

  test('05-S25 usernames have 3 to 50 bytes and are unique', () => {
    const metadata = new MetadataHarness();

    expect(metadata.createUser('ab')).toMatchObject(R(43));
    expect(metadata.createUser('x'.repeat(51))).toMatchObject(R(43));
    expect(metadata.createUser('é'.repeat(26))).toMatchObject(R(43));
    expect(metadata.createUser('iggy')).toMatchObject(R(46));
    expect(metadata.createUser('x'.repeat(50))).toMatchObject(ok);
  });

  test('05-S26 root can be renamed but neither deleted nor stripped', () => {
    const metadata = new MetadataHarness();

    expect(metadata.send('delete_user', { user_id: 'iggy' })).toMatchObject(R(48));
    expect(metadata.send('update_permissions', { user_id: 0, permissions: null })).toMatchObject(
      R(49),
    );
    expect(update(metadata, 0, { username: 'admin' })).toMatchObject(ok);
    expect(metadata.machine.userByName('admin')?.id).toBe(0);
    expect(metadata.machine.userByName('iggy')).toBeUndefined();
  });

  test('05-S27 operations on a missing user by root are 20', () => {
    const metadata = new MetadataHarness();
    const user_id = 'nobody';

    expect(metadata.send('delete_user', { user_id })).toMatchObject(R(20));
    expect(update(metadata, user_id, { username: 'name' })).toMatchObject(R(20));
    expect(metadata.send('update_permissions', { user_id, permissions: null })).toMatchObject(
      R(20),
    );
    expect(metadata.read('get_user', { user_id })).toBe('empty');
  });

  test('05-S28 an empty new password says that the current one was wrong', () => {
    const metadata = withAlice();
    const change = (new_password: string) =>
      metadata.send(
        'change_password',
        { user_id: 'alice', current_password: '', new_password },
        alice,
      );

    expect(change('')).toMatchObject(R(42));
    expect(metadata.machine.user(1)?.passwordHash).toBe('hash of alice');
    expect(change('new hash')).toMatchObject(ok);
    expect(metadata.machine.user(1)?.passwordHash).toBe('new hash');
    expect(metadata.endedUsers).toEqual([]);
  });

  test('05-S29 passwords of others need manage_users; a missing user is 20 for anyone', () => {
    const metadata = withAlice();
    metadata.createUser('bob');
    metadata.createUser('manager', globally('manage_users'));
    const change = (user_id: string, user: number) =>
      metadata.send(
        'change_password',
        { user_id, current_password: '', new_password: 'hash' },
        { user },
      );

    expect(change('nobody', 3)).toMatchObject(R(20));
    expect(change('nobody', 1)).toMatchObject(R(20));
    expect(change('bob', 1)).toMatchObject(R(41));
    expect(change('bob', 3)).toMatchObject(ok);
  });

  test('an unknown status is stored as active but echoed', () => {
    const metadata = new MetadataHarness();
    const request = { username: 'carol', password: 'h', permissions: null, options: [] };

    expect(metadata.send('create_user', { ...request, status: 9 })).toMatchObject({
      value: { status: 9 },
    });
    expect(metadata.machine.user(1)?.isActive).toBe(true);
    expect(update(metadata, 1, { status: 77 })).toMatchObject(ok);
    expect(metadata.machine.user(1)?.isActive).toBe(true);
    expect(metadata.endedUsers).toEqual([]);
  });

  test('options of users are refused before replication', () => {
    const metadata = new MetadataHarness();
    const options = [{ key: 'shoe_size', kind: 9, value: 43 }];
    const user = { username: 'carol', password: 'h', status: 1, permissions: null };

    expect(metadata.send('create_user', { ...user, options })).toMatchObject(S(4041));
    const change = { user_id: 0, username: null, status: null, options };
    expect(metadata.send('update_user', change)).toMatchObject(S(4041));
  });

  test('05-S91 the id of a deleted user is never given again', () => {
    const metadata = withAlice();
    metadata.send('delete_user', { user_id: 1 });

    expect(metadata.createUser('bob')).toMatchObject({ value: { id: 2 } });
  });

  test('05-S38 deleting or deactivating a user ends its sessions in the same apply', () => {
    const metadata = withAlice();
    metadata.createUser('bob');

    metadata.send('delete_user', { user_id: 'alice' });
    update(metadata, 'bob', { status: 2 });

    expect(metadata.endedUsers).toEqual([1, 2]);
    expect(metadata.machine.user(2)?.isActive).toBe(false);
    expect(metadata.machine.isAllowed(1, 'serverInfo')).toBe(false);
  });

  test('05-S101 an inactive user can get a new password', () => {
    const metadata = withAlice();
    update(metadata, 1, { status: 2 });

    const change = { user_id: 1, current_password: '', new_password: 'hash' };
    expect(metadata.send('change_password', change)).toMatchObject(ok);
  });

  test('05-S100 permissions are echoed in order and may name what does not exist', () => {
    const metadata = new MetadataHarness();
    const permissions = onTopic(1, 1, 'read_topic');

    expect(metadata.createUser('carol', permissions)).toMatchObject({ value: { permissions } });
    const changed = onStream(1, ['poll_messages']);
    metadata.send('update_permissions', { user_id: 'carol', permissions: changed });
    expect(metadata.read('get_user', { user_id: 'carol' })).toMatchObject({
      permissions: changed,
    });
  });

  test('stored permissions are sorted and of duplicates the last one counts', () => {
    const metadata = new MetadataHarness();
    const grant = (stream: number, ...rights: Parameters<typeof onStream>[1]) =>
      onStream(stream, rights).streams[0]!;
    const streams = [grant(5, 'read_stream'), grant(2, 'manage_stream'), grant(5, 'send_messages')];
    const permissions = { ...globally(), streams };

    expect(metadata.createUser('carol', permissions)).toMatchObject({ value: { permissions } });
    expect(metadata.read('get_user', { user_id: 'carol' })).toMatchObject({
      permissions: { streams: [grant(2, 'manage_stream'), grant(5, 'send_messages')] },
    });
  });
});

describe('rights', () => {
  test('05-S31 a user without rights', () => {
    const metadata = withAlice();

    expect(metadata.read('get_streams', {}, alice)).toEqual({ status: 41 });
    expect(metadata.createStream('s', alice)).toMatchObject(R(41));
    expect(metadata.machine.isAllowed(1, 'serverInfo')).toBe(false);
    expect(metadata.read('get_user', { user_id: 'alice' }, alice)).toMatchObject({ id: 1 });
    expect(metadata.read('get_user', { user_id: 0 }, alice)).toEqual({ status: 41 });
    expect(metadata.read('get_users', {}, alice)).toEqual({ status: 41 });
  });

  test('05-S32 existence comes before permission', () => {
    const metadata = withAlice();
    metadata.createStream('s');

    expect(metadata.read('get_stream', { stream_id: 9 }, alice)).toBe('empty');
    expect(metadata.read('get_stream', { stream_id: 's' }, alice)).toEqual({ status: 41 });
    expect(metadata.send('delete_stream', { stream_id: 9 }, alice)).toMatchObject(R(1009));
    expect(metadata.send('delete_stream', { stream_id: 's' }, alice)).toMatchObject(R(41));
  });

  test('05-S33 bounds come before everything', () => {
    const metadata = withAlice();
    metadata.createStream('s');

    expect(metadata.createTopic('nowhere', 't', 1, [], alice)).toMatchObject(R(1009));
    expect(metadata.createTopic('s', 't', 1_001, [], alice)).toMatchObject(S(2015));
    expect(metadata.createTopic('s', 't', 1, [], alice)).toMatchObject(R(41));
  });

  test('05-S34 a stream grant opens that stream and nothing else', () => {
    const metadata = withAlice(onStream(0, ['read_stream']));
    for (const name of ['s0', 's1']) {
      metadata.createStream(name);
      metadata.createTopic(name, 't');
    }
    const may = (rule: 'poll' | 'append', stream: number) =>
      metadata.machine.isAllowed(1, rule, { stream, topic: 0 });

    expect(metadata.read('get_stream', { stream_id: 0 }, alice)).toMatchObject({ id: 0 });
    expect(metadata.read('get_topics', { stream_id: 0 }, alice)).toMatchObject({
      topics: [{ id: 0 }],
    });
    expect([may('poll', 0), may('append', 0)]).toEqual([true, false]);
    expect(metadata.read('get_streams', {}, alice)).toEqual({ status: 41 });
    expect(metadata.read('get_stream', { stream_id: 1 }, alice)).toEqual({ status: 41 });
    expect(metadata.read('get_topics', { stream_id: 1 }, alice)).toEqual({ status: 41 });
    expect([may('poll', 1), may('append', 1)]).toEqual([false, false]);
  });

  test('05-S35 topic grants', () => {
    const metadata = withAlice(onTopic(0, 0, 'send_messages'));
    metadata.createStream('s');
    metadata.createTopic('s', 't');
    const target = { stream_id: 0, topic_id: 0 };
    const scope = { stream: 0, topic: 0 };

    expect(metadata.machine.isAllowed(1, 'append', scope)).toBe(true);
    expect(metadata.machine.isAllowed(1, 'poll', scope)).toBe(false);
    expect(metadata.read('get_topic', target, alice)).toEqual({ status: 41 });

    const permissions = onTopic(0, 0, 'read_topic');
    metadata.send('update_permissions', { user_id: 1, permissions });
    expect(metadata.read('get_topic', target, alice)).toMatchObject({ id: 0 });
    expect(metadata.machine.isAllowed(1, 'poll', scope)).toBe(true);
    expect(metadata.createGroup(0, 0, 'g', alice)).toMatchObject(ok);
    expect(metadata.join({ ...target, group_id: 'g' }, 7n, [], 1)).toMatchObject(ok);
    expect(metadata.read('get_topics', { stream_id: 0 }, alice)).toEqual({ status: 41 });
  });

  test('05-S36 manage_topics manages topics, sends and polls, but reads no stream', () => {
    const metadata = withAlice(globally('manage_topics'));
    metadata.createStream('s');
    const target = { stream_id: 0, topic_id: 0 };

    expect(metadata.createTopic('s', 't', 1, [], alice)).toMatchObject(ok);
    const update = { ...target, name: 'u', options: [] };
    expect(metadata.send('update_topic', update, alice)).toMatchObject(ok);
    const scope = { stream: 0, topic: 0 };
    expect(metadata.machine.isAllowed(1, 'append', scope)).toBe(true);
    expect(metadata.machine.isAllowed(1, 'poll', scope)).toBe(true);
    expect(metadata.send('delete_topic', target, alice)).toMatchObject(ok);
    expect(metadata.read('get_stream', { stream_id: 0 }, alice)).toEqual({ status: 41 });
  });

  test('05-S37 rights that are taken away are gone at once', () => {
    const metadata = withAlice(globally('send_messages', 'poll_messages'));
    metadata.createStream('s');
    const scope = { stream: 0, topic: 0 };
    expect(metadata.machine.isAllowed(1, 'append', scope)).toBe(true);

    const permissions = globally('poll_messages');
    metadata.send('update_permissions', { user_id: 1, permissions });

    expect(metadata.machine.isAllowed(1, 'append', scope)).toBe(false);
    expect(metadata.machine.isAllowed(1, 'poll', scope)).toBe(true);
  });

  test('user operations answer 41 before 20', () => {
    const metadata = withAlice();
    const user_id = 'nobody';

    expect(metadata.send('delete_user', { user_id }, alice)).toMatchObject(R(41));
    const nothing = { user_id, permissions: null };
    expect(metadata.send('update_permissions', nothing, alice)).toMatchObject(R(41));
    expect(metadata.createUser('ab', null, alice)).toMatchObject(R(41));
  });

  test('grants survive the stream they were for and open its successor', () => {
    const metadata = withAlice(onStream(0, ['manage_stream']));
    metadata.createStream('first');
    metadata.send('delete_stream', { stream_id: 0 });
    metadata.createStream('second');

    expect(metadata.send('delete_stream', { stream_id: 'second' }, alice)).toMatchObject(ok);
  });
});

describe('tokens', () => {
  const hash = (digit: string) => digit.repeat(64);

  test('05-S39 names are unique per user; missing ones are 20; no rights are needed', () => {
    const metadata = withAlice();

    expect(metadata.createToken('t', { user: 1 })).toMatchObject(ok);
    expect(metadata.createToken('t', { user: 1 })).toMatchObject(R(51));
    expect(metadata.createToken('t', { user: 0, hash: hash('b') })).toMatchObject(ok);
    expect(metadata.machine.tokenCount(1)).toBe(1);
    expect(metadata.deleteToken('x', { user: 1 })).toMatchObject(R(20));
    expect(metadata.deleteToken('t', { user: 1 })).toMatchObject(ok);
    expect(metadata.machine.tokenCount(1)).toBe(0);
    expect(metadata.machine.tokenByHash(hash('a'))).toBeUndefined();
    expect(metadata.machine.tokenByHash(hash('b'))).toMatchObject({ userId: 0, name: 't' });
  });

  test('05-S40 lifetimes become instants; 0 and the highest value mean never', () => {
    const metadata = new MetadataHarness();
    metadata.now = 5_000_000;

    metadata.createToken('never', { expiry: 0n, hash: hash('1') });
    metadata.createToken('max', { expiry: 0xffff_ffff_ffff_ffffn, hash: hash('2') });
    metadata.createToken('second', { expiry: 1_000_000n, hash: hash('3') });

    expect(metadata.read('get_personal_access_tokens', {})).toEqual({
      tokens: [
        { name: 'max', expiry_at: 0n },
        { name: 'never', expiry_at: 0n },
        { name: 'second', expiry_at: 6_003_000n },
      ],
    });
    expect(metadata.createToken('overflow', { expiry: 0xffff_ffff_ffff_fffen })).toMatchObject(
      R(56),
    );
  });

  test('05-S94 an expired token is listed and can be deleted', () => {
    const metadata = new MetadataHarness();
    metadata.createToken('brief', { expiry: 1_800n });
    metadata.now += 10_000;

    expect(metadata.read('get_personal_access_tokens', {})).toMatchObject({
      tokens: [{ name: 'brief' }],
    });
    expect(metadata.deleteToken('brief')).toMatchObject(ok);
    expect(metadata.read('get_personal_access_tokens', {})).toBe('empty');
  });

  test('the cleaner removes what has expired and nothing else', () => {
    const metadata = new MetadataHarness();
    metadata.createToken('later', { expiry: 90_000n, hash: hash('1') });
    metadata.createToken('sooner', { expiry: 50_000n, hash: hash('2') });
    metadata.createToken('never', { expiry: 0n, hash: hash('3') });
    const created = metadata.now;

    expect(metadata.machine.tokenCleanup(created + 10_000)).toEqual([]);
    const proposals = metadata.machine.tokenCleanup(created + 60_000);
    expect(proposals).toMatchObject([{ operation: 147, client: 0n }]);
    metadata.now = created + 60_000;
    for (const { operation, body } of proposals) {
      expect(metadata.propose(operation, body)).toMatchObject(ok);
      expect(metadata.propose(operation, body)).toMatchObject(ok);
    }
    expect(metadata.machine.tokenByHash(hash('2'))).toBeUndefined();
    expect(metadata.machine.tokenCount(0)).toBe(2);
  });

  test('the cleaner leaves a token alone that was made anew in between', () => {
    const metadata = new MetadataHarness();
    metadata.createToken('t', { expiry: 1_000n, hash: hash('1') });
    const [proposal] = metadata.machine.tokenCleanup(metadata.now + 5_000);
    metadata.deleteToken('t');
    metadata.createToken('t', { expiry: 900_000n, hash: hash('2') });

    expect(metadata.propose(proposal!.operation, proposal!.body)).toMatchObject(ok);

    expect(metadata.machine.tokenByHash(hash('2'))).toBeDefined();
  });

  test('a deleted user takes its tokens along, and none can be created for it', () => {
    const metadata = withAlice();
    metadata.createToken('t', { user: 1 });
    metadata.send('delete_user', { user_id: 1 });

    expect(metadata.machine.tokenByHash(hash('a'))).toBeUndefined();
    expect(metadata.createToken('u', { user: 1 })).toMatchObject(R(20));
  });
});
