// Sending while the primary is killed: three nodes in this process, the command in one of its own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { hashing } from '../helpers/remembered-hashing.js';

let cluster: LocalCluster;
let home: CliHome;
const servers = () => cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.tcp}`);
const credentials = { username: 'iggy', password: 'iggy' };

beforeAll(async () => {
  cluster = await LocalCluster.start({
    hashing,
    ...{ nodes: 3, portBase: 0, ephemeral: true },
    settings: [{ name: 'cluster.heartbeat_timeout', value: '2s', origin: 'test' }],
  });
  home = new CliHome({
    IGGYCTL_SERVER: servers().join(','),
    ...{ IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' },
  });
  const client = await IggyClient.connect({ servers: servers(), credentials });
  await client.streams.create('a');
  await client.topics.create('a', { name: 't', partitions: 3 });
  await client.close();
});

afterAll(async () => {
  home.remove();
  await cluster.stop();
});

/** Payloads of a topic with how often each is stored. */
async function stored(client: IggyClient, topic: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const { partitions = [] } = (await client.topics.get('a', topic)) ?? {};
  for (const { id } of partitions) {
    const reader = client.consumer({
      ...{ stream: 'a', topic, partition: id, consumer: 'check', from: 'first' },
      ...{ commit: 'manual', stopAtEnd: true },
    });
    for await (const { payload } of reader) {
      const text = Buffer.from(payload).toString();
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return counts;
}

describe('the primary is killed', () => {
  it('06-S29 while lines are sent: all of them are stored, and twice at most what was retried', async () => {
    const lines = 4_000;
    const input = Array.from({ length: lines }, (_, i) => `line ${i}\n`).join('');
    const client = await IggyClient.connect({ servers: servers(), credentials });
    const sending = home.run(
      ['message', 'send', 'a', 't', '--batch', '20', '--rate', '2000/s', '--json'],
      { input },
    );
    await expect
      .poll(async () => (await client.topics.get('a', 't'))?.messages_count ?? 0n, {
        timeout: 60_000,
      })
      .toBeGreaterThan(200n);
    const old = cluster.status().primary ?? 0;
    await cluster.kill(old, 'crash');
    const { code, stdout, stderr } = await sending;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const summary = JSON.parse(stdout) as { acknowledged: string; retried: number };
    expect(summary.acknowledged).toBe(String(lines));
    const counts = await stored(client, 't');
    expect(counts.size).toBe(lines);
    const twice = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
    expect(twice).toBeLessThanOrEqual(summary.retried);
    await client.close();
  });

  it('04-S71 the next send of a producer succeeds on another node, without a login error', async () => {
    const down = cluster.status().nodes.filter(({ reachable }) => !reachable);
    for (const { id } of down) await cluster.restart(id);
    await cluster.waitFor(({ nodes }) => nodes.every(({ status }) => status === 'normal'), 60_000);
    const client = await IggyClient.connect({ servers: servers(), credentials });
    const errors: unknown[] = [];
    const producer = client.producer({
      ...{ stream: 'a', topic: 't', timeoutMillis: 2_000 },
      retry: { retries: 50, intervalMillis: 100, withinMillis: 20_000 },
      onRetry: (error) => errors.push(error.protocolCode),
    });
    await producer.send('before');
    await cluster.kill(cluster.status().primary ?? 0, 'crash');
    await producer.send('after');
    await producer.close();
    expect(errors).not.toContain(40);
    expect((await stored(client, 't')).get('after')).toBeGreaterThanOrEqual(1);
    await client.close();
  });

  it('06-S79 every node that is up takes a send for a partition it does not lead', async () => {
    const up = cluster
      .status()
      .nodes.filter(({ reachable }) => reachable)
      .map(({ id }) => id);
    expect(up).toHaveLength(2);
    for (const node of up) {
      const args = ['message', 'send', 'a', 't', '--partition', '0', `by ${node}`];
      const { code, stderr } = await home.run(['--node', String(servers()[node]), ...args]);
      expect({ node, code, stderr }).toEqual({ node, code: 0, stderr: '' });
    }
  });
});
