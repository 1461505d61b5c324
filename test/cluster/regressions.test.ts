import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster, type LocalClusterOptions } from '../../src/cluster/index.js';
import { operation, RawClient, requestFrame, streamBody } from '../helpers/raw-client.js';
import { hashing } from '../helpers/remembered-hashing.js';

// Past defects of the protocol's origin that concern whole nodes: files, sockets, many groups.
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
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-regressions-'));
  directories.push(directory);
  return directory;
}

async function start(options: Partial<LocalClusterOptions> = {}): Promise<LocalCluster> {
  const storage = options.dataDir === undefined ? { ephemeral: true } : {};
  const cluster = await LocalCluster.start({
    hashing,
    ...{ nodes: 3, portBase: 0, seed: 5n, ...storage, ...options },
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

async function withTopic(options: Partial<LocalClusterOptions> = {}, topic = {}) {
  const cluster = await start(options);
  const client = await clientOf(cluster);
  await client.streams.create('s');
  await client.topics.create('s', { name: 't', partitions: 1, ...topic });
  return { cluster, client };
}

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ payload: `message ${from + i}` }));

async function send(client: IggyClient, from: number, count: number, partition = 0) {
  const target = { ...place, partitioning: { partition } };
  const [confirmed] = await client.messages.send(target, numbered(from, count));
  return Number(confirmed?.base_offset);
}

async function texts(client: IggyClient, partition = 0): Promise<readonly string[]> {
  const { messages } = await client.messages.poll({
    ...{ ...place, consumer: 1, partition, from: { offset: 0 }, count: 1000 },
  });
  return messages.map(({ payload }) => new TextDecoder().decode(payload));
}

const textsOf = (from: number, count: number) => numbered(from, count).map((each) => each.payload);

/** Every node that runs holds the same end of the partition. */
const sameEverywhere = (cluster: LocalCluster, group = 0) =>
  cluster.waitFor(() => {
    const ends = cluster.nodes
      .filter(({ state }) => state === 'running')
      .map(({ host }) => host?.partitions.find(group)?.currentOffset);
    return new Set(ends).size === 1 && ends[0] !== undefined;
  }, 60_000);

const partitionDirectory = (dataDir: string, node: number) =>
  join(dataDir, `node-${node}/streams/0/topics/0/partitions/0`);

