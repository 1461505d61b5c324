// How the SDK lives with what servers may do to a session: strict numbering, heartbeats, capacity.
import { afterEach, expect, test } from 'vitest';
import { type ClientOptions, IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { hashing } from '../helpers/remembered-hashing.js';

const clusters: LocalCluster[] = [];
const clients: IggyClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(clusters.splice(0).map((cluster) => cluster.stop()));
});

async function start(settings: Readonly<Record<string, string>>): Promise<LocalCluster> {
  const cluster = await LocalCluster.start({
    hashing,
    nodes: 1,
    ephemeral: true,
    portBase: 0,
    settings: Object.entries(settings).map(([name, value]) => ({ name, value, origin: 'test' })),
  });
  clusters.push(cluster);
  return cluster;
}

async function connect(cluster: LocalCluster, options: ClientOptions = {}): Promise<IggyClient> {
  const client = await IggyClient.connect({
    servers: [`127.0.0.1:${cluster.nodes[0]?.ports.tcp}`],
    credentials: { username: 'iggy', password: 'iggy' },
    ...options,
  });
  clients.push(client);
  return client;
}

const place = { stream: 's', topic: 't', group: 'g' } as const;
/** Sends nothing by itself, and comes back as soon as it was pushed out. */
const silent: ClientOptions = { heartbeatMillis: 0, reconnect: { reestablishAfterMillis: 50 } };

async function joinGroup(client: IggyClient): Promise<void> {
  await client.streams.create('s');
  await client.topics.create('s', { name: 't', partitions: 1 });
  await client.groups.create('s', 't', 'g');
  await client.groups.join(place);
}

async function membersBecome(client: IggyClient, count: number): Promise<void> {
  const members = async () => (await client.groups.get(place))?.members_count;
  await expect.poll(members, { timeout: 60_000 }).toBe(count);
}

test('04-S97 gets over a number that a strict server calls a gap', async () => {
  const client = await connect(await start({ 'session.request_policy': 'strict' }));
  await client.streams.create('first');
  const { clientId } = client.session;
  // Refused before consensus: the number is used up, and the log never sees it.
  await expect(
    client.topics.create('first', { name: 't', partitions: 1_001 }),
  ).rejects.toMatchObject({ serverCode: 2015 });
  const evictions: string[] = [];
  client.on('signedOut', ({ reason }) => evictions.push(reason));
  await client.streams.create('second');
  expect(evictions).toEqual(['evicted: SessionError']);
  expect(client.session.clientId).not.toBe(clientId);
  expect((await client.streams.list()).map((each) => each.name)).toEqual(['first', 'second']);
});

test('04-S52 a silent member of a group is evicted, and comes back by itself', async () => {
  const cluster = await start({ 'heartbeat.interval': '500ms' });
  const client = await connect(cluster, silent);
  await joinGroup(client);
  const watcher = await connect(cluster, { heartbeatMillis: 200 });
  await membersBecome(watcher, 0);
  expect(await client.system.me()).toMatchObject({ user_id: 0 });
  await client.groups.join(place);
  expect(await client.groups.sync(place)).toMatchObject({ partitions: [0] });
});

test('heartbeats keep a membership alive', async () => {
  const cluster = await start({ 'heartbeat.interval': '500ms' });
  const client = await connect(cluster, { heartbeatMillis: 50 });
  await joinGroup(client);
  const evictions: string[] = [];
  client.on('signedOut', ({ reason }) => evictions.push(reason));
  const watcher = await connect(cluster);
  // What silent members lose, one after the other, is the measure of how long is long enough.
  for (let round = 0; round < 2; round++) {
    const other = await connect(cluster, silent);
    await other.groups.join(place);
    expect(await watcher.groups.get(place)).toMatchObject({ members_count: 2 });
    await membersBecome(watcher, 1);
  }
  expect(evictions).toEqual([]);
  expect(await client.groups.sync(place)).toMatchObject({ partitions: [0] });
});

test('04-S44 04-S46 a client that was pushed out of a full table goes on where it was', async () => {
  const cluster = await start({ 'metadata.clients_table_max': '2' });
  const oldest = await connect(cluster);
  await oldest.streams.create('from-the-oldest');
  const { clientId } = oldest.session;
  await connect(cluster);
  await connect(cluster);
  await oldest.streams.create('again-from-the-oldest');
  expect(oldest.session).toMatchObject({ clientId, nextRequest: 3n });
});

test('04-S92 errors of joins and leaves name what is missing; the first group id is 0', async () => {
  const client = await connect(await start({}));
  await expect(client.groups.join(place)).rejects.toMatchObject({ serverCode: 1009 });
  await client.streams.create('s');
  await expect(client.groups.join(place)).rejects.toMatchObject({ serverCode: 2010 });
  await client.topics.create('s', { name: 't', partitions: 1 });
  await expect(client.groups.join(place)).rejects.toMatchObject({ serverCode: 5000 });
  expect(await client.groups.create('s', 't', 'g')).toMatchObject({ id: 0 });
  await expect(client.groups.leave(place)).rejects.toMatchObject({ serverCode: 5006 });
});

test('04-S90 switching users on one client moves the session to the other user', async () => {
  const client = await connect(await start({}));
  await client.users.create({ username: 'other', password: 'secret' });
  const signedIn = await client.login({ username: 'other', password: 'secret' });
  expect(signedIn.userId).toBeGreaterThan(0);
  await expect(client.streams.create('denied')).rejects.toMatchObject({ serverCode: 41 });
  await client.login({ username: 'iggy', password: 'iggy' });
  await client.streams.create('allowed');
});
