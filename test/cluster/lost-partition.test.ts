import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HandCluster } from '../acceptance/hand/hand-cluster.js';
import { readPoll } from '../acceptance/hand/replies.js';
import {
  code,
  op,
  pollBody,
  sendBody,
  streamBody,
  topicBody,
} from '../acceptance/hand/requests.js';

const poll = pollBody({
  ...{ reads: 1, stream: 's', topic: 't', partition: 0, by: 'first', count: 99 },
});

// Many ticks pass until a replica that asks in vain would elect, and until others miss their primary.
it('03-T43 a node that lost a partition does not vote what others may lack out of existence', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-lost-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const server = await HandCluster.start(
    { 'cluster.heartbeat_timeout': '2s', 'cluster.commit_broadcast_interval': '100ms' },
    { nodes: 3, dataDir, tickMillis: 2 },
  );
  const { cluster } = server;
  const [holder, loser, late] = [
    server.primary,
    ...[0, 1, 2].filter((id) => id !== server.primary),
  ];
  if (holder === undefined || loser === undefined || late === undefined)
    throw new Error('no nodes');
  const partitionOf = (node: number) => cluster.nodes[node]?.host?.partitions.slots.get(0)?.host;
  const root = await server.root();
  await root.must(op.createStream, streamBody('s'));
  await root.must(op.createTopic, topicBody('s', 't'));
  await root.sends(sendBody('s', 't', 0, ['known to all']));
  const has = (node: number, offset: number) => partitionOf(node)?.view.currentOffset === offset;
  await cluster.waitFor(() => partitionOf(late)?.status.commitMin === 1, 60_000);

  // The next message is agreed on by two, one of which loses the files, while the other is away.
  cluster.faults.isolate(late);
  await root.sends(sendBody('s', 't', 0, ['known to two']));
  await cluster.waitFor(() => has(loser, 1), 60_000);
  await cluster.kill(loser, 'clean');
  rmSync(join(dataDir, `node-${loser}/streams`), { recursive: true });
  await cluster.kill(holder, 'crash');
  cluster.faults.heal();
  await cluster.restart(loser);
  const lost = () => partitionOf(loser)?.replica.state;
  await cluster.waitFor(() => (lost()?.probeAttempts ?? 0) > 5, 60_000);
  expect(lost()).toMatchObject({ status: 'recovering', journalLost: true });
  expect([loser, late].map((node) => partitionOf(node)?.status.isActingPrimary)).toEqual([
    false,
    false,
  ]);

  // Also after another restart, now that there are files again.
  await cluster.restart(loser);
  await cluster.waitFor(() => lost() !== undefined, 60_000);
  expect(lost()).toMatchObject({ status: 'recovering', journalLost: true });

  await cluster.restart(holder);
  await cluster.waitFor(() => [0, 1, 2].every((node) => has(node, 1)), 60_000);
  const again = await server.root();
  await again.sends(sendBody('s', 't', 0, ['after all']));
  expect(readPoll(await again.get(code.poll, poll)).texts).toEqual([
    'known to all',
    'known to two',
    'after all',
  ]);
  expect(partitionOf(loser)?.status.lostUpTo).toBeGreaterThanOrEqual(2);
});
