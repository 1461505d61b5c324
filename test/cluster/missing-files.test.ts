// Files that somebody removed from the data of a cluster that was stopped.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandCluster, type Settings } from '../acceptance/hand/hand-cluster.js';
import { readPoll } from '../acceptance/hand/replies.js';
import {
  code,
  op,
  pollBody,
  sendBody,
  streamBody,
  topicBody,
} from '../acceptance/hand/requests.js';

const base = mkdtempSync(join(tmpdir(), 'iggyctl-missing-'));
afterAll(() => rm(base, { recursive: true, force: true }));

const partition = 'streams/0/topics/0/partitions/0';
/** Nodes that do not wait for long. */
const hasty = { 'cluster.heartbeat_timeout': '2s', 'cluster.commit_broadcast_interval': '100ms' };

const poll = pollBody({
  ...{ reads: 1, stream: 's', topic: 't', partition: 0, by: 'first', count: 99 },
});

/** Data of a cluster that was cut off after three acknowledged messages. */
async function makeTemplate(nodes: number, settings: Settings = {}): Promise<string> {
  const dataDir = join(base, `template-${nodes}${settings['partition.ack'] ?? ''}`);
  const server = await HandCluster.open(settings, { nodes, dataDir });
  const root = await server.root();
  await root.must(op.createStream, streamBody('s'));
  await root.must(op.createTopic, topicBody('s', 't'));
  await root.sends(sendBody('s', 't', 0, ['a', 'b', 'c']));
  const { cluster } = server;
  const appliedBy = (node: number) =>
    cluster.nodes[node]?.host?.partitions.slots.get(0)?.host?.status.commitMin === 1;
  await cluster.waitFor(() => cluster.nodes.every(({ id }) => appliedBy(id)), 60_000);
  const isMemory = settings['partition.ack'] === 'memory';
  for (const { id } of cluster.nodes) await cluster.kill(id, isMemory ? 'clean' : 'crash');
  await server.stop();
  return dataDir;
}

/** Starts a copy of the data without some of its files. */
async function startWithout(
  template: string,
  nodes: number,
  missing: readonly string[],
  settings: Settings = {},
): Promise<HandCluster> {
  const dataDir = mkdtempSync(join(base, 'run-'));
  cpSync(template, dataDir, { recursive: true });
  for (const name of missing) {
    expect(existsSync(join(dataDir, name))).toBe(true);
    rmSync(join(dataDir, name), { recursive: true });
  }
  return HandCluster.start(settings, { nodes, dataDir, tickMillis: 2 });
}

async function textsOf(server: HandCluster, node?: number): Promise<readonly string[]> {
  const root = await server.root(node);
  return readPoll(await root.get(code.poll, poll)).texts;
}

describe('a lone node', () => {
  let template = '';
  beforeAll(async () => {
    template = await makeTemplate(1);
  });

  it.each([
    ['metadata/journal.wal', 'journal_missing'],
    ['metadata', 'data_missing'],
    ['', 'data_missing'],
  ])('does not start without node-0/%s, and says what to do', async (name, damage) => {
    const start = startWithout(template, 1, [join('node-0', name)]);

    await expect(start).rejects.toMatchObject({ code: 'BOOT_REFUSED', damage });
    await expect(start).rejects.toThrow(
      'back from a copy, or start with nothing (cluster up --fresh)',
    );
  });

  it.each([['journal.wal'], ['purge.gen'], ['superblock.a'], ['']])(
    'leaves a partition alone without its %s, and says so to everybody',
    async (name) => {
      const slots = name === 'superblock.a' ? ['superblock.a', 'superblock.b'] : [name];
      const found = slots.map((slot) => join('node-0', partition, slot));
      const missing = found.filter((path) => existsSync(join(template, path)));
      const server = await startWithout(template, 1, missing);
      await server.cluster.waitFor(({ healthy }) => !healthy, 60_000);
      const [reason, ...more] = server.cluster.status().reasons;

      expect(more).toEqual([]);
      expect(reason).toMatch(/^node 0 leaves partition 0\/0\/0 alone: .*missing/);
      expect(reason).toContain('back from a copy, or delete the topic');
      const root = await server.root();
      expect(await root.reads(code.poll, poll)).toBe('S 3004');
      expect(await root.partitionSays(op.send, sendBody('s', 't', 0, ['d']))).toBe('S 3004');
    },
  );

  it('may come from memory mode, which keeps no journal, and needs it from then on', async () => {
    const memory = { 'partition.ack': 'memory' };
    const made = await makeTemplate(1, memory);
    expect(existsSync(join(made, 'node-0', partition, 'journal.wal'))).toBe(false);

    const server = await HandCluster.start({}, { nodes: 1, dataDir: made });
    expect(await textsOf(server)).toEqual(['a', 'b', 'c']);
    const root = await server.root();
    await root.sends(sendBody('s', 't', 0, ['d']));
    expect(await textsOf(server)).toEqual(['a', 'b', 'c', 'd']);
    await server.stop();

    const again = await startWithout(made, 1, [join('node-0', partition, 'journal.wal')]);
    await again.cluster.waitFor(({ healthy }) => !healthy, 60_000);
    expect(again.cluster.status().reasons[0]).toContain('journal.wal is missing');
  });
});

describe('one node of three', () => {
  let template = '';
  beforeAll(async () => {
    template = await makeTemplate(3);
  });

  it.each([
    [[join(partition, 'superblock.a'), join(partition, 'superblock.b')]],
    [['metadata']],
    [['']],
  ])('is filled by the others again without %s', async (missing) => {
    const paths = missing.map((name) => join('node-1', name));
    const present = paths.filter((path) => existsSync(join(template, path)));
    const server = await startWithout(template, 3, present, hasty);
    const { cluster } = server;
    await cluster.waitFor(({ healthy }) => healthy, 60_000);
    const host = () => cluster.nodes[1]?.host?.partitions.slots.get(0)?.host;
    await cluster.waitFor(() => host()?.view.currentOffset === 2, 60_000);

    expect(await textsOf(server, 1)).toEqual(['a', 'b', 'c']);
    const isWhole = !missing.some((name) => name === '' || name === 'metadata');
    const events = cluster.events.since(0).filter(({ event }) => event === 'DataMissing');
    expect(events).toHaveLength(isWhole ? 0 : 1);
  });

  it('does not start where most nodes lost all they had', async () => {
    const start = startWithout(template, 3, ['node-0', 'node-1']);

    await expect(start).rejects.toThrow('as 2 of 3 nodes are');
  });
});
