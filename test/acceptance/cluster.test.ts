import { afterEach, describe, expect, it } from 'vitest';
import { type ClientOptions, IggyClient, ServerError } from '../../src/client/index.js';
import { outcome, settled, until } from './hand/hand-client.js';
import { HandCluster, type Settings } from './hand/hand-cluster.js';
import { readCluster, readMe, readOffset, readPoll, readStreams } from './hand/replies.js';
import {
  code,
  offsetBody,
  op,
  pollBody,
  sendBody,
  storeBody,
  streamBody,
  tokenBody,
  topicBody,
} from './hand/requests.js';

const clients: IggyClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

const start = (settings: Settings = {}, nodes = 3) =>
  HandCluster.start({ 'cluster.heartbeat_timeout': '2s', ...settings }, { nodes });

async function sdk(server: HandCluster, options: ClientOptions = {}) {
  const servers = server.cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.tcp}`);
  const credentials = { username: 'iggy', password: 'iggy' };
  const client = await IggyClient.connect({ servers, credentials, ...options });
  clients.push(client);
  return client;
}

/** Command byte of a heartbeat. */
const commitFrame = 9;

const otherThan = (server: HandCluster, node: number) =>
  server.cluster.nodes.map(({ id }) => id).filter((id) => id !== node);

async function killPrimary(server: HandCluster): Promise<void> {
  const before = server.primary;
  await server.cluster.kill(before, 'crash');
  const isNew = (primary: number | undefined) => primary !== undefined && primary !== before;
  await server.cluster.waitFor(({ primary }) => isNew(primary), 60_000);
}

describe('04 clusters', () => {
  it('04-S56 04-S57 04-S58 04-S59 04-S64 what a backup does for a client', async () => {
    const server = await start();
    const [backup] = otherThan(server, server.primary);
    const client = await server.root(backup);
    expect(readMe(await client.get(code.me)).user).toBe(0);
    expect(await client.does(op.createStream, streamBody('x'), 1)).toBe('R 58');

    const root = await server.root();
    const token = (await root.must(op.createToken, tokenBody('t'))).subarray(1).toString();
    const enters = async () => outcome(await (await server.dial(backup)).tryToken(token));
    expect(await until(enters, (said) => said === 'ok')).toBe('ok');
    const wrong = await (await server.dial(backup)).tryLogin('iggy', 'wrong');
    expect(outcome(wrong)).toBe('E 9');

    expect(await client.logout()).toBe('ok');
    expect(await client.reads(code.me)).toBe('S 40');
  });

  it('04-S60 04-S61 logins go on without a backup and without the primary', async () => {
    const server = await start();
    const [first, second] = otherThan(server, server.primary);
    await server.cluster.kill(first ?? 0, 'crash');
    expect((await server.root(second)).session).toBeGreaterThan(0);
    await server.cluster.restart(first ?? 0);

    const codes = new Set<string>();
    await server.cluster.kill(server.primary, 'crash');
    const said = await until(
      async () => {
        const survivor = await server.dial(second);
        const reply = await survivor.raw.ask(survivor.loginFrame());
        codes.add(outcome(reply));
        return outcome(reply);
      },
      (each) => each === 'ok',
    );
    expect(said).toBe('ok');
    expect([...codes].every((each) => ['ok', 'R 57', 'R 58'].includes(each))).toBe(true);
  });

  it('a topic made after a failover takes messages before its first primary could be missed', async () => {
    const server = await start({ 'cluster.commit_broadcast_interval': '10ms' });
    const dead = server.primary;
    await killPrimary(server);
    const root = await server.root();
    let heartbeats = 0;
    const [third] = otherThan(server, server.primary).filter((node) => node !== dead);
    server.cluster.bus.tap((from, to, frame) => {
      if (from === server.primary && to === third && frame[60] === commitFrame) heartbeats += 1;
    });
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't', 3));
    for (const partition of [0, 1, 2]) await root.sends(sendBody('s', 't', partition, ['x']));

    // 200 heartbeats of the metadata group go by until silence lets a group elect.
    expect(heartbeats).toBeLessThan(150);
  });

  it('04-S67 05-S90 two nodes and one leader, on every node', async () => {
    const server = await start({}, 2);
    for (const node of [0, 1]) {
      const { nodes } = readCluster(await (await server.root(node)).get(code.cluster));
      expect(nodes.map(({ ports }) => ports[0])).toEqual([server.port(0), server.port(1)]);
      expect(nodes.filter(({ role }) => role === 0)).toHaveLength(1);
      expect(nodes.every(({ status }) => status === 0)).toBe(true);
    }
  });

  it('04-S103 04-S104 a node that does not lead a partition hands requests on', async () => {
    const server = await start();
    await killPrimary(server);
    await server.cluster.restart(otherThan(server, server.primary)[0] ?? 0);
    const root = await server.root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't'));
    const leads = () =>
      server.cluster.nodes.find(({ id, state }) => {
        if (state !== 'running') return false;
        const [row] = server.cluster.inspect(id, ['partitions']).partitions ?? [];
        return row?.role === 'primary';
      })?.id;
    const partitionLeader = await until(
      async () => leads(),
      (id) => id !== undefined,
    );
    expect(partitionLeader).not.toBe(server.primary);

    const spot = { reads: 1, stream: 's', topic: 't', partition: 0 } as const;
    const frame = (operation: number, body: Buffer) => root.frame(operation, body, 9, false);
    const said = async (operation: number, body: Buffer) =>
      outcome(await root.raw.ask(frame(operation, body)));
    expect(await settled(() => said(op.send, sendBody('s', 't', 0, ['a'])))).toBe('ok');
    for (let i = 0; i < 5; i++) {
      expect(await said(op.send, sendBody('s', 't', 0, ['b']))).toBe('ok');
      expect(await said(op.storeOffset, storeBody(spot, i))).toBe('ok');
    }
    const auto = pollBody({ ...spot, reads: 2, by: 'next', commit: true, count: 3 });
    expect(await until(async () => readPoll(await root.get(code.poll, auto)).count, Boolean)).toBe(
      3,
    );
    const leader = await server.root(partitionLeader);
    const stored = async () =>
      readOffset(await leader.get(code.offset, offsetBody({ ...spot, reads: 2 })));
    expect((await until(stored, (value) => value !== undefined))?.stored).toBe(2);

    const waits = root.raw.ask(frame(op.send, sendBody('s', 't', 0, ['c'])));
    await server.cluster.kill(partitionLeader ?? 0, 'crash');
    expect(outcome(await waits)).toMatch(/^(ok|S 5[78])$/);
    expect(await settled(() => said(op.send, sendBody('s', 't', 0, ['d'])))).toBe('ok');
  });
});

describe('04 the SDK in a cluster', () => {
  it('04-S55 a silent member comes back by itself and goes on after its stored offset', async () => {
    const server = await start({ 'heartbeat.interval': '400ms' }, 1);
    const root = await server.root();
    const client = await sdk(server, {
      heartbeatMillis: 0,
      reconnect: { reestablishAfterMillis: 50 },
    });
    await client.streams.create('s');
    await client.topics.create('s', { name: 't', partitions: 1 });
    const place = { stream: 's', topic: 't' } as const;
    const texts = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({ payload: `${from + i}` }));
    await client.messages.send({ ...place, partitioning: { partition: 0 } }, texts(0, 4));
    const consumer = client.consumer({
      ...place,
      group: 'g',
      createGroup: true,
      commit: 'message',
    });
    const seen: string[] = [];
    let wasEvicted = false;
    client.on('signedOut', () => {
      wasEvicted = true;
    });
    for await (const message of consumer) {
      seen.push(new TextDecoder().decode(message.payload));
      if (seen.length === 3) {
        const group = { ...place, group: 'g' } as const;
        const other = await sdk(server, { heartbeatMillis: 100 });
        const members = async () => (await other.groups.get(group))?.members_count;
        expect(await until(members, (count) => count === 0)).toBe(0);
        await other.messages.send({ ...place, partitioning: { partition: 0 } }, texts(4, 6));
      }
      if (message.offset === 5) break;
    }
    expect(wasEvicted).toBe(true);
    // The third one was worked through, but could not be stored any more.
    expect(seen).toEqual(['0', '1', '2', '2', '3', '4', '5']);
    expect(await root.ping()).toBe('ok');
  });

  it('04-S71 a producer goes on when the primary is killed, and never reports 40', async () => {
    const server = await start();
    const client = await sdk(server);
    await client.streams.create('s');
    await client.topics.create('s', { name: 't', partitions: 1 });
    const producer = client.producer({ stream: 's', topic: 't', partitioning: { partition: 0 } });
    const failures: unknown[] = [];
    const send = async (text: string) => {
      await producer.send({ payload: text }).catch((error: unknown) => failures.push(error));
    };
    for (let i = 0; i < 5; i++) await send(`before ${i}`);
    await server.cluster.kill(server.primary, 'crash');
    await send('next');
    for (let i = 0; i < 5; i++) await send(`after ${i}`);
    expect(failures.filter((error) => error instanceof ServerError)).toEqual([]);
    expect(failures).toEqual([]);
    const root = await server.root();
    const poll = pollBody({ reads: 1, stream: 's', topic: 't', partition: 0 });
    const { texts } = readPoll(await root.get(code.poll, poll));
    expect([...new Set(texts)]).toEqual([
      ...[0, 1, 2, 3, 4].map((i) => `before ${i}`),
      'next',
      ...[0, 1, 2, 3, 4].map((i) => `after ${i}`),
    ]);
    await client.streams.create('after the failover');
    expect(readStreams(await root.get(code.streams)).map(({ name }) => name)).toEqual([
      's',
      'after the failover',
    ]);
  });
});
