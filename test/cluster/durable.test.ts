import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { ChildCluster } from '../helpers/child-cluster.js';
import { operation, RawClient, requestFrame, streamBody } from '../helpers/raw-client.js';

const directories: string[] = [];
const clients: RawClient[] = [];

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-cluster-'));
  directories.push(directory);
  return directory;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

async function dial(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  clients.push(client);
  return client;
}

async function sdk(cluster: ChildCluster): Promise<IggyClient> {
  const client = new IggyClient({
    servers: cluster.ready.nodes.map(({ tcp }) => `127.0.0.1:${tcp}`),
    credentials: { username: 'iggy', password: 'iggy' },
  });
  await client.connect();
  return client;
}

const idOf = (index: number) => (index + 1).toString(16).padStart(2, '0').repeat(16);

const createStream = (id: string, session: number, request: number, name: string) =>
  requestFrame({
    operation: operation.createStream,
    client: id,
    session,
    request,
    body: streamBody(name),
  });

/** What a client was told, and has to find again. */
interface Acknowledged {
  readonly id: string;
  readonly session: number;
  readonly replies: Map<number, Buffer>;
}

/** Clients that create streams as fast as they are answered, until told to stop. */
async function load(
  port: number,
  count: number,
  isOver: (acknowledged: number) => boolean,
): Promise<Acknowledged[]> {
  const sessions = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const client = await dial(port);
      return { client, index, id: idOf(index), session: await client.login(idOf(index)) };
    }),
  );
  let total = 0;
  return Promise.all(
    sessions.map(async ({ client, index, id, session }) => {
      const replies = new Map<number, Buffer>();
      try {
        for (let request = 1; !isOver(total); request++) {
          const frame = createStream(id, session, request, `s-${index}-${request}`);
          const reply = await client.askPatiently(frame);
          if (reply.result !== 0) continue;
          replies.set(request, reply.frame);
          total += 1;
        }
      } catch {
        // The cluster was killed under us.
      }
      return { id, session, replies };
    }),
  );
}

/** Every acknowledged reply comes back byte for byte under a session of the same client. */
async function expectAll(port: number, all: readonly Acknowledged[]): Promise<void> {
  for (const { id, session, replies } of all) {
    const client = await dial(port);
    const now = await client.login(id);
    expect(now).toBeGreaterThan(session);
    const requests = [...replies.keys()];
    for (const request of requests.slice(-20)) {
      const index = Number.parseInt(id.slice(0, 2), 16) - 1;
      const name = `s-${index}-${request}`;
      const reply = await client.askPatiently(createStream(id, now, request, name));
      expect(reply.frame.equals(replies.get(request) ?? Buffer.alloc(0))).toBe(true);
    }
  }
}

/** The stream exists: its name cannot be given again. */
async function expectStreams(port: number, names: readonly string[]): Promise<void> {
  const client = await dial(port);
  const id = 'ee'.repeat(16);
  const session = await client.login(id);
  let request = 1;
  for (const name of names) {
    const reply = await client.askPatiently(createStream(id, session, request++, name));
    expect(reply.result, name).toBe(1012);
  }
}

const primaryPort = (ready: { primary: number; nodes: readonly { tcp: number }[] }) =>
  ready.nodes[ready.primary]?.tcp ?? 0;

