import { describe, expect, it } from 'vitest';
import { u8 } from './hand/bytes.js';
import { freshId, type HandClient, outcome, until } from './hand/hand-client.js';
import { HandCluster, type Settings } from './hand/hand-cluster.js';
import {
  readGroup,
  readMe,
  readPoll,
  readStream,
  readTokens,
  readUser,
  readUsers,
  rightsOf,
} from './hand/replies.js';
import {
  code,
  type Grants,
  globalRights,
  groupBody,
  ident,
  offsetBody,
  op,
  passwordBody,
  permissions,
  permissionsBody,
  place,
  pollBody,
  sendBody,
  streamBody,
  tokenBody,
  topicBody,
  updateTopicBody,
  updateUserBody,
  userBody,
} from './hand/requests.js';

const secret = 'secret';

async function start(settings: Settings = {}) {
  const server = await HandCluster.start(settings);
  const root = await server.root();
  const addUser = async (name: string, grants?: Grants) => {
    const { id } = readUser(await root.must(op.createUser, userBody(name, secret, 1, grants)));
    return { id, client: await (await server.dial()).login(name, secret) };
  };
  const addTopic = async (stream: string, topic: string) => {
    if ((await root.get(code.stream, ident(stream))).length === 0) {
      await root.must(op.createStream, streamBody(stream));
    }
    await root.must(op.createTopic, topicBody(stream, topic));
  };
  return { server, root, addUser, addTopic };
}

const create = (client: HandClient, name: string) => client.does(op.createStream, streamBody(name));
const tokenOf = (payload: Buffer): string => payload.subarray(1).toString();

