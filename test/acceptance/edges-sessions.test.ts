import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginBody, operation, readLogin, requestFrame } from '../helpers/raw-client.js';
import { type HandClient, outcome, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readGroup, readPoll, readStream, readUser } from './hand/replies.js';
import {
  code,
  type Grants,
  groupBody,
  ident,
  op,
  passwordBody,
  permissionsBody,
  place,
  pollBody,
  sendBody,
  streamBody,
  tokenBody,
  topicBody,
  updateUserBody,
  userBody,
} from './hand/requests.js';

describe.each([1, 3])('04 edges of sessions on %i nodes', (nodes) => {
  let server: HandCluster;
  let root: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes });
    root = await server.root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't'));
  });
  afterAll(() => server.stop());

  const everything: Grants = { global: ['manage_users', 'manage_streams', 'manage_servers'] };
  async function user(name: string, grants: Grants = everything) {
    const made = readUser(await root.must(op.createUser, userBody(name, 'secret', 1, grants)));
    return { id: made.id, client: await (await server.dial()).login(name, 'secret') };
  }
  const enters = async (name: string, password = 'secret') =>
    outcome(await (await server.dial()).tryLogin(name, password));

  it('answers users that end themselves, and knows them no more', async () => {
    for (const how of ['deleted', 'inactive']) {
      const { id, client } = await user(how);
      const token = (await client.must(op.createToken, tokenBody('t'))).subarray(1).toString();
      const end = how === 'deleted' ? op.deleteUser : op.updateUser;
      const body = how === 'deleted' ? ident(id) : updateUserBody(id, { status: 2 });
      expect(await client.does(end, body)).toBe('ok');
      expect(await client.reads(code.streams)).toBe('S 40');
      expect(await client.partitionSays(op.send, sendBody('s', 't', 0, ['x']))).toBe('E 1');
      expect(await client.does(op.createStream, streamBody('x'))).toBe('E 1');
      expect(await client.logout()).toBe('ok');
      expect(await enters(how)).toBe('E 9');
      const said = outcome(await (await server.dial()).tryToken(token));
      expect([how, said]).toEqual([how, how === 'deleted' ? 'E 10' : 'E 11']);
    }
    await root.must(op.createUser, userBody('deleted', 'another'));
    expect([await enters('deleted'), await enters('deleted', 'another')]).toEqual(['E 9', 'ok']);
  });

  it('lets users take rights from themselves, and ids hand down what was granted', async () => {
    const { client } = await user('self');
    expect(await client.does(op.updatePermissions, permissionsBody('self'))).toBe('ok');
    expect(await client.does(op.updatePermissions, permissionsBody('self', everything))).toBe(
      'R 41',
    );
    expect(await client.reads(code.stats)).toBe('S 41');

    const { id } = readStream(await root.must(op.createStream, streamBody('old')));
    const grants: Grants = { streams: [{ id, rights: ['read_stream'] }] };
    await root.must(op.updatePermissions, permissionsBody('self', grants));
    expect(await client.reads(code.stream, ident('old'))).toBe('ok');
    await root.must(op.deleteStream, ident('old'));
    const next = readStream(await root.must(op.createStream, streamBody('new')));
    expect(next.id).toBe(id);
    expect(await client.reads(code.stream, ident('new'))).toBe('ok');
    await root.must(op.deleteStream, ident('new'));
  });

  it('holds root to what every user meets but deletion', async () => {
    const { client: boss } = await user('boss');
    const second = await server.root();
    expect(await boss.does(op.deleteUser, ident('iggy'))).toBe('R 48');
    expect(await boss.does(op.updatePermissions, permissionsBody(0))).toBe('R 49');
    expect(await boss.does(op.changePassword, passwordBody(0, 'wrong', 'other'))).toBe('R 42');
    expect(await boss.does(op.updateUser, updateUserBody(0, { status: 2 }))).toBe('ok');
    expect(await second.reads(code.me)).toBe('S 40');
    expect(await second.does(op.createStream, streamBody('x'))).toBe('E 1');
    expect(await enters('iggy', 'iggy')).toBe('E 9');
    expect(await boss.does(op.updateUser, updateUserBody(0, { status: 1 }))).toBe('ok');
    expect(await enters('iggy', 'iggy')).toBe('ok');
    root = await server.root();
  });

  it('serves frames of one segment in their order, each once', async () => {
    const client = await server.dial();
    const send = (...frames: Buffer[]) => client.raw.send(Buffer.concat(frames));
    const said = async (count: number) => {
      const answers: string[] = [];
      for (let i = 0; i < count; i++) answers.push(outcome(await client.raw.receive()));
      return answers;
    };
    const login = requestFrame({
      ...{ operation: operation.register, client: client.id, body: loginBody() },
    });
    client.session = 1;
    send(
      login,
      client.frame(op.createStream, streamBody('seg'), 1),
      client.readFrame(code.streams),
    );
    const first = await client.raw.receive();
    client.session = readLogin(first).session;
    expect([outcome(first), ...(await said(2))]).toEqual(['ok', 'ok', 'ok']);

    const again = client.frame(op.createStream, streamBody('seg'), 1);
    const other = client.frame(op.createStream, streamBody('other'), 1);
    send(again, other, again, client.frame(op.createStream, streamBody('seg'), 2));
    expect(await said(4)).toEqual(['ok', 'R 3', 'ok', 'R 1012']);

    send(
      client.frame(op.createUser, userBody('slow', 'secret'), 3),
      client.frame(op.createStream, streamBody('after'), 4),
      client.frame(op.deleteStream, ident('after'), 5),
      client.readFrame(code.stream, ident('after')),
    );
    const numbers: bigint[] = [];
    for (let i = 0; i < 4; i++) numbers.push((await client.raw.receive()).request);
    expect(numbers.slice(0, 3)).toEqual([3n, 4n, 5n]);

    client.next = 6;
    const out = client.logoutFrame();
    send(
      out,
      client.frame(op.createStream, streamBody('late'), 7),
      client.readFrame(code.me),
      login,
    );
    expect(await said(4)).toEqual(['ok', 'E 1', 'S 40', 'ok']);
    await root.must(op.deleteStream, ident('seg'));
  });

  it('puts the bound identity in the place of what a header says', async () => {
    const client = await server.root();
    const { id, session } = client;
    client.session = session + 1000;
    expect(await client.does(op.createStream, streamBody('wire'))).toBe('ok');
    client.session = 1;
    client.id = root.id;
    const reply = await client.mutate(op.deleteStream, ident('wire'));
    expect([outcome(reply), reply.client]).toEqual(['ok', id]);
    expect(await client.reads(code.me)).toBe('ok');
    expect(await root.reads(code.me)).toBe('ok');
  });

  it('leaves the membership to a client that binds again elsewhere', async () => {
    await root.must(op.createGroup, groupBody('s', 't', 'rebound'));
    await root.sends(sendBody('s', 't', 0, ['m']));
    const first = await server.root();
    await first.must(op.joinGroup, place('s', 't', 'rebound'));
    const second = await server.root(undefined, first.id);
    expect(second.session).toBeGreaterThan(first.session);
    const poll = pollBody({ reads: { group: 'rebound' }, stream: 's', topic: 't', partition: 0 });
    expect(readPoll(await second.get(code.poll, poll)).partition).toBe(0);
    expect(await first.reads(code.poll, poll)).toMatch(/^(E 7|S 40)$/);
    expect(await first.logout()).toBe('ok');
    first.close();
    const members = async () =>
      readGroup(await root.get(code.group, place('s', 't', 'rebound'))).members;
    expect(readPoll(await second.get(code.poll, poll)).partition).toBe(0);
    expect(await members()).toBe(1);
    second.close();
    expect(await until(members, (count) => count === 0)).toBe(0);
  });
});
