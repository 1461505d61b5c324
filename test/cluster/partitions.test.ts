import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster, type LocalClusterOptions } from '../../src/cluster/index.js';
import { hashing } from '../helpers/remembered-hashing.js';

const clusters: LocalCluster[] = [];
const clients: IggyClient[] = [];
const directories: string[] = [];

afterAll(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(clusters.splice(0).map((cluster) => cluster.stop()));
  for (const directory of directories.splice(0)) {
    await rm(directory, { recursive: true, force: true });
  }
});

const settings = [
  { name: 'cluster.heartbeat_timeout', value: '2s', origin: 'test' },
  { name: 'cluster.commit_broadcast_interval', value: '100ms', origin: 'test' },
];

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-partitions-'));
  directories.push(directory);
  return directory;
}

async function start(options: Partial<LocalClusterOptions> = {}): Promise<LocalCluster> {
  const storage = options.dataDir === undefined ? { ephemeral: true } : {};
  const cluster = await LocalCluster.start({
    hashing,
    nodes: 3,
    portBase: 0,
    seed: 5n,
    ...storage,
    ...options,
    settings: [...settings, ...(options.settings ?? [])],
  });
  clusters.push(cluster);
  return cluster;
}

async function clientOf(cluster: LocalCluster): Promise<IggyClient> {
  const servers = cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.tcp}`);
  const client = new IggyClient({ servers, credentials: { username: 'iggy', password: 'iggy' } });
  clients.push(client);
  await client.connect();
  return client;
}

const place = { stream: 's', topic: 't' } as const;

async function withTopic(
  options: Partial<LocalClusterOptions> = {},
  partitions = 1,
): Promise<{ cluster: LocalCluster; client: IggyClient }> {
  const cluster = await start(options);
  const client = await clientOf(cluster);
  await client.streams.create('s');
  await client.topics.create('s', { name: 't', partitions });
  return { cluster, client };
}

const texts = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ payload: `message ${from + i}` }));

async function send(client: IggyClient, from: number, count: number, partition = 0) {
  const messages = texts(from, count);
  return client.messages.send({ ...place, partitioning: { partition } }, messages);
}

async function poll(client: IggyClient, offset: number, count = 1000, partition = 0) {
  const polled = await client.messages.poll({
    ...place,
    consumer: 1,
    partition,
    from: { offset },
    count,
  });
  return polled.messages.map((message) => ({
    offset: Number(message.offset),
    text: new TextDecoder().decode(message.payload),
  }));
}

const expected = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ offset: from + i, text: `message ${from + i}` }));

const portOf = (cluster: LocalCluster, node: number) =>
  `127.0.0.1:${cluster.nodes[node]?.ports.tcp}`;

/** Every node that runs holds the same end of the partition. */
const sameEverywhere = (cluster: LocalCluster, group = 0) =>
  cluster.waitFor(() => {
    const ends = cluster.nodes
      .filter(({ state }) => state === 'running')
      .map(({ host }) => host?.partitions.find(group)?.currentOffset);
    return new Set(ends).size === 1 && ends[0] !== undefined;
  }, 60_000);

describe.concurrent('partitions', () => {
  it('stores what is sent on all nodes and gives it back in order', async () => {
    const { cluster, client } = await withTopic({}, 2);

    expect(await send(client, 0, 10)).toMatchObject([{ base_offset: 0n, partition_id: 0 }]);
    expect(await send(client, 10, 5)).toMatchObject([{ base_offset: 10n }]);
    expect(await send(client, 0, 3, 1)).toMatchObject([{ base_offset: 0n, partition_id: 1 }]);

    expect(await poll(client, 0)).toEqual(expected(0, 15));
    expect(await poll(client, 12, 2)).toEqual(expected(12, 2));
    expect(await poll(client, 0, 10, 1)).toEqual(expected(0, 3));
    await sameEverywhere(cluster);
    await sameEverywhere(cluster, 1);
    expect(cluster.inspect(1, ['partitions']).partitions).toMatchObject([
      { stream: 0, topic: 0, partition: 0, state: 'open', currentOffset: 14 },
      { partition: 1, currentOffset: 2 },
    ]);
  });

  it('keeps messages and stored offsets through a clean restart', async () => {
    const dataDir = freshDirectory();
    const { cluster, client } = await withTopic({ dataDir });
    await send(client, 0, 20);
    await client.offsets.store({ ...place, consumer: 7, partition: 0 }, { offset: 11n });
    await client.close();
    await cluster.stop();

    const again = await start({ dataDir });
    const next = await clientOf(again);
    expect(await poll(next, 0)).toEqual(expected(0, 20));
    expect(await next.offsets.get({ ...place, consumer: 7, partition: 0 })).toMatchObject({
      stored_offset: 11n,
    });
    expect(await send(next, 20, 5)).toMatchObject([{ base_offset: 20n }]);
    expect(await poll(next, 0)).toEqual(expected(0, 25));
  });

  it('keeps every acknowledged message when all nodes lose power at once', async () => {
    const { cluster, client } = await withTopic({ dataDir: freshDirectory() });
    for (let i = 0; i < 20; i++) await send(client, i * 5, 5);

    await Promise.all([0, 1, 2].map((node) => cluster.kill(node, 'crash')));
    await Promise.all([0, 1, 2].map((node) => cluster.restart(node)));
    await cluster.waitFor(({ primary }) => primary !== undefined, 60_000);

    const next = await clientOf(cluster);
    expect(await poll(next, 0)).toEqual(expected(0, 100));
    expect(await send(next, 100, 1)).toMatchObject([{ base_offset: 100n }]);
  });

  it('serves messages after the primary is killed, and again with it as a backup', async () => {
    const { cluster, client } = await withTopic();
    await send(client, 0, 10);
    const before = cluster.status().primary ?? 0;

    await cluster.kill(before, 'crash');
    await cluster.waitFor(({ primary }) => primary !== undefined, 60_000);
    expect(await send(client, 10, 10)).toMatchObject([{ base_offset: 10n }]);
    expect(await poll(client, 0)).toEqual(expected(0, 20));

    await cluster.restart(before);
    await sameEverywhere(cluster);
  });

  it('fills a wiped node with metadata and messages before it votes', async () => {
    const { cluster, client } = await withTopic({ dataDir: freshDirectory() });
    await send(client, 0, 50);
    const backup = ((cluster.status().primary ?? 0) + 1) % 3;

    await cluster.restart(backup, { wipe: true });
    await sameEverywhere(cluster);
    await cluster.waitFor(() => cluster.nodes[backup]?.disk.size('joining') === undefined, 60_000);

    const reader = new IggyClient({
      servers: [portOf(cluster, backup)],
      credentials: { username: 'iggy', password: 'iggy' },
    });
    clients.push(reader);
    await reader.connect();
    expect(await poll(reader, 0)).toEqual(expected(0, 50));
  });

  it('empties a purged topic on all nodes and starts its offsets anew', async () => {
    const { cluster, client } = await withTopic();
    await send(client, 0, 10);
    await client.offsets.store({ ...place, consumer: 1, partition: 0 }, { offset: 4n });

    await client.topics.purge('s', 't');

    expect(await poll(client, 0)).toEqual([]);
    expect(await client.offsets.get({ ...place, consumer: 1, partition: 0 })).toBeNull();
    expect(await send(client, 0, 3)).toMatchObject([{ base_offset: 0n }]);
    expect(await poll(client, 0)).toEqual(expected(0, 3));
    await sameEverywhere(cluster);
  });

  it('removes the files of deleted topics, and gives their ids to new ones that start empty', async () => {
    const dataDir = freshDirectory();
    const { cluster, client } = await withTopic({ dataDir });
    await send(client, 0, 10);
    const directory = join(dataDir, 'node-1/streams/0/topics/0/partitions/0');
    expect(existsSync(directory)).toBe(true);

    await client.topics.delete('s', 't');
    await cluster.waitFor(() => !existsSync(directory), 60_000);
    await client.topics.create('s', { name: 't', partitions: 1 });

    expect(await poll(client, 0)).toEqual([]);
    expect(await send(client, 0, 2)).toMatchObject([{ base_offset: 0n }]);
    expect(await poll(client, 0)).toEqual(expected(0, 2));
    await sameEverywhere(cluster);
  });

  it('gives a new topic none of the files that a crash left of the old one with its ids', async () => {
    const dataDir = freshDirectory();
    const { cluster, client } = await withTopic({ nodes: 1, dataDir });
    await send(client, 0, 10);
    const directory = join(dataDir, 'node-0/streams/0/topics/0/partitions/0');
    const copy = join(freshDirectory(), 'copy');
    cpSync(directory, copy, { recursive: true });
    await client.topics.delete('s', 't');
    await cluster.waitFor(() => !existsSync(directory), 60_000);
    await cluster.kill(0, 'crash');
    cpSync(copy, directory, { recursive: true });
    await cluster.restart(0);

    const next = await clientOf(cluster);
    await next.topics.create('s', { name: 't', partitions: 1 });

    expect(await poll(next, 0)).toEqual([]);
    expect(await send(next, 0, 2)).toMatchObject([{ base_offset: 0n }]);
    expect(await poll(next, 0)).toEqual(expected(0, 2));
  });

  it('makes and removes partitions as metadata says', async () => {
    const { cluster, client } = await withTopic();
    await client.partitions.create('s', 't', 2);
    expect(await send(client, 0, 1, 2)).toMatchObject([{ partition_id: 2, base_offset: 0n }]);
    expect(cluster.nodes[0]?.host?.partitions.slots.size).toBe(3);

    await client.partitions.delete('s', 't', 2);
    await cluster.waitFor(() => cluster.nodes[0]?.host?.partitions.slots.size === 1, 60_000);
    await expect(poll(client, 0, 1, 2)).rejects.toMatchObject({ serverCode: 3007 });
  });

  it('puts damaged files of a partition aside and fills it from the others', async () => {
    const dataDir = freshDirectory();
    const { cluster, client } = await withTopic({ dataDir });
    for (let i = 0; i < 20; i++) await send(client, i * 5, 5);
    await sameEverywhere(cluster);
    const backup = ((cluster.status().primary ?? 0) + 1) % 3;
    await cluster.kill(backup, 'clean');
    const directory = join(dataDir, `node-${backup}/streams/0/topics/0/partitions/0`);
    const wal = join(directory, 'journal.wal');
    const bytes = readFileSync(wal);
    bytes[300] = (bytes[300] ?? 0) ^ 1;
    writeFileSync(wal, bytes);

    await cluster.restart(backup);
    await sameEverywhere(cluster);

    const parent = join(directory, '..');
    expect(readdirSync(parent)).toContain('0.fenced.0');
    expect(readdirSync(join(parent, '0.fenced.0'))).toContain('journal.wal');
  });

  it('serves from memory when it is told to, and never gives an offset twice', async () => {
    const dataDir = freshDirectory();
    const memory = [{ name: 'partition.ack', value: 'memory', origin: 'test' }];
    const { cluster, client } = await withTopic({ nodes: 1, dataDir, settings: memory });
    await send(client, 0, 10);
    await cluster.kill(0, 'crash');
    await cluster.restart(0);

    const next = await clientOf(cluster);
    const [confirmed] = await send(next, 0, 1);
    expect(Number(confirmed?.base_offset)).toBeGreaterThanOrEqual(10);
  });

  it('06-S33 reads the same on every node after one was killed, restarted and caught up', async () => {
    const { cluster, client } = await withTopic({ dataDir: freshDirectory() });
    const backup = ((cluster.status().primary ?? 0) + 1) % 3;
    await cluster.kill(backup, 'crash');
    for (let i = 0; i < 10; i++) await send(client, i * 3, 3);
    await cluster.restart(backup);
    await sameEverywhere(cluster);

    const reader = new IggyClient({
      servers: [portOf(cluster, backup)],
      credentials: { username: 'iggy', password: 'iggy' },
    });
    clients.push(reader);
    await reader.connect();
    expect(await poll(reader, 0)).toEqual(expected(0, 30));
  });
});
