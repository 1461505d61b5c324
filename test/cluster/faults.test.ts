import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Chaos, LocalCluster, type LocalClusterOptions } from '../../src/cluster/index.js';
import { hashing } from '../helpers/remembered-hashing.js';
import { StreamWriter } from '../helpers/stream-writer.js';

// The scenarios spend their time waiting for elections, so they run side by side; what they started
// is stopped at the end.
const clusters: LocalCluster[] = [];
const writers: StreamWriter[] = [];
const directories: string[] = [];

afterAll(async () => {
  for (const writer of writers.splice(0)) writer.close();
  await Promise.all(clusters.splice(0).map((cluster) => cluster.stop()));
  for (const directory of directories.splice(0)) {
    await rm(directory, { recursive: true, force: true });
  }
});

/** Short timeouts, so that an election takes two seconds. */
const settings = [
  { name: 'cluster.heartbeat_timeout', value: '2s', origin: 'test' },
  { name: 'cluster.commit_broadcast_interval', value: '100ms', origin: 'test' },
];

async function start(options: Partial<LocalClusterOptions> = {}): Promise<LocalCluster> {
  const storage = options.dataDir === undefined ? { ephemeral: true } : {};
  const cluster = await LocalCluster.start({
    hashing,
    nodes: 3,
    portBase: 0,
    settings,
    seed: 7n,
    ...storage,
    ...options,
  });
  clusters.push(cluster);
  return cluster;
}

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-faults-'));
  directories.push(directory);
  return directory;
}

const primaryOf = (cluster: LocalCluster) => {
  const { primary } = cluster.status();
  if (primary === undefined) throw new Error('there is no primary');
  return primary;
};
const portOf = (cluster: LocalCluster, node: number) => cluster.nodes[node]?.ports.tcp ?? 0;

async function writerAt(cluster: LocalCluster, node: number, id = 'ab'): Promise<StreamWriter> {
  const writer = new StreamWriter(id.repeat(16));
  writers.push(writer);
  await writer.attach(portOf(cluster, node));
  return writer;
}

/** All nodes that run have applied the same. */
const converged = (cluster: LocalCluster, nodes: number) =>
  cluster.waitFor((status) => {
    const live = status.nodes.filter(({ status: name }) => name === 'normal');
    const commits = new Set(live.map(({ commit }) => commit));
    return live.length === nodes && commits.size === 1 && status.primary !== undefined;
  }, 60_000);

