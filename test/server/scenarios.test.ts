import { describe, expect, test } from 'vitest';
import { getU32, setU32 } from '../../src/base/index.js';
import { commands, decode, parseFrameAs } from '../../src/wire/index.js';
import { answerOf, evict, loginOf, ok, payloadOf, result, status } from './harness/answers.js';
import { TestClient } from './harness/client.js';
import { type ClusterOptions, TestCluster } from './harness/cluster.js';
import { loginFrame, logoutFrame, tokenLoginFrame, X, Y } from './harness/requests.js';

const Z = 0x1234_5678n;
let connections = 0;

function start(options: ClusterOptions = {}) {
  const cluster = new TestCluster(options);
  const leader = cluster.leader;
  return {
    cluster,
    leader,
    connect: (id = X, node = leader) => new TestClient(node, ++connections, id),
    streams: () => {
      const root = new TestClient(leader, ++connections, 77n + BigInt(connections)).login();
      const body = root.frame('get_streams', {}).subarray(256);
      return decode(commands.get_streams.response, body).streams.map(({ name }) => name);
    },
  };
}

/** Creates a user that may log in with `secret` and has no rights. */
function addUser(by: TestClient, username: string, request: number) {
  const user = { username, password: 'secret', status: 1, permissions: null, options: [] } as const;
  const frame = by.frame('create_user', user, { request });
  return payloadOf(commands.create_user.response, frame).id;
}

const credentials = { username: 'alice', password: 'secret' };

describe('duplicate registration', () => {
  test('04-S21 after a lost connection gives a higher session', () => {
    const { connect } = start();
    const first = connect().login();
    const lost = first.session;
    first.node.close(first.connection);

    expect(connect().login().session).toBeGreaterThan(lost);
  });

  test('04-S22 in flight on another connection is 57, and its replay fences the first', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const a = connect();
    const b = connect();
    for (const follower of [1, 2]) cluster.isolate(follower, true);
    a.node.send(a.connection, loginFrame());
    expect(b.node.send(b.connection, loginFrame()).map(answerOf)).toMatchObject([
      { ...result(57), operation: 1 },
    ]);
    for (const follower of [1, 2]) cluster.isolate(follower, false);
    cluster.ticksUntil(() => cluster.leader.status.pipelineLength === 0);
    a.session = loginOf(a.node.taken(a.connection)[0] ?? new Uint8Array(0)).session;

    b.login();

    expect(b.session).toBeGreaterThan(a.session);
    expect(a.createStream('a', 1)).toMatchObject(evict(7));
  });

  test('04-S24 under another id logs the first one out', () => {
    const { connect, leader } = start();
    const client = connect().login();
    const second = loginOf(client.node.ask(client.connection, loginFrame({ client: Y })));

    expect(second.session).toBeGreaterThan(client.session);
    expect(leader.replica.session(X)).toBeUndefined();
    expect(leader.replica.session(Y)).toMatchObject({ epoch: second.session });
  });

  test('04-S25 with the credentials of another user changes what the connection may do', () => {
    const { connect } = start();
    const client = connect().login();
    const user = addUser(client, 'alice', 1);
    const again = client.node.ask(client.connection, loginFrame(credentials));
    client.session = loginOf(again).session;

    expect(loginOf(again).userId).toBe(user);
    expect(client.createStream('a', 1)).toMatchObject(result(41));
  });

  test('04-S26 of an id that another user owns leaves its owner alone', () => {
    const { connect } = start();
    const owner = connect().login();
    addUser(owner, 'alice', 1);
    const thief = connect();
    const refused = thief.node.ask(thief.connection, loginFrame(credentials));

    expect(answerOf(refused)).toMatchObject(evict(12));
    expect(owner.createStream('a', 2)).toMatchObject(ok);
  });
});