describe.concurrent('what went wrong once', () => {
  it('03-S53 backups have the messages on their disks, byte by byte those of each other', async () => {
    const dataDir = freshDirectory();
    const { cluster, client } = await withTopic({ dataDir });
    for (let i = 0; i < 10; i++) await send(client, i * 10, 10);
    await sameEverywhere(cluster);
    const primary = cluster.status().primary ?? 0;
    await cluster.kill(primary, 'crash');
    await client.close();
    await cluster.stop();

    const backups = [0, 1, 2].filter((id) => id !== primary);
    const segments = backups.map((id) => {
      const directory = partitionDirectory(dataDir, id);
      const names = readdirSync(directory).filter((name) => name.endsWith('.log'));
      return names.map((name) => [name, readFileSync(join(directory, name))] as const);
    });
    expect(segments[0]?.length).toBeGreaterThan(0);
    expect(segments[0]).toEqual(segments[1]);
    const bytes = Buffer.concat((segments[0] ?? []).map(([, each]) => each));
    for (const text of textsOf(0, 100)) expect(bytes.includes(text)).toBe(true);
  });

  it('03-S55 a partition that is built again is left as it is', async () => {
    const { cluster, client } = await withTopic();
    await send(client, 0, 20);
    await sameEverywhere(cluster);
    for (const { host } of cluster.nodes) {
      const before = host?.partitions.slots.get(0)?.host;
      expect(before).toBeDefined();
      const [partition] = host?.machine.partitions() ?? [];
      if (partition === undefined) throw new Error('there is no partition');
      host?.partitions.change([{ kind: 'created', partition }]);
      host?.partitions.compare();
      expect(host?.partitions.slots.get(0)?.host).toBe(before);
      expect(host?.partitions.find(0)?.currentOffset).toBe(19);
    }
    expect(await send(client, 20, 1)).toBe(20);
    expect(await texts(client)).toEqual(textsOf(0, 21));
  });

  it('03-S56 a node that lost the directory of a partition does not empty the others', async () => {
    const dataDir = freshDirectory();
    const { cluster, client } = await withTopic({ dataDir });
    await send(client, 0, 50);
    await sameEverywhere(cluster);
    await client.close();
    await cluster.stop();
    // Node 0 leads view 0 of every group by its index, here without anything to lead with.
    rmSync(partitionDirectory(dataDir, 0), { recursive: true });

    const again = await start({ dataDir });
    await sameEverywhere(again);
    const next = await clientOf(again);
    expect(await texts(next)).toEqual(textsOf(0, 50));
    expect(await send(next, 50, 1)).toBe(50);
    await sameEverywhere(again);
    expect(again.nodes.map(({ host }) => host?.partitions.find(0)?.currentOffset)).toEqual([
      ...[50, 50, 50],
    ]);
  });

  it('03-S57 offsets go on after all messages are gone, through a transfer and a restart', async () => {
    const dataDir = freshDirectory();
    const { cluster, client } = await withTopic({ dataDir }, { segmentSize: 1n << 20n });
    const payload = 'x'.repeat(512 * 1024);
    for (let i = 0; i < 6; i++) {
      const target = { ...place, partitioning: { partition: 0 } };
      await client.messages.send(target, [{ payload }]);
    }
    await client.segments.delete('s', 't', { partition: 0, count: 100 });
    await sameEverywhere(cluster);
    const wiped = ((cluster.status().primary ?? 0) + 1) % 3;
    await cluster.restart(wiped, { wipe: true });
    await sameEverywhere(cluster);
    await client.close();
    await cluster.stop();

    const again = await start({ dataDir });
    await sameEverywhere(again);
    expect(await send(await clientOf(again), 0, 1)).toBe(6);
  });

  it('03-S64 a send that waits for its disk finds its group although others come and go', async () => {
    const { cluster, client } = await withTopic({ dataDir: freshDirectory() });
    for (const { id } of cluster.nodes) {
      await cluster.faults.disk(id, { kind: 'slow', target: 'wal', delayMillis: 5 });
    }
    const other = await clientOf(cluster);
    const coming = async () => {
      for (let i = 0; i < 6; i++) {
        await other.topics.create('s', { name: `u${i}`, partitions: 8 });
        if (i % 2 === 1) await other.topics.delete('s', `u${i - 1}`);
      }
    };
    const sending = async () => {
      const bases: number[] = [];
      for (let i = 0; i < 20; i++) bases.push(await send(client, i * 2, 2));
      return bases;
    };
    const [bases] = await Promise.all([sending(), coming()]);

    expect(bases).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
    expect(await texts(client)).toEqual(textsOf(0, 40));
    const { topics } = (await other.streams.get('s')) ?? {};
    expect(topics?.map(({ name }) => name).sort()).toEqual(['t', 'u1', 'u3', 'u5']);
  });

  it('03-S66 hundreds of groups change their view at once, slowly written, and then are quiet', async () => {
    const groups = 300;
    const { cluster, client } = await withTopic({}, { partitions: groups });
    const opened = () =>
      cluster.nodes.every(({ host }) => (host?.partitions.slots.size ?? 0) === groups);
    await cluster.waitFor(opened, 60_000);
    await send(client, 0, 1, groups - 1);
    const primary = cluster.status().primary ?? 0;
    for (const { id } of cluster.nodes) {
      await cluster.faults.disk(id, { kind: 'slow', target: 'superblock', delayMillis: 20 });
    }
    await cluster.kill(primary, 'crash');
    const live = cluster.nodes.filter(({ id }) => id !== primary);
    const views = () =>
      live.flatMap(({ host }) =>
        [...(host?.partitions.slots.values() ?? [])].map(({ host: group }) => group?.status),
      );
    await cluster.waitFor(
      ({ healthy }) =>
        healthy && views().every((each) => each?.status === 'normal' && each.view > 0),
      60_000,
    );

    const settled = views().map((each) => each?.view ?? 0);
    expect(Math.max(...settled)).toBeLessThanOrEqual(4);
    expect(await send(client, 1, 1, groups - 1)).toBe(1);
    expect(views().map((each) => each?.view ?? 0)).toEqual(settled);
  });

  it('03-S68 clients get their answers while frames of the other nodes come in floods', async () => {
    const cluster = await start();
    const client = await clientOf(cluster);
    const frames: Uint8Array[] = [];
    const end = cluster.bus.tap((from, to, frame) => {
      if (from === 1 && to === 0 && frames.length < 8) frames.push(frame.slice());
    });
    await cluster.waitFor(() => frames.length > 2, 60_000);
    end();
    let isOver = false;
    const flood = async () => {
      while (!isOver) {
        for (let i = 0; i < 2000; i++) cluster.bus.send(1, 0, frames[i % frames.length] as never);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const flooding = flood();
    for (let i = 0; i < 50; i++) await client.streams.create(`s${i}`);
    isOver = true;
    await flooding;

    expect((await client.streams.list()).length).toBe(50);
    await cluster.waitFor(({ healthy, nodes }) => {
      const commits = new Set(nodes.map(({ commit }) => commit));
      return healthy && commits.size === 1;
    }, 60_000);
    expect(cluster.status()).toMatchObject({ view: 0, primary: 0 });
  });

  it('03-S36 requests whose clients are gone commit all the same, and none twice', async () => {
    const depth = { name: 'metadata.prepare_queue_depth', value: '2', origin: 'test' };
    const cluster = await start({ settings: [depth] });
    const port = cluster.nodes[cluster.status().primary ?? 0]?.ports.tcp ?? 0;
    const ids = ['a1', 'a2', 'a3', 'a4'].map((each) => each.repeat(16));
    const framesOf = (client: string, session: number) =>
      Array.from({ length: 10 }, (_, i) =>
        requestFrame({
          ...{ operation: operation.createStream, client, session, request: i + 1 },
          body: streamBody(`${client.slice(0, 2)}-${i}`),
        }),
      );
    // More than the pipeline takes is on its way when the sockets go.
    await Promise.all(
      ids.map(async (id) => {
        const raw = await RawClient.connect(port);
        const session = await raw.login(id, 'iggyctl/1;resume=1');
        for (const frame of framesOf(id, session)) raw.send(frame);
        raw.close();
      }),
    );
    for (const id of ids) {
      const raw = await RawClient.connect(port);
      const session = await raw.login(id, 'iggyctl/1;resume=1');
      for (const frame of framesOf(id, session)) {
        expect(await raw.askPatiently(frame)).toMatchObject({ command: 'reply', result: 0 });
      }
      raw.close();
    }

    const client = await clientOf(cluster);
    const names = (await client.streams.list()).map(({ name }) => name).sort();
    const wanted = ids.flatMap((id) =>
      Array.from({ length: 10 }, (_, i) => `${id.slice(0, 2)}-${i}`),
    );
    expect(names).toEqual(wanted.sort());
    expect(cluster.status().nodes.every(({ pipeline }) => pipeline === 0)).toBe(true);
  });
});