describe('a durable cluster', () => {
  it('finds every acknowledged stream and session again after a clean restart', async () => {
    const options = { nodes: 3, dataDir: freshDirectory(), portBase: 0 };
    const first = await LocalCluster.start(options);
    const port = primaryPort(first.readyRecord());
    const acknowledged = await load(port, 4, (total) => total > 80);
    await first.stop();

    const second = await LocalCluster.start(options);
    try {
      const port = primaryPort(second.readyRecord());
      await expectAll(port, acknowledged);
      await expectStreams(
        port,
        acknowledged.flatMap(({ replies }, index) =>
          [...replies.keys()].map((request) => `s-${index}-${request}`),
        ),
      );
    } finally {
      await second.stop();
    }
  });

  it.each([1, 3])(
    '04-S29 04-S30 keeps everything it acknowledged through kill -9 of a cluster of %i',
    async (nodes) => {
      const options = { nodes, dataDir: freshDirectory(), portBase: 0 };
      const first = await ChildCluster.start(options);
      let killed: Promise<void> | undefined;
      const acknowledged = await load(primaryPort(first.ready), 8, (total) => {
        if (total > 300) killed ??= first.kill();
        return false;
      });
      await killed;
      const count = acknowledged.reduce((sum, { replies }) => sum + replies.size, 0);
      expect(count).toBeGreaterThan(300);

      const second = await ChildCluster.start(options);
      try {
        const port = primaryPort(second.ready);
        await expectAll(port, acknowledged);
        await expectStreams(
          port,
          acknowledged.flatMap(({ replies }, index) =>
            [...replies.keys()].slice(-25).map((request) => `s-${index}-${request}`),
          ),
        );
      } finally {
        await second.stop();
      }
    },
  );

  it('keeps every message it confirmed through kill -9', async () => {
    const options = { nodes: 3, dataDir: freshDirectory(), portBase: 0 };
    const first = await ChildCluster.start(options);
    const place = { stream: 's', topic: 't' };
    const writer = await sdk(first);
    await writer.streams.create('s');
    await writer.topics.create('s', { name: 't', partitions: 1 });
    let confirmed = 0;
    let killed: Promise<void> | undefined;
    try {
      for (;;) {
        const messages = Array.from({ length: 10 }, (_, i) => ({ payload: `m${confirmed + i}` }));
        await writer.messages.send({ ...place, partitioning: { partition: 0 } }, messages, {
          timeoutMillis: 2000,
        });
        confirmed += 10;
        if (confirmed >= 300) killed ??= first.kill();
      }
    } catch {
      // The cluster was killed under us.
    }
    await killed;
    writer.destroy();

    const second = await ChildCluster.start(options);
    const reader = await sdk(second);
    try {
      const { messages } = await reader.messages.poll({
        ...place,
        consumer: 1,
        partition: 0,
        from: 'first',
        count: 100_000,
      });
      const texts = messages.map(({ payload }) => new TextDecoder().decode(payload));
      expect(texts.slice(0, confirmed)).toEqual(
        Array.from({ length: confirmed }, (_, i) => `m${i}`),
      );
      expect(messages.map(({ offset }) => Number(offset))).toEqual(texts.map((_, i) => i));
    } finally {
      reader.destroy();
      await second.stop();
    }
  });

  it('refuses a second start on the same directory and names the process', async () => {
    const dataDir = freshDirectory();
    const cluster = await LocalCluster.start({ nodes: 1, dataDir, portBase: 0 });
    try {
      await expect(LocalCluster.start({ nodes: 1, dataDir, portBase: 0 })).rejects.toMatchObject({
        code: 'CLUSTER_RUNNING',
        pid: process.pid,
      });
    } finally {
      await cluster.stop();
    }
  });

  it('refuses a directory of a cluster of another size', async () => {
    const dataDir = freshDirectory();
    await (await LocalCluster.start({ nodes: 1, dataDir, portBase: 0 })).stop();

    await expect(LocalCluster.start({ nodes: 3, dataDir, portBase: 0 })).rejects.toMatchObject({
      code: 'CLUSTER_LAYOUT_MISMATCH',
    });
    const fresh = await LocalCluster.start({ nodes: 3, dataDir, portBase: 0, fresh: true });
    expect(fresh.status().nodes).toHaveLength(3);
    await fresh.stop();
  });

  it('goes on without a node that refuses its damaged files, and says why', async () => {
    const dataDir = freshDirectory();
    const options = { nodes: 3, dataDir, portBase: 0 };
    await (await LocalCluster.start(options)).stop();
    writeFileSync(join(dataDir, 'node-1/metadata/superblock.a'), 'not a superblock');

    const cluster = await LocalCluster.start(options);
    try {
      expect(cluster.status().nodes[1]).toMatchObject({
        state: 'refused',
        reachable: false,
        error: expect.stringContaining('superblock_unreadable'),
      });
      const client = await dial(primaryPort(cluster.readyRecord()));
      expect(await client.login(idOf(1))).toBeGreaterThan(0);
    } finally {
      await cluster.stop();
    }
  });
});