describe('requests', () => {
  test('04-S27 04-S28 a replay is answered with the same bytes and creates nothing', () => {
    const { connect, streams, leader } = start();
    const client = connect().login();
    const one = client.frame('create_stream', { name: 'a', options: [] }, { request: 1 });
    client.createStream('b', 2);
    expect(leader.replica.session(X)).toMatchObject({ watermark: 2n });

    expect(client.frame('create_stream', { name: 'a', options: [] }, { request: 1 })).toEqual(one);
    expect(streams()).toEqual(['a', 'b']);
  });

  test.each([1, 3])('04-S29 04-S30 on %i nodes survives a restart of the node', (nodes) => {
    const { cluster, connect } = start({ nodes });
    const client = connect().login();
    const one = client.frame('create_stream', { name: 'a', options: [] }, { request: 1 });
    const before = cluster.leader;
    before.kill();
    if (nodes === 1) before.boot();
    cluster.ticksUntil(() => cluster.nodes.some((node) => node.isUp && node.status.isCaughtUp));

    const again = new TestClient(cluster.leader, 500, X).login();
    expect(again.session).toBeGreaterThan(client.session);
    expect(again.frame('create_stream', { name: 'a', options: [] }, { request: 1 })).toEqual(one);
    expect(again.createStream('b', 2)).toMatchObject(ok);
  });

  test('04-S31 04-S32 07-S6 the newest 64 replies are cached, older ones are 59', () => {
    const { connect } = start();
    const client = connect().login();
    for (let request = 1; request <= 64; request++) client.createStream(`s${request}`, request);
    expect(client.createStream('s1', 1)).toMatchObject(ok);
    client.createStream('s65', 65);

    expect(client.createStream('s1', 1)).toMatchObject(result(59));
    expect(client.createStream('s2', 2)).toMatchObject(ok);
  });

  test('04-S33 gaps are executed, what lies below the watermark is not', () => {
    const { connect } = start();
    const client = connect().login();
    client.createStream('a', 5);
    expect(client.createStream('b', 9)).toMatchObject(ok);

    expect(client.createStream('c', 7)).toMatchObject(result(59));
  });

  test('04-S34 a number with another stamped payload is 3', () => {
    const { connect, streams } = start();
    const client = connect().login();
    client.createStream('a', 1);

    expect(client.createStream('b', 1)).toMatchObject(result(3));
    expect(streams()).toEqual(['a']);
  });

  test('04-S35 without stamps the reply of the other payload comes back', () => {
    const { connect } = start();
    const client = connect().login();
    const create = (name: string) =>
      client.frame('create_stream', { name, options: [] }, { request: 1, stamp: false });

    expect(create('b')).toEqual(create('a'));
  });

  test('04-S36 a rejection is cached like a success', () => {
    const { connect } = start();
    const client = connect().login();
    client.createStream('a', 1);
    expect(client.createStream('a', 2)).toMatchObject(result(1012));
    client.ask('delete_stream', { stream_id: 'a' }, { request: 3 });

    expect(client.createStream('a', 2)).toMatchObject(result(1012));
    expect(client.createStream('a', 4)).toMatchObject(ok);
  });

  test('04-S37 a refusal for lack of rights is cached, a new number sees the grant', () => {
    const { connect } = start();
    const root = connect().login();
    const user = addUser(root, 'alice', 1);
    const alice = connect(Y).login(credentials);
    expect(alice.createStream('a', 1)).toMatchObject(result(41));
    const grant = {
      manage_servers: false,
      read_servers: false,
      manage_users: false,
      read_users: false,
      manage_streams: true,
      read_streams: false,
      manage_topics: false,
      read_topics: false,
      poll_messages: false,
      send_messages: false,
    };
    const permissions = { global: grant, streams: [] };
    root.ask('update_permissions', { user_id: user, permissions }, { request: 2 });

    expect(alice.createStream('a', 1)).toMatchObject(result(41));
    expect(alice.createStream('a', 2)).toMatchObject(ok);
  });

  test('04-S38 a replay on another connection while the first is in flight is 57', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const a = connect().login();
    const b = connect();
    b.login();
    for (const follower of [1, 2]) cluster.isolate(follower, true);
    expect(
      b.node.send(
        b.connection,
        b.encode('create_stream', { name: 'a', options: [] }, { request: 4 }),
      ),
    ).toEqual([]);

    expect(a.createStream('a', 4)).toMatchObject(result(57));
  });

  test('04-S39 a newer session fences the older one', () => {
    const { connect } = start();
    const a = connect().login();
    const b = connect().login();

    expect(a.createStream('a', 1)).toMatchObject(evict(7));
    expect(a.ask('get_me', {})).toMatchObject(evict(7));
    expect(b.createStream('b', 1)).toMatchObject(ok);
  });

  test('04-S40 a stranger cannot use a live session, its owner still can', () => {
    const { connect } = start();
    const owner = connect().login();
    const stranger = connect();
    stranger.session = owner.session;

    expect(stranger.createStream('a', 1)).toMatchObject(evict(1));
    expect(owner.createStream('a', 1)).toMatchObject(ok);
  });

  test('04-S15 04-S41 a created token logs in, and its replay tells nothing', () => {
    const { connect } = start();
    const client = connect().login();
    const create = { name: 't', expiry: 0n };
    const frame = client.frame('create_personal_access_token', create, { request: 1 });
    const { token } = payloadOf(commands.create_personal_access_token.response, frame);
    expect(client.ask('create_personal_access_token', create, { request: 1 })).toMatchObject(
      result(51),
    );

    const other = connect(Y);
    const login = other.node.ask(other.connection, tokenLoginFrame(token, { client: Y }));
    expect(loginOf(login)).toMatchObject({ userId: 0 });
  });

  test('04-S17 a deleted token is refused', () => {
    const { connect } = start();
    const client = connect().login();
    const create = { name: 't', expiry: 0n };
    const frame = client.frame('create_personal_access_token', create, { request: 1 });
    const { token } = payloadOf(commands.create_personal_access_token.response, frame);
    client.ask('delete_personal_access_token', { name: 't' }, { request: 2 });

    const other = connect(Y);
    const login = other.node.ask(other.connection, tokenLoginFrame(token, { client: Y }));
    expect(answerOf(login)).toMatchObject(evict(10));
  });

  test('04-S42 a wrong current password is a cached rejection and never enters the log', () => {
    const { connect, leader } = start();
    const client = connect().login();
    const change = { user_id: 'iggy', current_password: 'wrong!!', new_password: 'fresh!!' };
    expect(client.ask('change_password', change, { request: 1 })).toMatchObject(result(42));
    expect(client.ask('change_password', change, { request: 1 })).toMatchObject(result(42));
    const right = { ...change, current_password: 'iggy' };
    expect(client.ask('change_password', right, { request: 2 })).toMatchObject(ok);

    const log = leader.disk.entries.map((entry) => new TextDecoder('latin1').decode(entry)).join();
    expect(log).not.toContain('wrong!!');
    expect(log.replaceAll('phc:fresh!!', '')).not.toContain('fresh!!');
  });
});

