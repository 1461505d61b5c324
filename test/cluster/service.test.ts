import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ClusterService,
  ControlClient,
  findCluster,
  findClusters,
  type JsonObject,
  runPathsOf,
} from '../../src/cluster/index.js';

const directories: string[] = [];
const services: ClusterService[] = [];
const clients: ControlClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(services.splice(0).map((service) => service.stop()));
  for (const directory of directories.splice(0)) {
    await rm(directory, { recursive: true, force: true });
  }
});

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-run-'));
  directories.push(directory);
  return directory;
}

async function start(nodes = 3, directory = freshDirectory()): Promise<ClusterService> {
  const service = await ClusterService.start({
    cluster: { nodes, ephemeral: true, portBase: 0 },
    paths: runPathsOf(directory),
    context: 'local-dev',
  });
  services.push(service);
  return service;
}

async function control(service: ClusterService): Promise<ControlClient> {
  const client = await ControlClient.connect(service.ready.control ?? '');
  clients.push(client);
  return client;
}

describe('ClusterService', () => {
  it('tells how to reach it in files that only its user can read', async () => {
    const directory = freshDirectory();
    const service = await start(3, directory);
    const paths = runPathsOf(directory);

    expect(JSON.parse(readFileSync(paths.ready, 'utf8'))).toEqual({
      kind: 'cluster.ready',
      v: 1,
      name: 'dev',
      pid: process.pid,
      control: paths.control,
      data_dir: null,
      context: 'local-dev',
      cluster_id: expect.stringMatching(/^0x[0-9a-f]{32}$/),
      view: 0,
      primary: 0,
      nodes: [0, 1, 2].map((id) => ({
        id,
        tcp: expect.any(Number),
        correlated: null,
        data_dir: null,
        role: id === 0 ? 'primary' : 'backup',
      })),
    });
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(directory)).toBe(0o700);
    expect([paths.pid, paths.control, paths.ready].map(mode)).toEqual([0o600, 0o600, 0o600]);
    expect(findCluster('dev', directory)).toMatchObject({ state: 'ready', ready: service.ready });
  });

  it('06-S27 refuses a second cluster in the same run directory with the pid', async () => {
    const directory = freshDirectory();
    await start(1, directory);

    await expect(start(1, directory)).rejects.toMatchObject({
      code: 'CLUSTER_RUNNING',
      pid: process.pid,
    });
  });

  it('leaves nothing but its log behind when it is stopped over its socket', async () => {
    const directory = freshDirectory();
    const service = await start(1, directory);
    await (await control(service)).call('down');

    expect(await service.ended).toEqual({ kind: 'stopped' });
    const paths = runPathsOf(directory);
    for (const path of [paths.pid, paths.control, paths.ready, join(directory, 'lock')]) {
      expect(existsSync(path)).toBe(false);
    }
    expect(findClusters(directory)).toEqual([]);
  });

  it('ends when its last replica stopped itself', async () => {
    const service = await start(1);
    await service.cluster.faults.disk(0, { kind: 'fsync-fail', target: 'wal' });
    const client = service.cluster.nodes[0]?.ports.tcp ?? 0;
    const { RawClient } = await import('../helpers/raw-client.js');
    const raw = await RawClient.connect(client);
    void raw.login('ab'.repeat(16)).catch(() => undefined);

    expect(await service.ended).toEqual({ kind: 'halted', reason: 'sync_failed' });
    raw.close();
  });

  it('says that a run directory belongs to a dead process', () => {
    const directory = freshDirectory();
    const paths = runPathsOf(directory);
    expect(findCluster('x', directory)).toBeUndefined();
    expect(runPathsOf(`/${'long/'.repeat(40)}`).control.length).toBeLessThan(100);
    expect(paths.control.startsWith(directory)).toBe(true);
  });
});

