import { describe, expect, it } from 'vitest';
import { loginBody, operation, readLogin, requestFrame } from '../helpers/raw-client.js';
import { hash64, text8, u32, u64 } from './hand/bytes.js';
import { freshId, type HandClient, outcome, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readGroup, readMe, readStreams } from './hand/replies.js';
import {
  code,
  type Grants,
  groupBody,
  ident,
  op,
  place,
  sendBody,
  storeBody,
  streamBody,
  tokenBody,
  topicBody,
  userBody,
} from './hand/requests.js';

const create = (client: HandClient, name: string, request: number) =>
  client.mutate(op.createStream, streamBody(name), request);
const streams = async (client: HandClient) =>
  readStreams(await client.get(code.streams)).map(({ name }) => name);
const register = (client: string, body: Uint8Array = loginBody(), stamp = 0n) =>
  requestFrame({ operation: operation.register, client, body, checksum: stamp });
const version = (packed: number) => Buffer.concat([u32(packed), text8('raw'), text8('1')]);
const resume = 'iggyctl/1;resume=1';
/** Watermark and origin that a login reply announces. */
const announced = (frame: Buffer) => ({
  watermark: Number(frame.readBigUInt64LE(144)) - 1,
  origin: Number(frame.readBigUInt64LE(152)),
});