describe('capacity', () => {
  test('04-S44 04-S46 07-S6 an evicted session comes back with its watermark and origin', () => {
    const { connect } = start({ clientSlots: 2 });
    const a = connect(X).login();
    const one = a.frame('create_stream', { name: 'a', options: [] }, { request: 1 });
    connect(Y).login();
    connect(Z).login();
    expect(a.createStream('b', 2)).toMatchObject(evict(1));

    const again = a.node.ask(a.connection, loginFrame());
    const { context } = parseFrameAs('Reply', again).header;
    expect(context).toBe((BigInt(a.session) << 64n) | 2n);
    a.session = loginOf(again).session;
    expect(a.frame('create_stream', { name: 'a', options: [] }, { request: 1 })).toEqual(one);
  });

  test('04-S45 04-S47 an evicted session loses its memberships on every replica', () => {
    const { cluster, connect } = start({ nodes: 3, clientSlots: 2 });
    const a = connect(X).login();
    a.createStream('s', 1);
    const topic = { stream_id: 's', name: 't', partitions_count: 1, options: [] };
    a.ask('create_topic', topic, { request: 2 });
    const at = { stream_id: 's', topic_id: 't' };
    a.ask('create_consumer_group', { ...at, name: 'g' }, { request: 3 });
    a.ask('join_consumer_group', { ...at, group_id: 'g' }, { request: 4 });
    connect(Y).login();
    connect(Z).login();
    cluster.ticks(100);

    for (const node of cluster.nodes) {
      expect(node.machine.memberships(X)).toEqual([]);
      expect(node.replica.session(X)).toBeUndefined();
      expect(node.replica.clientTable()).toEqual(cluster.leader.replica.clientTable());
    }
  });

  test('04-S46 without a retired tier the request is executed again', () => {
    const { connect } = start({ clientSlots: 2, retiredSlots: 0 });
    const a = connect(X).login();
    a.createStream('a', 1);
    connect(Y).login();
    connect(Z).login();
    const again = a.node.ask(a.connection, loginFrame());
    a.session = loginOf(again).session;

    expect(parseFrameAs('Reply', again).header.context >> 64n).toBe(BigInt(a.session));
    expect(a.createStream('a', 1)).toMatchObject(result(1012));
  });
});