describe('05 users', () => {
  it('05-S24 root is user 0 with all rights, the first created user is 1', async () => {
    const { server, root } = await start();
    expect(root.user).toBe(0);
    const record = readUser(await root.get(code.user, ident(0)));
    expect(record).toMatchObject({ id: 0, created: 1n, status: 1, name: 'iggy' });
    expect(rightsOf(record.permissions)).toEqual([...globalRights]);
    const made = readUser(await root.must(op.createUser, userBody('alice', secret)));
    expect(made).toMatchObject({ id: 1, status: 1, name: 'alice', permissions: undefined });
    const login = await (await server.dial()).login('alice', secret);
    expect(login.user).toBe(1);
  });

  it('05-S25 05-S26 05-S27 names have bounds, root is protected, missing users are 20', async () => {
    const { server, root } = await start();
    expect(await root.does(op.createUser, userBody('ab', secret))).toBe('R 43');
    expect(await root.does(op.createUser, userBody('x'.repeat(51), secret))).toBe('R 43');
    expect(await root.does(op.createUser, userBody('x'.repeat(50), secret))).toBe('ok');
    expect(await root.does(op.createUser, userBody('iggy', secret))).toBe('R 46');

    expect(await root.does(op.deleteUser, ident(0))).toBe('R 48');
    expect(await root.does(op.updatePermissions, permissionsBody('iggy', {}))).toBe('R 49');
    expect(await root.does(op.updateUser, updateUserBody(0, { name: 'boss' }))).toBe('ok');
    expect(outcome(await (await server.dial()).tryLogin('boss', 'iggy'))).toBe('ok');

    for (const missing of [77, 'nobody']) {
      expect(await root.does(op.deleteUser, ident(missing))).toBe('R 20');
      expect(await root.does(op.updateUser, updateUserBody(missing, { status: 1 }))).toBe('R 20');
      expect(await root.does(op.updatePermissions, permissionsBody(missing, {}))).toBe('R 20');
    }
  });

  it('05-S28 05-S29 04-S42 a wrong current password is a committed refusal', async () => {
    const { server, root, addUser } = await start();
    const { client: alice } = await addUser('alice');
    await addUser('bob');
    const { client: admin } = await addUser('admin', { global: ['manage_users'] });

    const wrong = passwordBody('alice', 'wrong one', 'changed');
    const first = await alice.mutate(op.changePassword, wrong, 1);
    expect(outcome(first)).toBe('R 42');
    expect((await alice.mutate(op.changePassword, wrong, 1)).frame).toEqual(first.frame);
    expect(await alice.does(op.createToken, tokenBody('t'), 2)).toBe('ok');
    expect(await alice.does(op.changePassword, passwordBody('alice', secret, 'changed'), 3)).toBe(
      'ok',
    );
    expect(readMe(await alice.get(code.me)).user).toBe(alice.user);
    expect(outcome(await (await server.dial()).tryLogin('alice', secret))).toBe('E 9');
    expect(outcome(await (await server.dial()).tryLogin('alice', 'changed'))).toBe('ok');

    expect(await admin.does(op.changePassword, passwordBody(99, 'a', 'b'))).toBe('R 20');
    expect(await alice.does(op.changePassword, passwordBody('bob', secret, 'b'), 4)).toBe('R 41');
    expect(await alice.does(op.changePassword, passwordBody(99, secret, 'b'), 5)).toBe('R 20');
    expect(await root.does(op.changePassword, passwordBody('bob', 'no', 'b'))).toBe('R 42');
  });

  it('05-S30 04-S05 04-S06 04-S16 04-S17 every failed login is an eviction with its reason', async () => {
    const { server, root, addUser } = await start();
    const { id, client: alice } = await addUser('alice');
    const token = tokenOf(await alice.must(op.createToken, tokenBody('lasting')));
    const short = tokenOf(await root.must(op.createToken, tokenBody('short', 1)));
    const gone = tokenOf(await root.must(op.createToken, tokenBody('gone')));
    await root.must(op.deleteToken, tokenBody('gone').subarray(0, 5));
    const fails = async (name: string, password: string) => {
      const reply = await (await server.dial()).tryLogin(name, password);
      return [outcome(reply), reply.frame.subarray(144, 255).every((byte) => byte === 0)];
    };
    const enters = async (text: string) => outcome(await (await server.dial()).tryToken(text));

    expect(await fails('nobody', secret)).toEqual(['E 9', true]);
    expect(await fails('alice', 'wrong')).toEqual(['E 9', true]);
    expect(await enters(token)).toBe('ok');
    expect(await enters(short)).toBe('E 10');
    expect(await enters(gone)).toBe('E 10');
    expect(await enters('A'.repeat(68))).toBe('E 10');

    await root.must(op.updateUser, updateUserBody(id, { status: 2 }));
    expect(await fails('alice', secret)).toEqual(['E 9', true]);
    expect(await enters(token)).toBe('E 11');
    await root.must(op.updateUser, updateUserBody(id, { status: 1 }));
    expect(await enters(token)).toBe('ok');
  });

  it('05-S31 05-S32 05-S33 what a user without rights meets, and in which order', async () => {
    const { root, addUser, addTopic } = await start();
    const { client: alice } = await addUser('alice');
    await addTopic('s', 't');
    expect(await alice.reads(code.streams)).toBe('S 41');
    expect(await create(alice, 'x')).toBe('R 41');
    expect(await alice.reads(code.stats)).toBe('S 41');
    expect(await alice.reads(code.clients)).toBe('S 41');
    expect(await alice.reads(code.users)).toBe('S 41');
    expect(await alice.reads(code.snapshot, Buffer.from([2, 1, 4]))).toBe('S 41');
    expect(readUser(await alice.get(code.user, ident('alice'))).id).toBe(alice.user);
    expect(await alice.reads(code.user, ident(0))).toBe('S 41');
    expect(await alice.get(code.user, ident(88))).toEqual(Buffer.alloc(0));
    expect(readMe(await alice.get(code.me)).user).toBe(alice.user);

    expect(await alice.get(code.stream, ident(9))).toEqual(Buffer.alloc(0));
    expect(await alice.reads(code.stream, ident('s'))).toBe('S 41');
    expect(await alice.does(op.deleteStream, ident(9))).toBe('R 1009');
    expect(await alice.does(op.deleteStream, ident('s'))).toBe('R 41');
    expect(await alice.does(op.deleteUser, ident(88))).toBe('R 41');

    expect(await alice.does(op.createTopic, topicBody(9, 'x'))).toBe('R 1009');
    expect(await alice.does(op.createTopic, topicBody('s', 'x', 1001))).toBe('S 2015');
    expect(await alice.does(op.createTopic, topicBody('s', 'x'))).toBe('R 41');
    expect(await alice.partitionSays(op.send, sendBody('s', 't', 0, ['x']))).toBe('S 41');
    expect(await alice.partitionSays(op.send, sendBody(9, 't', 0, ['x']))).toBe('S 20');
    expect(await root.reads(code.groups, place('s', 'no'))).toBe('S 2010');
  });

  it('05-S34 05-S35 05-S36 grants open what they name', async () => {
    const { root, addUser, addTopic } = await start();
    await addTopic('s0', 't');
    await addTopic('s1', 't');
    await addTopic('s0', 'other');
    const spot = (stream: string, topic = 't') => ({ reads: 1, stream, topic, partition: 0 });
    const send = (stream: string) => sendBody(stream, 't', 0, ['m']);

    const { client: reader } = await addUser('reader', {
      streams: [{ id: 0, rights: ['read_stream'] }],
    });
    expect(await reader.reads(code.stream, ident('s0'))).toBe('ok');
    expect(await reader.reads(code.topics, ident('s0'))).toBe('ok');
    expect(await reader.reads(code.poll, pollBody(spot('s0')))).toBe('ok');
    expect(await reader.reads(code.streams)).toBe('S 41');
    expect(await reader.partitionSays(op.send, send('s0'))).toBe('S 41');
    for (const each of [code.stream, code.topics]) {
      expect(await reader.reads(each, ident('s1'))).toBe('S 41');
    }
    expect(await reader.reads(code.poll, pollBody(spot('s1')))).toBe('S 41');

    const only = (right: 'send_messages' | 'read_topic'): Grants => ({
      streams: [{ id: 0, topics: [{ id: 0, rights: [right] }] }],
    });
    const { client: sender } = await addUser('sender', only('send_messages'));
    expect(await sender.partitionSays(op.send, send('s0'))).toBe('ok');
    expect(await sender.reads(code.poll, pollBody(spot('s0')))).toBe('S 41');
    expect(await sender.reads(code.topic, place('s0', 't'))).toBe('S 41');
    const { client: viewer } = await addUser('viewer', only('read_topic'));
    expect(await viewer.reads(code.topic, place('s0', 't'))).toBe('ok');
    expect(await viewer.reads(code.poll, pollBody(spot('s0')))).toBe('ok');
    expect(await viewer.does(op.createGroup, groupBody('s0', 't', 'g'))).toBe('ok');
    expect(await viewer.does(op.joinGroup, place('s0', 't', 'g'))).toBe('ok');
    expect(await viewer.reads(code.topics, ident('s0'))).toBe('S 41');
    expect(await viewer.reads(code.topic, place('s0', 'other'))).toBe('S 41');

    const { client: topics } = await addUser('topics', { global: ['manage_topics'] });
    expect(await topics.does(op.createTopic, topicBody('s1', 'mine'))).toBe('ok');
    expect(await topics.does(op.updateTopic, updateTopicBody('s1', 'mine', 'my'))).toBe('ok');
    expect(await topics.partitionSays(op.send, sendBody('s1', 'my', 0, ['m']))).toBe('ok');
    expect(await topics.reads(code.poll, pollBody(spot('s1', 'my')))).toBe('ok');
    expect(await topics.does(op.deleteTopic, place('s1', 'my'))).toBe('ok');
    expect(await topics.reads(code.stream, ident('s1'))).toBe('S 41');
    expect(readStream(await root.get(code.stream, ident('s1'))).topics).toBe(1);
  });

  it('05-S37 04-S37 rights that change count at once, and old answers stay', async () => {
    const { root, addUser, addTopic } = await start();
    await addTopic('s', 't');
    const both: Grants = { global: ['send_messages', 'poll_messages'] };
    const { id, client: alice } = await addUser('alice', both);
    const send = sendBody('s', 't', 0, ['m']);
    const poll = pollBody({ reads: 1, stream: 's', topic: 't', partition: 0 });
    expect(await alice.partitionSays(op.send, send)).toBe('ok');
    await root.must(op.updatePermissions, permissionsBody(id, { global: ['poll_messages'] }));
    expect(await alice.partitionSays(op.send, send)).toBe('S 41');
    expect(readPoll(await alice.get(code.poll, poll)).texts).toEqual(['m']);

    expect(await alice.does(op.createStream, streamBody('a'), 1)).toBe('R 41');
    await root.must(op.updatePermissions, permissionsBody(id, { global: ['manage_streams'] }));
    expect(await alice.does(op.createStream, streamBody('a'), 1)).toBe('R 41');
    expect(await alice.does(op.createStream, streamBody('a'), 2)).toBe('ok');
  });

  it.each([
    ['deleted', (id: number) => [op.deleteUser, ident(id)] as const],
    ['deactivated', (id: number) => [op.updateUser, updateUserBody(id, { status: 2 })] as const],
  ])('05-S38 the sessions of a user that is %s end with it', async (how, end) => {
    const { server, root, addUser, addTopic } = await start();
    await addTopic('s', 't');
    await root.must(op.createGroup, groupBody('s', 't', 'g'));
    const { id, client: alice } = await addUser('alice', {
      global: ['read_servers', 'read_topics', 'manage_streams'],
    });
    expect(await alice.does(op.joinGroup, place('s', 't', 'g'))).toBe('ok');
    expect(await alice.reads(code.stats)).toBe('ok');

    const [operation, body] = end(id);
    await root.must(operation, body);
    expect(readGroup(await root.get(code.group, place('s', 't', 'g'))).members).toBe(0);
    expect(await alice.reads(code.stats)).toBe('S 40');
    expect(await create(alice, 'x')).toBe('E 1');
    if (how === 'deactivated') return;
    const next = readUser(await root.must(op.createUser, userBody('carol', secret)));
    expect(next.id).toBeGreaterThan(id);
    const carol = await (await server.dial()).login('carol', secret);
    expect(await carol.reads(code.stats)).toBe('S 41');
    expect(await alice.reads(code.stats)).toBe('S 40');
  });

  it('05-S100 05-S101 permissions are echoed, also for what does not exist', async () => {
    const { root } = await start();
    const grants: Grants = { global: ['read_users'], streams: [{ id: 1, topics: [{ id: 1 }] }] };
    const made = readUser(await root.must(op.createUser, userBody('alice', secret, 2, grants)));
    expect(made).toMatchObject({ status: 2, permissions: permissions(grants) });
    const changed: Grants = { global: ['poll_messages'], streams: [{ id: 7 }] };
    expect(await root.does(op.updatePermissions, permissionsBody('alice', changed))).toBe('ok');
    const byId = await root.get(code.user, ident(made.id));
    expect(readUser(byId).permissions).toEqual(permissions(changed));
    expect(await root.get(code.user, ident('alice'))).toEqual(byId);

    expect(await root.does(op.updateUser, updateUserBody('alice', { status: 2 }))).toBe('ok');
    expect(await root.does(op.changePassword, passwordBody('alice', secret, 'changed'))).toBe('ok');
    const odd = await root.must(op.createUser, userBody('odd', secret, 9));
    expect(readUser(odd).status).toBe(9);
    expect(readUsers(await root.get(code.users)).map(({ name, status }) => [name, status])).toEqual(
      [
        ['iggy', 1],
        ['alice', 2],
        ['odd', 1],
      ],
    );
  });
});

