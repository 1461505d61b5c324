// Consumer groups over time: members that fall silent, and partitions that wait for a commit.
import { afterEach, expect, test } from 'vitest';
import { type ClientOptions, IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { hashing } from '../helpers/remembered-hashing.js';

const ends: (() => Promise<void>)[] = [];
const place = { stream: 's', topic: 't', group: 'g' } as const;

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(settings: Readonly<Record<string, string>>): Promise<LocalCluster> {
  const cluster = await LocalCluster.start({
    hashing,
    ...{ nodes: 1, ephemeral: true, portBase: 0 },
    settings: Object.entries(settings).map(([name, value]) => ({ name, value, origin: 'test' })),
  });
  ends.push(() => cluster.stop());
  return cluster;
}

async function connect(cluster: LocalCluster, options: ClientOptions = {}): Promise<IggyClient> {
  const client = await IggyClient.connect({
    servers: [`127.0.0.1:${cluster.nodes[0]?.ports.tcp}`],
    credentials: { username: 'iggy', password: 'iggy' },
    reconnect: { intervalMillis: 50, reestablishAfterMillis: 50 },
    ...options,
  });
  ends.push(() => client.close());
  return client;
}

async function topicWith(client: IggyClient, messages: number): Promise<void> {
  await client.streams.create('s');
  await client.topics.create('s', { name: 't', partitions: 1 });
  await client.groups.create('s', 't', 'g');
  const payloads = Array.from({ length: messages }, (_, i) => ({ payload: `m${i}` }));
  await client.messages.send({ stream: 's', topic: 't' }, payloads);
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('04-S55 a member that was evicted while it worked goes on after its last stored offset', async () => {
  const cluster = await start({ 'heartbeat.interval': '500ms' });
  const client = await connect(cluster, { heartbeatMillis: 0 });
  await topicWith(client, 4);
  const watcher = await connect(cluster, { heartbeatMillis: 100 });
  const consumer = client.consumer({ ...place, batchMessages: 2, commit: 'batch', pollMillis: 10 });
  const messages = consumer[Symbol.asyncIterator]();
  const read: string[] = [];
  const next = async () => {
    const { value } = await messages.next();
    if (value !== undefined) read.push(text(value.payload));
  };
  // The third message is of the second batch, so the first one is stored.
  for (let i = 0; i < 3; i++) await next();
  await expect
    .poll(async () => (await watcher.groups.get(place))?.members_count, { timeout: 60_000 })
    .toBe(0);
  await next();
  await watcher.messages.send({ stream: 's', topic: 't' }, [{ payload: 'm4' }]);
  while (read.at(-1) !== 'm4') await next();
  // Nothing was left out; what came after the last stored offset may come twice.
  expect([...new Set(read)]).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  expect((await watcher.groups.get(place))?.members_count).toBe(1);
  await consumer.close();
});

test('04-S94 a partition with uncommitted data moves after the commit', async () => {
  const cluster = await start({ 'consumer_group.rebalancing_timeout': '30s' });
  const [first, second] = [await connect(cluster), await connect(cluster)];
  await topicWith(first, 2);
  await first.topics.delete('s', 't');
  await first.topics.create('s', { name: 't', partitions: 2 });
  await first.groups.create('s', 't', 'g');
  for (const partition of [0, 1]) {
    await first.messages.send({ ...place, partitioning: { partition } }, [{ payload: 'x' }]);
  }
  await first.groups.join(place);
  const polled = [
    await first.messages.poll({ ...place, count: 1 }),
    await first.messages.poll({ ...place, count: 1 }),
  ];
  expect(polled.map(({ partitionId }) => partitionId).sort()).toEqual([0, 1]);
  await second.groups.join(place);
  expect((await second.groups.sync(place))?.partitions).toEqual([]);
  const kept = (await first.groups.sync(place))?.partitions ?? [];
  expect(kept).toHaveLength(1);
  const moving = kept[0] === 0 ? 1 : 0;
  await first.offsets.store({ ...place, partition: moving }, { offset: 0n });
  await expect
    .poll(async () => (await second.groups.sync(place))?.partitions, { timeout: 60_000 })
    .toEqual([moving]);
});

test('04-S94 … or when the time for that is over', async () => {
  const cluster = await start({ 'consumer_group.rebalancing_timeout': '1s' });
  const [first, second] = [await connect(cluster), await connect(cluster)];
  await topicWith(first, 1);
  await first.partitions.create('s', 't', 1);
  await first.messages.send({ ...place, partitioning: { partition: 1 } }, [{ payload: 'x' }]);
  await first.groups.join(place);
  await first.messages.poll({ ...place, count: 1 });
  await first.messages.poll({ ...place, count: 1 });
  await second.groups.join(place);
  expect((await second.groups.sync(place))?.partitions).toEqual([]);
  await expect
    .poll(async () => (await second.groups.sync(place))?.partitions.length, { timeout: 60_000 })
    .toBe(1);
});

test('a consumer that is aborted leaves its group, and holds neither timer nor socket', async () => {
  const cluster = await start({});
  const client = await connect(cluster);
  await topicWith(client, 1);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const abort = new AbortController();
  const consumer = client.consumer({ ...place, signal: abort.signal, pollMillis: 60_000 });
  const messages = consumer[Symbol.asyncIterator]();
  expect((await messages.next()).value?.payload).toBeDefined();
  const waiting = messages.next();
  await expect.poll(async () => (await client.groups.get(place))?.members_count).toBe(1);
  abort.abort();
  expect((await waiting).done).toBe(true);
  expect((await client.groups.get(place))?.members_count).toBe(0);
  expect(timers()).toBeLessThanOrEqual(before);
});

test('a producer that is aborted fails what waits, and no more is sent', async () => {
  const cluster = await start({});
  const client = await connect(cluster);
  await topicWith(client, 1);
  const abort = new AbortController();
  const producer = client.producer({
    ...{ stream: 's', topic: 't', lingerMillis: 60_000, signal: abort.signal },
  });
  const waiting = producer.send('never');
  abort.abort();
  await producer.close();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(producer.send('late')).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  expect((await client.topics.get('s', 't'))?.messages_count).toBe(1n);
});