describe('the end of a session', () => {
  test('04-S48 a logout removes it everywhere', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const client = connect().login();
    const frame = logoutFrame({ session: client.session, request: 1 });
    expect(answerOf(client.node.ask(client.connection, frame))).toMatchObject(ok);
    cluster.ticks(100);

    for (const node of cluster.nodes) expect(node.replica.session(X)).toBeUndefined();
    expect(client.ask('get_streams', {})).toMatchObject(status(40));
    expect(client.createStream('a', 1)).toMatchObject(evict(1));
    expect(client.login().createStream('a', 1)).toMatchObject(ok);
  });

  test('04-S50 a closed socket does not end the session of another connection', () => {
    const { connect, leader } = start();
    const a = connect().login();
    const b = connect().login();
    a.node.close(a.connection);

    expect(leader.replica.session(X)).toMatchObject({ epoch: b.session });
  });

  test('04-S51 a closed socket ends its memberships', () => {
    const { connect, leader } = start();
    const a = connect(X).login();
    a.createStream('s', 1);
    const topic = { stream_id: 's', name: 't', partitions_count: 2, options: [] };
    a.ask('create_topic', topic, { request: 2 });
    const at = { stream_id: 's', topic_id: 't' };
    a.ask('create_consumer_group', { ...at, name: 'g' }, { request: 3 });
    a.ask('join_consumer_group', { ...at, group_id: 'g' }, { request: 4 });
    const b = connect(Y).login();
    b.ask('join_consumer_group', { ...at, group_id: 'g' }, { request: 1 });
    a.node.close(a.connection);

    expect(leader.machine.memberships(X)).toEqual([]);
    const frame = b.frame('sync_consumer_group', { ...at, group_id: 'g' });
    const assignment = payloadOf(commands.sync_consumer_group.response, frame);
    expect(assignment?.partitions).toEqual([0, 1]);
  });

  test('a deleted user is logged out on every node', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const root = connect().login();
    addUser(root, 'alice', 1);
    const [, follower] = cluster.nodes;
    cluster.ticks(100);
    const alice = connect(Y, follower).login(credentials);
    root.ask('delete_user', { user_id: 'alice' }, { request: 2 });
    cluster.ticks(100);

    expect(alice.ask('get_me', {})).toMatchObject(status(40));
    expect(alice.createStream('a', 1)).toMatchObject(evict(1));
  });
});

