import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster, type LocalClusterOptions } from '../../src/cluster/index.js';
import { hashing } from './remembered-hashing.js';

const settings = [
  { name: 'cluster.heartbeat_timeout', value: '2s', origin: 'test' },
  { name: 'cluster.commit_broadcast_interval', value: '100ms', origin: 'test' },
  { name: 'metadata.journal_slots', value: '128', origin: 'test' },
];

/** A cluster that records, over real TCP. */
export interface RecordedCluster {
  readonly cluster: LocalCluster;
  readonly client: IggyClient;
  /** The bytes of the recording, once the cluster has stopped. */
  stop(): Promise<Uint8Array>;
}

/** Starts a cluster that records; gone with the test. */
export async function startRecorded(
  options: Partial<LocalClusterOptions> & { readonly limitBytes?: number } = {},
): Promise<RecordedCluster> {
  const { limitBytes, ...given } = options;
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-recorded-'));
  const path = join(directory, 'run.rec');
  const cluster = await LocalCluster.start({
    hashing,
    // Short ticks, so that nobody waits long for an election.
    ...{ nodes: 3, portBase: 0, seed: 5n, settings, tickMillis: 3 },
    ...(given.dataDir === undefined && { ephemeral: true }),
    record: { path, ...(limitBytes !== undefined && { limitBytes }) },
    ...given,
  });
  const servers = cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.tcp}`);
  const client = new IggyClient({ servers, credentials: { username: 'iggy', password: 'iggy' } });
  onTestFinished(async () => {
    client.destroy();
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  });
  await client.connect();
  return {
    ...{ cluster, client },
    stop: async () => {
      client.destroy();
      await cluster.stop();
      return readFileSync(path);
    },
  };
}

const place = { stream: 's', topic: 't' } as const;
const patient = { timeoutMillis: 30_000 };

/** Makes the stream and the topic that {@link load} sends to. */
export async function prepare({ client }: RecordedCluster): Promise<void> {
  await client.streams.create('s', patient);
  await client.topics.create('s', { name: 't', partitions: 2 }, patient);
}

/** Sends, polls, stores offsets and makes streams for so many rounds; gives the messages sent. */
export async function load(
  { client }: RecordedCluster,
  rounds: number,
  name: string,
): Promise<number> {
  const messages = Array.from({ length: 20 }, (_, i) => ({ payload: `${name} ${i}`.repeat(8) }));
  for (let round = 0; round < rounds; round++) {
    const partition = round % 2;
    await client.messages.send({ ...place, partitioning: { partition } }, messages, patient);
    if (round % 10 === 0) await client.streams.create(`${name}-${round}`, patient);
    if (round % 10 === 5) {
      const consumer = { ...place, partition, consumer: 7 };
      await client.offsets.store(consumer, { offset: 3n }, patient);
      await client.messages.poll({ ...consumer, from: { offset: 0n }, count: 10 }, patient);
    }
  }
  return rounds * messages.length;
}

/** Cuts the power of the primary, waits until another one leads, and brings the old one back until it has caught up. */
export async function killPrimary(
  { cluster }: RecordedCluster,
  options: { readonly wipe?: boolean } = {},
): Promise<void> {
  const primary = cluster.status().primary ?? 0;
  await cluster.kill(primary, 'crash');
  await cluster.waitFor((status) => ![undefined, primary].includes(status.primary), 60_000);
  await cluster.restart(primary, options);
  await cluster.waitFor(
    ({ nodes }) => nodes.every(({ status, lag }) => status === 'normal' && lag === 0),
    60_000,
  );
}
