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

  test('04-S70 the next mutation after the primary was killed succeeds elsewhere, once', async () => {
    const old = primary();
    const client = await connect({ servers: [0, 1, 2].map(addressOf) });
    await client.streams.create('before');
    const { clientId } = client.session;
    await cluster.kill(old, 'crash');
    const started = performance.now();
    await client.streams.create('after');
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(client.session.clientId).toBe(clientId);
    const names = (await client.streams.list()).map((each) => each.name);
    expect(names.filter((name) => name === 'after')).toHaveLength(1);
    await cluster.restart(old);
  }, 40_000);
});