describe('a cluster', () => {
  const backupOf = (cluster: TestCluster) => {
    const backup = cluster.nodes.find((node) => node.isUp && !node.status.isActingPrimary);
    if (backup === undefined) throw new Error('no backup');
    return backup;
  };

  test('04-S56 04-S59 04-S64 a backup logs in and out and reads, but does not mutate', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const backup = backupOf(cluster);
    const client = connect(X, backup).login();
    expect(client.ask('get_me', {})).toMatchObject(ok);
    expect(client.createStream('a', 1)).toMatchObject(result(58));

    const frame = logoutFrame({ session: client.session, request: 2 });
    expect(answerOf(backup.ask(client.connection, frame))).toMatchObject(ok);
    expect(client.ask('get_me', {})).toMatchObject(status(40));
    expect(cluster.leader.replica.session(X)).toBeUndefined();
  });

  test('04-S57 a token is accepted at a backup once it is replicated', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const backup = backupOf(cluster);
    const client = connect().login();
    cluster.isolate(backup.index, true);
    const create = { name: 't', expiry: 0n };
    const frame = client.frame('create_personal_access_token', create, { request: 1 });
    const { token } = payloadOf(commands.create_personal_access_token.response, frame);
    const other = connect(Y, backup);
    const login = () => backup.send(other.connection, tokenLoginFrame(token, { client: Y }));
    const answers = () => backup.taken(other.connection).map(answerOf);
    expect(login()).toEqual([]);
    cluster.ticks(70);
    expect(answers()).toMatchObject([evict(10)]);

    expect(login()).toEqual([]);
    cluster.isolate(backup.index, false);
    cluster.ticksUntil(() => backup.machine.tokenCount(0) === 1);
    cluster.ticks(10);
    expect(answers()).toMatchObject([ok]);
  });

  test('a changed password is accepted at a backup once it is replicated', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const backup = backupOf(cluster);
    const client = connect().login();
    addUser(client, 'alice', 1);
    cluster.ticksUntil(() => backup.machine.userByName('alice') !== undefined);
    cluster.isolate(backup.index, true);
    const change = { user_id: 'alice', current_password: 'secret', new_password: 'fresh' };
    expect(client.ask('change_password', change, { request: 2 })).toMatchObject(ok);
    const other = connect(Y, backup);
    const fresh = { ...credentials, client: Y, password: 'fresh' };
    const login = () => backup.send(other.connection, loginFrame(fresh));
    const answers = () => backup.taken(other.connection).map(answerOf);
    expect(login()).toEqual([]);
    cluster.ticks(70);
    expect(answers()).toMatchObject([evict(9)]);

    expect(login()).toEqual([]);
    cluster.isolate(backup.index, false);
    cluster.ticksUntil(() => backup.machine.userByName('alice')?.passwordHash === 'phc:fresh');
    cluster.ticks(10);
    expect(answers()).toMatchObject([ok]);
  });

  test('a user of whom a backup has not heard yet logs in once it has', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const backup = backupOf(cluster);
    const client = connect().login();
    cluster.isolate(backup.index, true);
    addUser(client, 'alice', 1);
    const other = connect(Y, backup);
    const frame = loginFrame({ ...credentials, client: Y });
    expect(backup.send(other.connection, frame)).toEqual([]);

    cluster.isolate(backup.index, false);
    cluster.ticksUntil(() => backup.machine.userByName('alice') !== undefined);
    cluster.ticks(10);

    expect(backup.taken(other.connection).map(answerOf)).toMatchObject([ok]);
  });

  test('04-S60 04-S61 logins go on without a backup, and after the primary is gone', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const [primary, first, second] = cluster.nodes;
    if (primary === undefined || first === undefined || second === undefined) throw new Error();
    first.kill();
    expect(connect(X, second).login().session).toBeGreaterThan(0);
    first.boot();
    cluster.ticks(300);
    primary.kill();

    const client = connect(Y, second);
    const seen = new Set<unknown>();
    cluster.ticksUntil(() => {
      const [frame] = second.send(client.connection, loginFrame({ client: Y }));
      const late = frame ?? second.taken(client.connection)[0];
      if (late === undefined) return false;
      const answer = answerOf(late);
      if (answer.kind === 'ok') return true;
      seen.add(answer.kind === 'result' ? answer.code : answer);
      return false;
    }, 10_000);
    for (const code of seen) expect([57, 58]).toContain(code);
  });

  test('04-S70 a mutation that a view change cancels is applied once under the same number', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const old = cluster.leader;
    const client = connect().login();
    cluster.isolate(old.index, true);
    const frame = client.encode('create_stream', { name: 'a', options: [] }, { request: 1 });
    expect(old.send(client.connection, frame)).toEqual([]);
    const others = cluster.nodes.filter((node) => node !== old);
    cluster.ticksUntil(() => others.some((node) => node.status.isCaughtUp));
    cluster.isolate(old.index, false);
    cluster.ticksUntil(() => old.status.view === others[0]?.status.view);
    expect(old.taken(client.connection).map(answerOf)).toMatchObject([result(57)]);

    const again = new TestClient(cluster.leader, 900, X).login();
    expect(again.createStream('a', 1)).toMatchObject(ok);
    expect(again.createStream('a', 1)).toMatchObject(ok);
    expect(again.createStream('a', 2)).toMatchObject(result(1012));
  });

  test('a linearizable read is confirmed by the primary and refused elsewhere', () => {
    const { cluster, connect } = start({ nodes: 3 });
    const client = connect().login();
    client.createStream('a', 1);
    expect(client.ask('get_streams', {}, { consistency: 1 })).toMatchObject(ok);
    const other = connect(Y, backupOf(cluster)).login();

    expect(other.ask('get_streams', {}, { consistency: 1 })).toMatchObject(status(58));
  });
});