describe('04 logins', () => {
  it('04-S02 04-S08 04-S09 04-S13 04-S14 04-S19 04-S20 what a login body may be', async () => {
    const server = await HandCluster.start();
    const client = await server.dial();
    const body = loginBody();
    const window = async (bytes: Buffer) => {
      const { frame } = await client.raw.ask(register(client.id, bytes));
      const reply = frame.readUInt32LE(144);
      return [frame[60], frame[255], reply, frame.readUInt32LE(148)];
    };
    expect(await window(Buffer.concat([version(0), body.subarray(4)]))).toEqual([
      ...[13, 14, 11_264, 11_264],
    ]);
    expect(await window(Buffer.concat([version(12_288), body.subarray(4)]))).toEqual([
      ...[13, 14, 11_264, 11_264],
    ]);
    expect(await window(Buffer.alloc(0))).toEqual([13, 15, 0, 0]);
    expect(await window(version(11_264))).toEqual([13, 15, 0, 0]);
    const says = async (frame: Buffer) => outcome(await client.raw.ask(frame));
    const odd = { operation: operation.register, client: client.id, body };
    expect(await says(requestFrame({ ...odd, session: 1 }))).toBe('S 3');
    expect(await says(requestFrame({ ...odd, request: 1 }))).toBe('S 3');
    for (const [name, password] of [
      ['ab', 'iggy'],
      ['x'.repeat(51), 'iggy'],
      ['iggy', 'ab'],
      ['iggy', 'x'.repeat(101)],
    ] as const) {
      expect(await says(register(client.id, loginBody(name, password)))).toBe('E 9');
    }
    expect(await says(register(client.id, body, 5n))).toBe('S 4');
    const wide = Buffer.concat([version(11_264), text8('A'.repeat(68)), u32(300)]);
    const context = Buffer.alloc(300, 'c');
    expect(await says(register(client.id, Buffer.concat([wide, context])))).toBe('E 10');

    const reply = await client.raw.ask(register(client.id, body, hash64(body)));
    expect(reply).toMatchObject({ operation: 1, request: 0n, client: client.id, result: 0 });
    expect(readLogin(reply)).toEqual({ userId: 0, session: reply.op });
    expect(reply.body.readUInt32LE(16)).toBe(11_264);
    expect(reply.body.toString('utf8', 21)).toMatch(/^iggyctl\/\d/);
  });

  it('04-S21 04-S22 04-S23 every register is answered, wherever it comes from', async () => {
    const server = await HandCluster.start({}, { nodes: 3 });
    const a = await server.root();
    const first = a.session;
    a.close();
    const b = await server.root(undefined, a.id);
    expect(b.session).toBeGreaterThan(first);

    b.raw.send(register(b.id));
    b.raw.send(register(b.id));
    const twice = [await b.raw.receive(), await b.raw.receive()].map(readLogin);
    expect(twice).toEqual([
      { userId: 0, session: b.session },
      { userId: 0, session: b.session },
    ]);

    const [c, d] = [await server.dial(), await server.dial()];
    const { primary } = server;
    const backups = [0, 1, 2].filter((id) => id !== primary);
    server.cluster.faults.partition([[primary], backups]);
    d.id = c.id;
    c.raw.send(register(c.id));
    await until(
      async () => outcome(await d.raw.ask(register(d.id))),
      (said) => said === 'R 57',
    );
    server.cluster.faults.heal();
    const won = await c.raw.receive(20_000);
    if (outcome(won) !== 'ok') await c.login();
    else c.session = readLogin(won).session;
    await d.login();
    expect(d.session).toBeGreaterThan(c.session);
    expect(outcome(await create(c, 'x', 1))).toBe('E 7');
    expect(outcome(await create(d, 'x', 1))).toBe('ok');
  });

  it('04-S24 04-S25 04-S26 a login on a bound connection and ids of others', async () => {
    const server = await HandCluster.start();
    const root = await server.root();
    await root.must(op.createUser, userBody('alice', 'secret'));
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't'));
    await root.must(op.createGroup, groupBody('s', 't', 'g'));

    const moved = await server.root();
    expect(await moved.does(op.joinGroup, place('s', 't', 'g'))).toBe('ok');
    const old = moved.id;
    moved.id = freshId();
    await moved.login();
    const group = async () => readGroup(await root.get(code.group, place('s', 't', 'g')));
    expect((await group()).members).toBe(0);
    moved.next = 1;
    expect(await moved.does(op.joinGroup, place('s', 't', 'g'))).toBe('ok');
    expect((await group()).members).toBe(1);
    const heir = await server.dial();
    heir.id = old;
    expect(outcome(await heir.tryLogin('alice', 'secret'))).toBe('ok');

    const thief = await server.dial();
    thief.id = root.id;
    expect(outcome(await thief.tryLogin('alice', 'secret'))).toBe('E 12');
    expect(await root.does(op.createStream, streamBody('still mine'))).toBe('ok');

    expect(outcome(await moved.tryLogin('alice', 'secret'))).toBe('ok');
    expect(readMe(await moved.get(code.me)).user).toBe(1);
    expect(outcome(await create(moved, 'not allowed', 7))).toBe('R 41');
    const reserved = await server.dial();
    reserved.id = '00'.repeat(8) + 'ff'.repeat(8);
    expect(outcome(await reserved.tryLogin())).toBe('E 12');
  });

  it('04-S48 04-S49 04-S50 a logout ends one session, and only its own', async () => {
    const server = await HandCluster.start();
    const a = await server.root();
    const frame = a.logoutFrame();
    const reply = await a.raw.ask(frame);
    expect(reply).toMatchObject({ operation: 3, status: 0, body: Buffer.alloc(0) });
    expect(await a.reads(code.streams)).toBe('S 40');
    expect(await a.does(op.createStream, streamBody('x'))).toBe('E 1');
    expect(outcome(await a.raw.ask(frame))).toBe('ok');
    await a.login();
    expect(await a.does(op.createStream, streamBody('x'), 1)).toBe('ok');

    const b = await server.root(undefined, a.id);
    a.close();
    await b.ping();
    expect(outcome(await create(b, 'y', 2))).toBe('ok');
    expect(outcome(await create(b, 'x', 1))).toBe('ok');
    expect(await streams(b)).toEqual(['x', 'y']);
  });
});

