import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IggyClient } from '../../client/index.js';
import { LocalCluster } from '../../cluster/index.js';
import { soon } from './soon.js';
import { type SmokeSuite, same } from './step.js';

const credentials = { username: 'iggy', password: 'iggy' };
const place = { stream: 'kept', topic: 't' };

/** A cluster with files stops, by a crash of every node, and starts again with all it acknowledged. */
export const persistence: SmokeSuite = {
  name: 'persistence',
  steps: [
    {
      name: 'what was acknowledged outlives a crash of all nodes',
      needsCluster: true,
      run: async () => {
        const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-smoke-'));
        try {
          await live(dataDir, write, 'crash');
          await live(dataDir, read, 'clean');
        } finally {
          rmSync(dataDir, { recursive: true, force: true });
        }
      },
    },
  ],
};

/** One life of a cluster over these files. */
async function live(
  dataDir: string,
  work: (client: IggyClient) => Promise<void>,
  end: 'crash' | 'clean',
): Promise<void> {
  const cluster = await LocalCluster.start({ nodes: 3, portBase: 0, dataDir });
  try {
    const servers = cluster.readyRecord().nodes.map(({ tcp }) => `127.0.0.1:${tcp}`);
    const client = await IggyClient.connect({ servers, credentials });
    try {
      await work(client);
      if (end === 'crash') await Promise.all(cluster.nodes.map(({ id }) => cluster.kill(id, end)));
    } finally {
      client.destroy();
    }
  } finally {
    await cluster.stop();
  }
}

async function write(client: IggyClient): Promise<void> {
  await client.streams.create(place.stream);
  await client.topics.create(place.stream, { name: place.topic, partitions: 1 });
  const messages = Array.from({ length: 50 }, (_, i) => ({ payload: `kept ${i}` }));
  await client.messages.send({ ...place, partitioning: { partition: 0 } }, messages);
}

async function read(client: IggyClient): Promise<void> {
  const from = { ...place, consumer: 1, partition: 0, from: 'first' as const, count: 1000 };
  const look = () => client.messages.poll(from);
  const { messages } = await soon(look, (polled) => polled.messages.length >= 50);
  same('messages', messages.length, 50);
  same('first', new TextDecoder().decode(messages[0]?.payload), 'kept 0');
}