describe('the release of a request', () => {
  test('is in the prepare and in every reply, also when asked again', () => {
    const { connect } = start({ nodes: 3 });
    const client = connect().login();
    const ask = (name: string, request: number, kind: 'create_stream' | 'get_stream') => {
      const frame =
        kind === 'create_stream'
          ? client.encode(kind, { name, options: [] }, { request })
          : client.encode(kind, { stream_id: name });
      setU32(frame, 56, 0xabcd_ef01);
      const reply = client.node.ask(client.connection, frame);
      return { ...answerOf(reply), release: getU32(reply, 56) };
    };
    const release = 0xabcd_ef01;

    expect(ask('a', 1, 'create_stream')).toMatchObject({ ...ok, release });
    expect(ask('a', 1, 'create_stream')).toMatchObject({ ...ok, release });
    expect(ask('a', 2, 'create_stream')).toMatchObject({ ...result(1012), release });
    expect(ask('a', 0, 'get_stream')).toMatchObject({ ...ok, release });
  });
});

describe('the strict request policy', () => {
  test('04-S96 refuses a gap with an eviction, and a new login works', () => {
    const { connect, leader } = start({ policy: 'strict' });
    const client = connect().login();
    client.createStream('a', 1);
    client.createStream('b', 2);
    const { head } = leader.status;
    expect(client.createStream('d', 4)).toMatchObject(evict(12));
    expect(leader.status.head).toBe(head);

    client.login();
    expect(client.createStream('c', 3)).toMatchObject(ok);
  });

  test('04-S97 a denial before consensus makes the next number a gap', () => {
    const { connect } = start({ policy: 'strict' });
    const client = connect().login();
    client.createStream('s', 1);
    const topic = { stream_id: 's', name: 't', partitions_count: 1_001, options: [] };
    expect(client.ask('create_topic', topic, { request: 2 })).toMatchObject(status(2015));

    expect(client.createStream('b', 3)).toMatchObject(evict(12));
  });
});