describe('05 tokens', () => {
  it('05-S39 05-S41 04-S15 04-S18 04-S41 names, limit, replay and what needs no right', async () => {
    const { server, addUser } = await start({ 'personal_access_token.max_tokens_per_user': '3' });
    const { client: alice } = await addUser('alice');
    const first = await alice.mutate(op.createToken, tokenBody('one'), 1);
    const token = tokenOf(first.body.subarray(4));
    expect(first.operation).toBe(146);
    expect(token).toMatch(/^[A-Za-z0-9+/]{67}=$/);
    const replay = await alice.mutate(op.createToken, tokenBody('one'), 1);
    expect([outcome(replay), replay.body.length]).toEqual(['R 51', 12]);
    expect(await alice.does(op.createToken, tokenBody('one'), 2)).toBe('R 51');
    alice.next = 3;

    const entered = await server.dial();
    expect(outcome(await entered.tryToken(token))).toBe('ok');
    expect([entered.user, await entered.reads(code.me)]).toEqual([alice.user, 'ok']);
    await alice.must(op.createToken, tokenBody('two'));
    await alice.must(op.createToken, tokenBody('three'));
    expect(await alice.does(op.createToken, tokenBody('one'))).toBe('S 52');
    expect(await alice.does(op.createToken, tokenBody('four'))).toBe('S 52');
    expect(await alice.does(op.deleteToken, Buffer.from('\u0004four'))).toBe('R 20');
    expect(await alice.does(op.deleteToken, Buffer.from('\u0003two'))).toBe('ok');
    expect(
      readTokens(await alice.get(code.tokens))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['one', 'three']);
  });

  it('05-S40 05-S94 lifetimes end, and the cleaner follows', async () => {
    const { server, root } = await start({ 'personal_access_token.cleaner.interval': '300ms' });
    await root.must(op.createToken, tokenBody('zero', 0));
    await root.must(op.createToken, tokenBody('max', 2n ** 64n - 1n));
    const lasting = tokenOf(await root.must(op.createToken, tokenBody('short', 2_000_000)));
    expect(outcome(await (await server.dial()).tryToken(lasting))).toBe('ok');
    const list = async () => readTokens(await root.get(code.tokens));
    const listed = await list();
    expect(
      listed
        .filter(({ expiry }) => expiry === 0n)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['max', 'zero']);
    expect(listed.find(({ name }) => name === 'short')?.expiry).toBeGreaterThan(10n ** 15n);

    const left = await until(list, (tokens) => tokens.length === 2);
    expect(left.map(({ name }) => name).sort()).toEqual(['max', 'zero']);
    expect(outcome(await (await server.dial()).tryToken(lasting))).toBe('E 10');
  });

  it('05-S94 an expired token is listed and can be deleted', async () => {
    const { server, root } = await start();
    const token = tokenOf(await root.must(op.createToken, tokenBody('brief', 1800)));
    const enter = async () => outcome(await (await server.dial()).tryToken(token));
    expect(await until(enter, (said) => said !== 'ok')).toBe('E 10');
    expect(readTokens(await root.get(code.tokens)).map(({ name }) => name)).toEqual(['brief']);
    expect(await root.does(op.deleteToken, Buffer.from('\u0005brief'))).toBe('ok');
    expect(await root.get(code.tokens)).toEqual(Buffer.alloc(0));
  });
});