describe('04 requests', () => {
  it('04-S27 04-S28 04-S33 04-S34 04-S35 04-S36 04-S78 numbers and what they stand for', async () => {
    const server = await HandCluster.start();
    const client = await server.root();
    const one = await create(client, 'a', 1);
    expect(outcome(await create(client, 'b', 2))).toBe('ok');
    const replay = await create(client, 'a', 1);
    expect(replay.frame).toEqual(one.frame);
    expect(replay.op).toBe(replay.commit);
    expect(await streams(client)).toEqual(['a', 'b']);
    expect(outcome(await create(client, 'other', 1))).toBe('R 3');
    expect(outcome(await create(client, 'other', 2))).toBe('R 3');

    expect(outcome(await create(client, 'a', 5))).toBe('R 1012');
    await client.mutate(op.deleteStream, ident('a'), 6);
    expect(outcome(await create(client, 'a', 5))).toBe('R 1012');
    expect(outcome(await create(client, 'gap', 9))).toBe('ok');
    expect(outcome(await create(client, 'late', 7))).toBe('R 59');
    expect(await streams(client)).toEqual(['gap', 'b']);

    const bare = (name: string) =>
      client.raw.ask(client.frame(op.createStream, streamBody(name), 10, false));
    const first = await bare('bare');
    expect((await bare('another')).frame).toEqual(first.frame);
    expect(await streams(client)).not.toContain('another');
    const damaged = client.frame(op.createStream, streamBody('zzz'), 11);
    damaged[258] = 33;
    expect(outcome(await client.raw.ask(damaged))).toBe('S 4');
    expect(await client.does(66, u64(0), 12)).toBe('E 4');
  });

  it('04-S31 04-S32 sixty-four replies, or five large ones, are answered again', async () => {
    const server = await HandCluster.start();
    const client = await server.root();
    const said = [(await create(client, 's1', 1)).frame];
    for (let request = 2; request <= 64; request++) {
      said.push((await create(client, `s${request}`, request)).frame);
    }
    for (const request of [1, 3, 64]) {
      const again = await create(client, `s${request}`, request);
      expect(again.frame).toEqual(said[request - 1]);
    }
    await create(client, 's65', 65);
    expect(outcome(await create(client, 's1', 1))).toBe('R 59');
    expect((await create(client, 's2', 2)).frame).toEqual(said[1]);

    const other = await server.root();
    const grants: Grants = { streams: Array.from({ length: 5000 }, (_, id) => ({ id })) };
    const large = (n: number) => userBody(`user${n}`, 'secret', 1, grants);
    const big: Buffer[] = [];
    for (let request = 1; request <= 6; request++) {
      big.push((await other.mutate(op.createUser, large(request), request)).frame);
    }
    expect(big[0]?.length).toBeGreaterThan(60_000);
    expect(await other.does(op.createUser, large(1), 1)).toBe('R 59');
    for (let request = 2; request <= 6; request++) {
      const again = await other.mutate(op.createUser, large(request), request);
      expect(again.frame.equals(big[request - 1] ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it('04-S29 04-S30 04-S70 a request is applied once, also across a failover', async () => {
    const server = await HandCluster.start({ 'cluster.heartbeat_timeout': '2s' }, { nodes: 3 });
    const before = server.primary;
    const client = await server.root();
    const one = await create(client, 'a', 1);
    await server.cluster.kill(before, 'crash');
    const survivors = [0, 1, 2].filter((id) => id !== before);
    const asked = await Promise.all(survivors.map((node) => server.dial(node, freshId())));
    await server.cluster.waitFor(({ primary }) => primary !== undefined, 60_000);
    const leader = server.primary;
    for (const [i, each] of asked.entries()) {
      each.id = client.id;
      await each.login();
      const reply = await create(each, 'a', 1);
      if (survivors[i] === leader) expect(reply.frame).toEqual(one.frame);
      else expect(outcome(reply)).toBe('R 58');
    }
    const again = await server.root(leader, client.id);
    expect(outcome(await create(again, 'b', 2))).toBe('ok');
    expect(await streams(again)).toEqual(['a', 'b']);
  });

  it('04-S38 04-S43 without a quorum replays are 57, and full queues are 58', async () => {
    const server = await HandCluster.start(
      { 'metadata.prepare_queue_depth': '1', 'partition.prepare_queue_depth': '1' },
      { nodes: 3 },
    );
    const root = await server.root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't'));
    await root.sends(sendBody('s', 't', 0, ['x']));
    const [a, b, c, d, twin] = await Promise.all([1, 2, 3, 4, 5].map(() => server.root()));
    if (!a || !b || !c || !d || !twin) return;
    twin.id = a.id;
    await twin.login();
    await a.raw.ask(register(a.id));
    const { primary } = server;
    server.cluster.faults.partition([[primary], [0, 1, 2].filter((id) => id !== primary)]);
    const body = streamBody('held');
    const held = twin.frame(op.createStream, body, 4);
    twin.raw.send(held);
    const replay = await until(
      async () => {
        const third = await server.dial();
        third.id = twin.id;
        return outcome(await third.raw.ask(register(third.id)));
      },
      (said) => said === 'R 57',
    );
    expect(replay).toBe('R 57');
    for (const each of [b, c]) each.raw.send(each.frame(op.createStream, streamBody('q'), 1));
    expect(
      await until(
        () => d.does(op.createStream, body, 1),
        (said) => said === 'R 58',
      ),
    ).toBe('R 58');
    const send = requestFrame({
      operation: op.send,
      client: d.id,
      session: d.session,
      request: 1,
      body: sendBody('s', 't', 0, ['y']),
    });
    for (let i = 0; i < 3; i++) d.raw.send(send);
    const refused = await d.raw.ask(send);
    expect(outcome(refused)).toBe('S 58');
    server.cluster.faults.heal();
    // What was accepted is 57 where the others have elected meanwhile.
    for (let i = 0; i < 3; i++) {
      expect(outcome(await d.raw.receive())).toMatch(/^(ok|S 5[78])$/);
    }
  });

  it('04-S39 04-S40 fenced and foreign connections execute nothing', async () => {
    const server = await HandCluster.start();
    const a = await server.root();
    await a.must(op.createStream, streamBody('s'));
    await a.must(op.createTopic, topicBody('s', 't'));
    const b = await server.root(undefined, a.id);
    expect(b.session).toBeGreaterThan(a.session);
    const stale = await server.root();
    await stale.logout();
    stale.id = b.id;
    stale.session = b.session;
    expect(await stale.does(op.createStream, streamBody('no'), 9)).toBe('E 1');
    expect(await stale.partitionSays(op.send, sendBody('s', 't', 0, ['no']))).toBe('E 1');
    expect(await a.does(op.createStream, streamBody('no'), 9)).toBe('E 7');
    expect(await a.reads(code.me)).toBe('E 7');
    const spot = { reads: 1, stream: 's', topic: 't', partition: 0 } as const;
    expect(await a.does(op.createStream, streamBody('no'), 9)).toBe('E 1');
    const writer = await server.root();
    await server.root(undefined, writer.id);
    expect(await writer.partitionSays(op.storeOffset, storeBody(spot, 0))).toBe('E 7');
    expect(outcome(await create(b, 'yes', 9))).toBe('ok');
    expect(await streams(b)).toEqual(['s', 'yes']);
  });
});

describe('04 capacity', () => {
  it('04-S44 04-S45 04-S46 04-S47 an evicted session comes back whole, to its own user', async () => {
    const server = await HandCluster.start({ 'metadata.clients_table_max': '2' }, { nodes: 3 });
    const maker = await server.root();
    await maker.must(op.createUser, userBody('alice', 'secret'));
    await maker.must(op.createStream, streamBody('s'));
    await maker.must(op.createTopic, topicBody('s', 't'));
    await maker.must(op.createGroup, groupBody('s', 't', 'g'));
    expect(await maker.logout()).toBe('ok');

    const a = await server.dial();
    const first = await a.tryLogin('iggy', 'iggy', resume);
    expect(announced(first.frame)).toEqual({ watermark: 0, origin: a.session });
    const one = await create(a, 'one', 1);
    await a.mutate(op.joinGroup, place('s', 't', 'g'), 2);
    const b = await server.root();
    const joined = readGroup(await b.get(code.group, place('s', 't', 'g')));
    expect(joined.members).toBe(1);
    await b.must(op.createStream, streamBody('b'));
    const c = await server.root();
    expect(outcome(await create(a, 'never', 3))).toBe('E 1');
    const table = (node: number) =>
      server.cluster
        .inspect(node, ['clients'])
        .clients?.map(({ tier, client, watermark, origin }) => ({
          tier,
          client,
          watermark,
          origin,
        }));
    const same = await until(
      async () => [table(0), table(1), table(2)],
      (tables) => tables.every((each) => each?.some(({ tier }) => tier === 'retired') === true),
    );
    expect(same[1]).toEqual(same[0]);
    expect(same[2]).toEqual(same[0]);
    expect(same[0]?.filter(({ tier }) => tier === 'retired')).toMatchObject([
      { watermark: 2n, origin: a.session },
    ]);
    expect(readGroup(await c.get(code.group, place('s', 't', 'g'))).members).toBe(0);

    const other = await server.dial();
    other.id = a.id;
    expect(outcome(await other.tryLogin('alice', 'secret'))).toBe('E 12');
    const back = await server.dial();
    back.id = a.id;
    const resumed = await back.tryLogin('iggy', 'iggy', resume);
    expect(announced(resumed.frame)).toEqual({ watermark: 2, origin: a.session });
    const again = await create(back, 'one', 1);
    expect(outcome(again)).toBe('R 59');
    const joinAgain = await back.mutate(op.joinGroup, place('s', 't', 'g'), 2);
    expect(outcome(joinAgain)).toBe('ok');
    expect(one.op).toBeLessThan(joinAgain.op);
    expect(readGroup(await back.get(code.group, place('s', 't', 'g'))).members).toBe(0);
    expect(await streams(back)).toEqual(['s', 'one', 'b']);
  });

  it('04-S46 without a retired tier the request is executed again, under a new origin', async () => {
    const server = await HandCluster.start({
      'metadata.clients_table_max': '2',
      'session.retired_max': '0',
    });
    const a = await server.dial();
    await a.tryLogin('iggy', 'iggy', resume);
    await create(a, 'one', 1);
    await server.root();
    await server.root();
    const back = await server.dial();
    back.id = a.id;
    const login = await back.tryLogin('iggy', 'iggy', resume);
    expect(announced(login.frame)).toEqual({ watermark: 0, origin: back.session });
    expect(outcome(await create(back, 'one', 1))).toBe('R 1012');
  });
});

describe('04 strict numbering', () => {
  it('04-S96 04-S97 a gap ends the session, and a new login works', async () => {
    const server = await HandCluster.start({ 'session.request_policy': 'strict' });
    const client = await server.root();
    await create(client, 'a', 1);
    await create(client, 'b', 2);
    expect(outcome(await create(client, 'd', 4))).toBe('E 12');
    client.id = freshId();
    await client.login();
    expect(await client.does(op.createTopic, topicBody('a', 't', 1001), 1)).toBe('S 2015');
    expect(outcome(await create(client, 'e', 2))).toBe('E 12');
    client.id = freshId();
    await client.login();
    expect(outcome(await create(client, 'c', 1))).toBe('ok');
    expect(await client.does(op.createToken, tokenBody('t'), 2)).toBe('ok');
    expect(await streams(client)).toEqual(['a', 'b', 'c']);
  });
});
