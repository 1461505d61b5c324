// The SDK against a real cluster of this project, over real sockets.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ClientOptions, IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';

let cluster: LocalCluster;
const clients: IggyClient[] = [];
const credentials = { username: 'iggy', password: 'iggy' } as const;

const addressOf = (node: number) => `127.0.0.1:${cluster.nodes[node]?.ports.tcp}`;
const primary = () => cluster.status().primary ?? 0;

async function connect(options: ClientOptions = {}): Promise<IggyClient> {
  const client = new IggyClient({ servers: [addressOf(primary())], credentials, ...options });
  clients.push(client);
  await client.connect();
  return client;
}

beforeAll(async () => {
  cluster = await LocalCluster.start({
    nodes: 3,
    ephemeral: true,
    portBase: 0,
    correlatedPortBase: 0,
    settings: [{ name: 'cluster.heartbeat_timeout', value: '2s', origin: 'test' }],
  });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(() => cluster.stop());

describe('a cluster of three', () => {
  test('04-S02 04-S27 logs in, and changes streams', async () => {
    const client = await connect();
    expect(client.session.isOurs).toBe(true);
    const created = await client.streams.create('orders');
    expect(created).toMatchObject({ name: 'orders', topics_count: 0 });
    expect((await client.streams.list()).map((each) => each.name)).toContain('orders');
    await client.streams.update(created.id, 'sales');
    expect(await client.streams.get('sales')).toMatchObject({ id: created.id, topics: [] });
    await client.streams.delete('sales');
    expect(await client.streams.get('sales')).toBeNull();
    expect(client.session.nextRequest).toBe(4n);
    await expect(client.streams.delete('sales')).rejects.toMatchObject({ serverCode: 1009 });
    expect(await client.system.me()).toMatchObject({ user_id: 0, transport: 1 });
    await client.ping();
  });

  test('04-S65 a client that starts at a backup ends up on the leader', async () => {
    const backup = (primary() + 1) % 3;
    const client = await connect({ servers: [addressOf(backup)] });
    expect(client.session.endpoint?.port).toBe(cluster.nodes[primary()]?.ports.tcp);
    await client.streams.create('from-a-backup');
    expect(client.session.known).toHaveLength(3);
  });

  test('04-S64 a client that stays at a backup is told 58, and moves when it may', async () => {
    const backup = (primary() + 1) % 3;
    const stubborn = await connect({ servers: [addressOf(backup)], followLeader: false });
    await expect(stubborn.streams.create('refused', { timeoutMillis: 300 })).rejects.toMatchObject({
      serverCode: 58,
    });
    expect(await stubborn.system.me()).toMatchObject({ user_id: 0 });
  });

  test('04-S03 04-S07 a wrong password is refused, and a right one works on the same connection', async () => {
    const client = new IggyClient({ servers: [addressOf(primary())] });
    clients.push(client);
    await client.connect();
    await expect(client.login({ username: 'iggy', password: 'wrong' })).rejects.toMatchObject({
      protocolCode: 42,
      reasonName: 'InvalidCredentials',
    });
    await client.login(credentials);
    expect(client.state).toBe('authenticated');
  });

  test('04-S48 logs out, and in again', async () => {
    const client = await connect();
    const before = client.session.session;
    await client.logout();
    expect(client.state).toBe('connected');
    await expect(client.streams.list()).rejects.toMatchObject({ protocolCode: 40 });
    const again = await client.login(credentials);
    expect(again.session).toBeGreaterThan(before ?? 0n);
  });

  test('04-S15 04-S17 logs in with a token, until it is deleted', async () => {
    const owner = await connect();
    const token = await owner.tokens.create({ name: 'for-a-test' });
    const bearer = await connect({ credentials: { token } });
    expect(bearer.session.userId).toBe(0);
    expect((await owner.tokens.list()).map((each) => each.name)).toEqual(['for-a-test']);
    await owner.tokens.delete('for-a-test');
    const late = new IggyClient({ servers: [addressOf(primary())] });
    clients.push(late);
    await late.connect();
    await expect(late.login({ token })).rejects.toMatchObject({ protocolCode: 53 });
  });

  test('manages users, topics, partitions and groups', async () => {
    const client = await connect();
    const user = await client.users.create({ username: 'reader', password: 'secret' });
    expect(user).toMatchObject({ username: 'reader', status: 1, permissions: null });
    await client.users.update('reader', { username: 'writer', status: 'inactive' });
    expect(await client.users.get('writer')).toMatchObject({ id: user.id, status: 2 });
    await client.users.changePassword('writer', { current: 'secret', next: 'other' });
    await client.users.delete('writer');
    expect((await client.users.list()).map((each) => each.username)).toEqual(['iggy']);

    await client.streams.create('shop');
    const topic = await client.topics.create('shop', {
      name: 'orders',
      partitions: 2,
      messageExpiry: 60_000_000n,
      compression: 'gzip',
    });
    expect(topic).toMatchObject({ message_expiry: 60_000_000n, compression_algorithm: 2 });
    await client.partitions.create('shop', 'orders', 2);
    await client.partitions.delete('shop', 'orders', 1);
    await client.topics.update('shop', 'orders', { name: 'sales', maxTopicSize: 2n ** 40n });
    expect(await client.topics.get('shop', 'sales')).toMatchObject({
      partitions_count: 3,
      max_topic_size: 2n ** 40n,
    });
    expect(await client.topics.list('shop')).toHaveLength(1);

    const place = { stream: 'shop', topic: 'sales', group: 'workers' } as const;
    await client.groups.create('shop', 'sales', 'workers');
    await client.groups.join(place);
    expect(await client.groups.sync(place)).toMatchObject({ partitions: [0, 1, 2] });
    expect(await client.groups.get(place)).toMatchObject({ members_count: 1 });
    await client.groups.leave(place);
    expect(await client.groups.sync(place)).toBeNull();
    await expect(client.groups.leave(place)).rejects.toMatchObject({ serverCode: 5006 });
    await client.groups.delete(place);
    expect(await client.groups.list('shop', 'sales')).toEqual([]);
    await client.topics.delete('shop', 'sales');
    await client.streams.delete('shop');
  });

  test('gives statistics, options and clients', async () => {
    const client = await connect();
    expect(await client.system.stats()).toMatchObject({ clients_count: 1 });
    expect((await client.system.describeOptions('topic')).map((each) => each.key)).toContain(
      'segment_size',
    );
    const me = await client.system.me();
    expect(await client.system.client(me.client_id)).toMatchObject({ client_id: me.client_id });
    expect(await client.system.clients()).toHaveLength(1);
    expect((await client.system.clusterMetadata()).nodes).toHaveLength(3);
  });

  test('04-S98 04-S99 speaks correlated frames, many requests at a time', async () => {
    const { correlated } = cluster.nodes[primary()]?.ports ?? {};
    const client = await connect({
      servers: [`127.0.0.1:${correlated}`],
      framing: 'correlated',
    });
    const names = Array.from({ length: 20 }, (_, i) => `correlated-${i}`);
    const created = await Promise.all(names.map((name) => client.streams.create(name)));
    expect(created.map((each) => each.name)).toEqual(names);
    const ids = created.map((each) => each.id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    await Promise.all([client.ping(), client.system.me(), client.streams.list()]);
    await expect(client.streams.create('correlated-1')).rejects.toMatchObject({
      serverCode: 1012,
    });
    await Promise.all(names.map((name) => client.streams.delete(name)));
  });

  test('pipelines reads, and mutations one by one', async () => {
    const client = await connect({ mode: 'pipelined' });
    const names = Array.from({ length: 10 }, (_, i) => `pipelined-${i}`);
    const results = await Promise.all([
      ...names.map((name) => client.streams.create(name)),
      ...names.map(() => client.system.me()),
      client.streams.list(),
    ]);
    expect(results).toHaveLength(21);
    await Promise.all(names.map((name) => client.streams.delete(name)));
  });

  test('reads linearizably at the leader', async () => {
    const client = await connect({ consistency: 'linearizable' });
    const { id } = await client.streams.create('linear');
    expect(await client.streams.get(id)).toMatchObject({ name: 'linear' });
    await client.streams.delete(id);
  });

  test('04-S70 07-S6 the next mutation after the primary was killed succeeds elsewhere, once', async () => {
    const old = primary();
    const client = await connect({ servers: [0, 1, 2].map(addressOf) });
    await client.streams.create('before');
    const { clientId } = client.session;
    await cluster.kill(old, 'crash');
    await client.streams.create('after');
    expect(client.session.clientId).toBe(clientId);
    const names = (await client.streams.list()).map((each) => each.name);
    expect(names.filter((name) => name === 'after')).toHaveLength(1);
    await cluster.restart(old);
  });
});