describe.concurrent('a cluster under faults', () => {
  it('04-S61 07-S5 (T01) elects another primary when its own is killed, and keeps what was acknowledged', async () => {
    const cluster = await start();
    const before = primaryOf(cluster);
    const writer = await writerAt(cluster, before);
    const first = await writer.create('before');

    await cluster.kill(before, 'crash');
    expect(cluster.status().nodes[before]).toMatchObject({ state: 'killed', reachable: false });
    await cluster.waitFor(({ primary }) => primary !== undefined, 60_000);
    const after = primaryOf(cluster);
    expect(after).not.toBe(before);

    await writer.attach(portOf(cluster, after));
    const again = await writer.repeat('before');
    expect(again.frame.equals(first.frame)).toBe(true);
    expect(await writer.create('after')).toMatchObject({ result: 0 });
  });

  it('07-S5 (T02) takes a killed node back, which then catches up', async () => {
    const cluster = await start();
    const backup = (primaryOf(cluster) + 1) % 3;
    await cluster.kill(backup, 'clean');
    const writer = await writerAt(cluster, primaryOf(cluster));
    for (let i = 0; i < 6; i++) await writer.create(`while-away-${i}`);

    await cluster.restart(backup);

    await converged(cluster, 3);
    const login = await writerAt(cluster, backup, 'cd');
    expect(login.session).toBeGreaterThan(6);
  });

  it('07-S5 (T06) kills a minority without losing service, and a majority with losing it only', async () => {
    const cluster = await start();
    const [a, b] = [0, 1, 2].filter((node) => node !== primaryOf(cluster)) as [number, number];
    const writer = await writerAt(cluster, primaryOf(cluster));
    await cluster.kill(a, 'crash');
    expect(await writer.create('with-two')).toMatchObject({ result: 0 });

    await cluster.kill(b, 'crash');
    const alone = writer.create('with-one');
    await cluster.restart(a);
    expect(await alone).toMatchObject({ result: 0 });
    expect(await writer.create('with-two-again')).toMatchObject({ result: 0 });
  });

  it('07-S5 (T03) loses nothing acknowledged when all nodes of a durable cluster lose power at once', async () => {
    const cluster = await start({ dataDir: freshDirectory() });
    const writer = await writerAt(cluster, primaryOf(cluster));
    const names = Array.from({ length: 30 }, (_, i) => `kept-${i}`);
    const replies = [];
    for (const name of names) replies.push(await writer.create(name));

    await Promise.all([0, 1, 2].map((node) => cluster.kill(node, 'crash')));
    await Promise.all([0, 1, 2].map((node) => cluster.restart(node)));
    await cluster.waitFor(({ primary }) => primary !== undefined, 60_000);

    const port = portOf(cluster, primaryOf(cluster));
    await writer.attach(port);
    expect(
      (await writer.repeat('kept-29')).frame.equals(replies[29]?.frame ?? Buffer.alloc(0)),
    ).toBe(true);
    for (const name of names.slice(0, 5)) {
      expect(await writer.create(name)).toMatchObject({ result: 1012 });
    }
  });

  it('07-S5 (T08) goes on in the majority while the primary is cut off, and takes it back as a backup', async () => {
    const cluster = await start();
    const cut = primaryOf(cluster);
    cluster.faults.isolate(cut);
    expect(cluster.faults.links).toHaveLength(4);
    await cluster.waitFor(({ primary }) => primary !== undefined && primary !== cut, 60_000);
    const writer = await writerAt(cluster, primaryOf(cluster));
    expect(await writer.create('in-the-majority')).toMatchObject({ result: 0 });

    expect(cluster.faults.heal()).toBe(4);

    await converged(cluster, 3);
    expect(primaryOf(cluster)).not.toBe(cut);
  });

  it('serves through lossy, slow and repeating links', async () => {
    const cluster = await start();
    for (const from of [0, 1, 2]) {
      for (const to of [0, 1, 2]) {
        if (from === to) continue;
        cluster.faults.link(from, to, {
          drop: 0.05,
          duplicate: 0.2,
          delayMillis: 1,
          jitterMillis: 4,
          reorder: 0.1,
        });
      }
    }
    const writer = await writerAt(cluster, primaryOf(cluster));
    for (let i = 0; i < 30; i++) {
      expect(await writer.create(`lossy-${i}`)).toMatchObject({ result: 0 });
    }
    cluster.faults.heal();
    await converged(cluster, 3);
  });

  it('07-S5 (T05) freezes a node and lets it go on where it was', async () => {
    const cluster = await start();
    const frozen = primaryOf(cluster);
    await cluster.kill(frozen, 'pause');
    expect(cluster.status().nodes[frozen]).toMatchObject({ state: 'paused', reachable: false });
    await cluster.waitFor(({ primary }) => primary !== undefined && primary !== frozen, 60_000);

    cluster.faults.heal([frozen]);

    await converged(cluster, 3);
    expect(primaryOf(cluster)).not.toBe(frozen);
  });

  it.each(['crash', 'clean'] as const)(
    'listens to clients after a freeze that ended in a %s',
    async (mode) => {
      const cluster = await start({ nodes: 1 });
      await cluster.kill(0, 'pause');
      await cluster.kill(0, mode);
      await cluster.restart(0);

      const writer = await writerAt(cluster, 0);
      expect(await writer.create('thawed')).toMatchObject({ result: 0 });
    },
  );

  it('moves the leadership when it is told to', async () => {
    const cluster = await start();
    const before = cluster.status();
    expect(cluster.stepDown()).toBe(true);

    await cluster.waitFor(
      ({ primary, view = 0 }) => primary !== undefined && view > (before.view ?? 0),
      60_000,
    );
    expect(primaryOf(cluster)).not.toBe(before.primary);
  });

  it('07-S5 (T10) stops a node whose disk fails a sync, with the reason, and goes on without it', async () => {
    const cluster = await start({ dataDir: freshDirectory() });
    const victim = primaryOf(cluster);
    const writer = await writerAt(cluster, victim);
    await writer.create('before');
    await cluster.faults.disk(victim, { kind: 'fsync-fail', target: 'wal', once: true });
    await expect(writer.create('lost')).rejects.toThrow('closed');

    expect(cluster.status().nodes[victim]).toMatchObject({
      state: 'stopped',
      error: 'sync_failed',
    });
    expect(cluster.halts).toMatchObject([{ node: victim, halt: { reason: 'sync_failed' } }]);
    await cluster.waitFor(({ primary }) => primary !== undefined, 60_000);
    await writer.attach(portOf(cluster, primaryOf(cluster)));
    expect(await writer.create('after')).toMatchObject({ result: 0 });

    await cluster.restart(victim);
    await converged(cluster, 3);
  });

  it('07-S5 (T11) recovers a torn write of the journal as a torn tail', async () => {
    const cluster = await start({ dataDir: freshDirectory() });
    const backup = (primaryOf(cluster) + 1) % 3;
    const writer = await writerAt(cluster, primaryOf(cluster));
    await cluster.faults.disk(backup, { kind: 'torn', target: 'wal', once: true });
    for (let i = 0; i < 5; i++) await writer.create(`torn-${i}`);
    expect(cluster.status().nodes[backup]).toMatchObject({ state: 'stopped' });

    await cluster.restart(backup);

    await converged(cluster, 3);
    const cut = cluster.events.since(0).filter(({ event }) => event === 'JournalTailCut');
    expect(cut).toMatchObject([{ node: backup }]);
  });

  it('06-S34 refuses to start from a superblock with a flipped bit, and serves with the others', async () => {
    const cluster = await start();
    const backup = (primaryOf(cluster) + 1) % 3;
    const writer = await writerAt(cluster, primaryOf(cluster));
    await writer.create('before');
    cluster.stepDown();
    await cluster.waitFor(({ view = 0, primary }) => view > 0 && primary !== undefined, 60_000);
    await cluster.faults.disk(backup, { kind: 'bitflip', target: 'superblock' });

    await cluster.restart(backup);

    expect(cluster.status().nodes[backup]).toMatchObject({
      state: 'refused',
      error: expect.stringContaining('metadata/superblock.'),
    });
    await cluster.waitFor(({ primary }) => primary !== undefined, 60_000);
    await writer.attach(portOf(cluster, primaryOf(cluster)));
    expect(await writer.create('after')).toMatchObject({ result: 0 });
  });

  it('07-S5 (T09) hands an operation back when the disk is full, and serves again when there is room', async () => {
    const cluster = await start();
    const primary = primaryOf(cluster);
    const writer = await writerAt(cluster, primary);
    await cluster.faults.disk(primary, { kind: 'enospc', target: 'wal', once: true });

    expect(await writer.create('full')).toMatchObject({ result: 0 });
    expect(await writer.create('room')).toMatchObject({ result: 0 });
    await converged(cluster, 3);
  });

  it('07-S5 (T12) fills a wiped node again, which does not vote before it has caught up', async () => {
    const cluster = await start({ dataDir: freshDirectory() });
    const backup = (primaryOf(cluster) + 1) % 3;
    const writer = await writerAt(cluster, primaryOf(cluster));
    for (let i = 0; i < 10; i++) await writer.create(`wiped-${i}`);

    await cluster.restart(backup, { wipe: true });

    await converged(cluster, 3);
    await cluster.waitFor(() => cluster.nodes[backup]?.disk.size('joining') === undefined, 60_000);
    expect(cluster.nodes[backup]?.disk.size('metadata/journal.wal')).toBeGreaterThan(0);
  });

  it('07-S5 (T26) keeps what it acknowledged while one thing after another goes wrong', async () => {
    const cluster = await start();
    const chaos = new Chaos(cluster, 'heavy', 11);
    chaos.start();
    const id = 'fa';
    const writer = await writerAt(cluster, primaryOf(cluster), id);
    const acknowledged: string[] = [];
    const end = performance.now() + 5000;
    for (let i = 0; performance.now() < end; i++) {
      const name = `chaos-${i}`;
      const reply = await writer.createWherever(name, () => {
        const { primary } = cluster.status();
        return primary === undefined ? undefined : portOf(cluster, primary);
      });
      expect(reply.result).toBe(0);
      acknowledged.push(name);
    }
    await chaos.stop();
    await converged(cluster, 3);

    expect(chaos.count).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThan(10);
    await writer.attach(portOf(cluster, primaryOf(cluster)));
    for (const name of acknowledged.slice(-10)) {
      expect(await writer.create(name)).toMatchObject({ result: 1012 });
    }
  });

  it('refuses commands that do not fit', async () => {
    const cluster = await start({ nodes: 1 });

    await expect(cluster.kill(4, 'crash')).rejects.toMatchObject({ code: 'CLUSTER_NODE_UNKNOWN' });
    await cluster.kill(0, 'crash');
    await expect(cluster.kill(0, 'crash')).rejects.toMatchObject({ code: 'CLUSTER_STATE' });
    expect(cluster.status()).toMatchObject({ healthy: false });
    await expect(cluster.waitFor(({ healthy }) => healthy, 50)).rejects.toMatchObject({
      code: 'CLUSTER_NOT_READY',
    });
  });
});