describe('the control socket', () => {
  it('shows status, settings and inspections', async () => {
    const service = await start();
    const client = await control(service);
    const status = (await client.call('status')) as JsonObject;

    expect(status).toMatchObject({ name: 'dev', healthy: true, primary: 0, view: 0 });
    expect(status['nodes']).toHaveLength(3);
    expect(await client.call('settings')).toContainEqual(
      expect.objectContaining({ name: 'partition.ack', value: 'fsync', origin: 'default' }),
    );
    const state = await client.call('inspect', { node: 1, sections: ['state', 'timers'] });
    expect(state).toMatchObject({
      id: 1,
      state: { replica: 1, status: 'normal', commitMin: 0 },
      timers: expect.arrayContaining([
        expect.objectContaining({ name: 'heartbeat', isRunning: true }),
      ]),
    });
    expect(state).not.toHaveProperty('log');
  });

  it('tells of every connection how far its login is, and when it was heard last', async () => {
    const service = await start(1);
    const client = await control(service);
    const { RawClient } = await import('../helpers/raw-client.js');
    const port = service.cluster.nodes[0]?.ports.tcp ?? 0;
    const silent = await RawClient.connect(port);
    const bound = await RawClient.connect(port);
    const session = await bound.login('cd'.repeat(16));
    const { sessions } = (await client.call('inspect', {
      ...{ node: 0, sections: ['sessions'] },
    })) as { sessions: readonly JsonObject[] };

    expect(sessions).toMatchObject([
      { state: 'connected', framing: 'consensus', lastFrameMillisAgo: expect.any(Number) },
      { state: 'bound', client: expect.stringMatching(/^0x[0-9a-f]{32}$/), session, userId: 0 },
    ]);
    silent.close();
    bound.close();
  });

  it('kills, restarts, cuts and heals, and tells what it did', async () => {
    const service = await start();
    const client = await control(service);

    expect(await client.call('kill', { nodes: [2], mode: 'crash' })).toMatchObject({
      action: 'kill',
      nodes: [{ id: 2, was: 'running', now: 'killed' }],
      view: 0,
      primary: 0,
    });
    expect(await client.call('restart', { nodes: [2] })).toMatchObject({
      nodes: [{ id: 2, was: 'killed', now: 'running' }],
    });
    expect(
      await client.call('link', { from: 0, to: 1, drop: 0.3, delayMillis: 20, jitterMillis: 10 }),
    ).toMatchObject({
      rules: [{ from: 0, to: 1, cut: false, drop: 0.3, delay_us: 20_000, jitter_us: 10_000 }],
    });
    expect(await client.call('isolate', { nodes: [2], direction: 'in' })).toMatchObject({
      rules: expect.arrayContaining([expect.objectContaining({ from: 0, to: 2, cut: true })]),
    });
    expect(await client.call('heal')).toMatchObject({ rules: expect.any(Array) });
    const { links } = (await client.call('inspect', {
      node: 0,
      sections: ['links'],
    })) as JsonObject;
    expect(links).toHaveLength(4);
    for (const link of links as readonly JsonObject[]) {
      expect(link).toMatchObject({ isCut: false, drop: 0, frames: expect.any(Number) });
    }
  });

  it('gives the events of the past and those to come', async () => {
    const service = await start();
    const client = await control(service);
    await client.call('kill', { nodes: [1] });
    await service.cluster.waitFor(() => service.cluster.events.since(0).length > 0, 60_000);

    const past = await client.events();
    expect(past).toContainEqual(expect.objectContaining({ event: 'NodeStateChanged', node: 1 }));
    const seen: unknown[] = [];
    const follower = await control(service);
    void follower.follow(past.length, (event) => seen.push(event));
    await client.call('kill', { nodes: [2] });
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen[0]).toMatchObject({ sequence: past.length + 1 });
  });

  it('answers malformed calls with a typed refusal, and closes on what is no call', async () => {
    const service = await start(1);
    const client = await control(service);

    await expect(client.call('nonsense')).rejects.toMatchObject({
      code: 'CONTROL_REFUSED',
      origin: 'CONTROL_MALFORMED',
    });
    await expect(client.call('toString')).rejects.toMatchObject({ origin: 'CONTROL_MALFORMED' });
    await expect(client.call('kill', { nodes: 'all' })).rejects.toMatchObject({
      origin: 'CONTROL_MALFORMED',
      details: { name: 'nodes' },
    });
    await expect(client.call('kill', { nodes: [7] })).rejects.toMatchObject({
      origin: 'CLUSTER_NODE_UNKNOWN',
    });
    const socket = connect(service.ready.control ?? '');
    socket.write('GET / HTTP/1.1\r\n\n');
    await new Promise((resolve) => socket.once('close', resolve));
  });

  it('says when nobody listens', async () => {
    await expect(ControlClient.connect('/nonexistent/control.sock')).rejects.toMatchObject({
      code: 'CONTROL_UNREACHABLE',
      details: { reason: 'ENOENT' },
    });
  });
});
