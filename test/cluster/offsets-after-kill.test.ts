import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { ChildCluster } from '../helpers/child-cluster.js';

const place = { stream: 's', topic: 't' };
const lives = 2;
const perBatch = 5;

/** A client of the cluster; gone with the test. */
async function clientOf(cluster: ChildCluster): Promise<IggyClient> {
  const client = new IggyClient({
    servers: cluster.ready.nodes.map(({ tcp }) => `127.0.0.1:${tcp}`),
    credentials: { username: 'iggy', password: 'iggy' },
  });
  onTestFinished(() => client.destroy());
  await client.connect();
  return client;
}

/** Sends until the cluster is killed under it; gives the offsets that were confirmed. */
async function sendUntilKilled(client: IggyClient, cluster: ChildCluster): Promise<number[]> {
  const offsets: number[] = [];
  let killed: Promise<void> | undefined;
  const target = { ...place, partitioning: { partition: 0 } };
  const messages = Array.from({ length: perBatch }, () => ({ payload: 'x' }));
  try {
    for (;;) {
      const [confirmed] = await client.messages.send(target, messages, { timeoutMillis: 2000 });
      const base = Number(confirmed?.base_offset);
      for (let i = 0; i < perBatch; i++) offsets.push(base + i);
      if (offsets.length >= 30 * perBatch) killed ??= cluster.kill();
    }
  } catch (error) {
    if (killed === undefined) throw error;
  }
  await killed;
  return offsets;
}

describe('offsets through kill -9', () => {
  it.each([
    { ack: 'memory', nodes: 1 },
    { ack: 'memory', nodes: 3 },
    { ack: 'fsync', nodes: 1 },
  ])('are not given twice by $nodes nodes that acknowledge from $ack', async ({ ack, nodes }) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-offsets-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const settings = [{ name: 'partition.ack', value: ack, origin: 'test' }];
    const given: number[] = [];
    for (let life = 0; life < lives; life++) {
      const cluster = await ChildCluster.start({ nodes, dataDir, portBase: 0, settings });
      onTestFinished(() => cluster.kill());
      const client = await clientOf(cluster);
      if (life === 0) {
        await client.streams.create('s');
        await client.topics.create('s', { name: 't', partitions: 1 });
      }
      given.push(...(await sendUntilKilled(client, cluster)));
    }

    expect(given.length).toBeGreaterThanOrEqual(lives * 30 * perBatch);
    expect(given).toEqual([...new Set(given)].sort((a, b) => a - b));
    // With a journal there is no gap; without one each life begins behind what was reserved.
    const gaps = given.filter((offset, i) => i > 0 && offset - (given[i - 1] ?? 0) > perBatch);
    expect(gaps.length).toBe(ack === 'memory' ? lives - 1 : 0);
  });
});