describe('05 before login', () => {
  it('05-S42 04-S69 04-S74 ping is served, the rest is not, and login still works', async () => {
    const { server } = await start();
    const stranger = await server.dial();
    expect(await stranger.ping()).toBe('ok');
    for (const each of Object.values(code)) {
      if (each === code.ping) continue;
      const reply = await stranger.read(each);
      expect([each, outcome(reply), reply.op, reply.commit]).toEqual([each, 'S 40', 0, 0]);
    }
    stranger.session = 1;
    for (const each of Object.values(op)) {
      expect([each, await stranger.does(each, u8(0), 1)]).toEqual([each, 'E 1']);
    }
    expect(await stranger.logout()).toBe('ok');
    for (const legacy of [38, 44, 40, 45]) expect(await stranger.reads(legacy)).toBe('E 15');
    stranger.id = freshId();
    await stranger.login();
    expect(await stranger.reads(code.stats)).toBe('ok');
    for (const legacy of [38, 44, 40, 45]) expect(await stranger.reads(legacy)).toBe('E 15');
    expect(await stranger.reads(code.offset, offsetBody({ reads: 1, stream: 0, topic: 0 }))).toBe(
      'ok',
    );
  });
});

describe('guessing', () => {
  it('is slowed down for the name and the address that do it, and for nobody else', async () => {
    const server = await HandCluster.start({
      'login.free_attempts': '1',
      'login.attempt_interval': '1500ms',
    });
    const guesser = await server.dial();
    const fails = async () => outcome(await guesser.tryLogin('iggy', 'wrong'));
    expect(await fails()).toBe('E 9');

    const other = await server.dial();
    const guess = guesser.raw.ask(guesser.loginFrame('iggy', 'wrong'));
    const right = other.raw.ask(other.loginFrame());
    const stranger = await server.dial();
    expect(outcome(await stranger.tryLogin('nobody', 'wrong'))).toBe('E 9');
    const delayed = async () =>
      server.cluster.events.since(0).filter(({ event }) => event === 'LoginDelayed').length;
    expect(await until(delayed, (count) => count === 2)).toBe(2);
    expect([outcome(await guess), outcome(await right)]).toEqual(['E 9', 'ok']);
    expect(outcome(await (await server.dial()).tryLogin())).toBe('ok');
  });
});
