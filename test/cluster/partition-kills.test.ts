import { appendFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { ChildCluster } from '../helpers/child-cluster.js';

const root = mkdtempSync(join(tmpdir(), 'iggyctl-kills-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const place = { stream: 's', topic: 't' } as const;

/** Kills of the process before the last life. */
const kills = 3;

async function connect(cluster: ChildCluster): Promise<IggyClient> {
  const servers = cluster.ready.nodes.map(({ tcp }) => `127.0.0.1:${tcp}`);
  const client = new IggyClient({ servers, credentials: { username: 'iggy', password: 'iggy' } });
  await client.connect();
  return client;
}

/** What a crash may leave behind the last whole record of each kind of file. */
function tear(directory: string): void {
  const names = readdirSync(directory);
  const newest = (end: string) => names.filter((name) => name.endsWith(end)).at(-1);
  for (const name of [newest('.log'), newest('.index'), newest('.wal'), newest('.notes')]) {
    if (name !== undefined) appendFileSync(join(directory, name), new Uint8Array(37).fill(0x5a));
  }
}

/** Sends until the process is killed; gives what was confirmed, by offset. */
async function sendUntilKilled(cluster: ChildCluster, life: number): Promise<Map<number, string>> {
  const client = await connect(cluster);
  const confirmed = new Map<number, string>();
  let killed: Promise<void> | undefined;
  try {
    for (let batch = 0; ; batch++) {
      const texts = Array.from({ length: 5 }, (_, i) => `${life}/${batch}/${i}`.padEnd(3000, '.'));
      const to = { ...place, partitioning: { partition: 0 } };
      const messages = texts.map((payload) => ({ payload }));
      const [sent] = await client.messages.send(to, messages, { timeoutMillis: 2000 });
      for (const [i, text] of texts.entries()) confirmed.set(Number(sent?.base_offset) + i, text);
      if (batch >= 120) killed ??= cluster.kill();
    }
  } catch {
    // The process was killed under us.
  }
  await killed;
  client.destroy();
  return confirmed;
}

async function readAll(client: IggyClient): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (let offset = 0; ; ) {
    const from = { consumer: 1, partition: 0, from: { offset }, count: 5000 };
    const { messages } = await client.messages.poll({ ...place, ...from });
    for (const { offset: at, payload } of messages) {
      found.set(Number(at), new TextDecoder().decode(payload));
      offset = Number(at) + 1;
    }
    if (messages.length === 0) return found;
  }
}

describe.concurrent('a partition whose process is killed again and again, with torn files', () => {
  it.each(['fsync', 'memory'])(
    'gives no offset twice, acks %s',
    async (ack) => {
      const options = {
        nodes: 1,
        portBase: 0,
        dataDir: join(root, ack),
        settings: [{ name: 'partition.ack', value: ack, origin: 'test' }],
      };
      const confirmed = new Map<number, string>();
      let twice = 0;
      for (let life = 0; life < kills; life++) {
        const cluster = await ChildCluster.start(options);
        if (life === 0) {
          const client = await connect(cluster);
          await client.streams.create('s');
          const small = { segmentSize: 1n << 20n, messagesRequiredToSave: 50 };
          await client.topics.create('s', { name: 't', partitions: 1, ...small });
          await client.close();
        }
        for (const [offset, text] of await sendUntilKilled(cluster, life)) {
          if (confirmed.has(offset)) twice += 1;
          confirmed.set(offset, text);
        }
        tear(join(options.dataDir, 'node-0/streams/0/topics/0/partitions/0'));
      }
      expect(twice).toBe(0);

      const last = await ChildCluster.start(options);
      const client = await connect(last);
      const found = await readAll(client);
      const isMissing = (offset: number) => !found.has(offset);
      const isOther = (offset: number) =>
        !isMissing(offset) && found.get(offset) !== confirmed.get(offset);
      expect([...confirmed.keys()].filter(isOther)).toEqual([]);
      if (ack === 'fsync') expect([...confirmed.keys()].filter(isMissing)).toEqual([]);
      expect(confirmed.size).toBeGreaterThan(kills * 500);
      client.destroy();
      await last.stop();
    },
    120_000,
  );
});
