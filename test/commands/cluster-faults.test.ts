import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterHome } from '../helpers/cluster-home.js';

// One cluster after the other goes through what can happen to it; each test leaves it healthy.
const home = new ClusterHome();
let pid = 0;

interface Status {
  readonly healthy: boolean;
  readonly view: number;
  readonly primary: number;
  readonly nodes: readonly { readonly status: string; readonly commit: string | null }[];
}

const status = () => home.json<Status>('cluster', 'status');

async function healthy(...conditions: string[]): Promise<void> {
  const until = ['healthy', ...conditions].flatMap((each) => ['--until', each]);
  const { code, stderr } = await home.run('cluster', 'wait', ...until, '--timeout', '25s');
  expect([code, stderr]).toEqual([0, '']);
}

beforeAll(async () => {
  const flags = ['--ephemeral', '--port-base', '0', '--set', 'cluster.heartbeat_timeout=2s'];
  const { code, stdout } = await home.run('cluster', 'up', '-d', ...flags, '--json');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  const ready = JSON.parse(stdout) as { pid: number; nodes: { tcp: number }[] };
  expect(ready).toMatchObject({ kind: 'cluster.ready', context: 'local-dev' });
  expect(new Set(ready.nodes.map(({ tcp }) => tcp)).size).toBe(3);
  pid = ready.pid;
}, 60_000);

afterAll(() => home.remove(), 60_000);

describe('a detached cluster', () => {
  it('06-S26 runs in a process of its own, and its context works at once', async () => {
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect((await home.run('stream', 'create', 'first')).code).toBe(0);
    expect((await home.run('stream', 'list', '-o', 'name')).stdout).toBe('first\n');
  });

  it('06-S27 is not started twice', async () => {
    const again = await home.run('cluster', 'up', '-d', '--port-base', '0', '--json');
    expect(again).toMatchObject({ code: 4, stdout: '' });
    expect(JSON.parse(again.stderr)).toMatchObject({
      error: {
        exit_code: 4,
        message: expect.stringContaining(String(pid)),
        hint: 'iggyctl cluster status dev',
      },
    });
  });

  it('06-S28 shows its nodes, which have committed the same', async () => {
    await healthy('converged');
    const { code, stdout } = await home.run('cluster', 'status');
    const [header = '', ...rows] = stdout.trim().split('\n');
    expect(code).toBe(0);
    expect(header.split(/ {2,}/)).toEqual([
      ...['Node', 'Address', 'Role', 'Status', 'View', 'Log view', 'Commit', 'Op', 'Lag'],
      ...['Pipeline', 'Uptime', 'RTT', 'Error'],
    ]);
    expect(rows.map((row) => row.split(/ {2,}/)[2])).toEqual(['primary', 'backup', 'backup']);
    expect(new Set((await status()).nodes.map(({ commit }) => commit)).size).toBe(1);
    expect((await home.run('cluster', 'status', 'nowhere')).code).toBe(3);
  });

  it('tells health as text, JSON and for monitoring, with the same exit status', async () => {
    const args = ['cluster', 'health', '--expect-nodes', '4'];
    const nagios = await home.run(...args, '--format', 'nagios');
    expect(nagios.code).toBe(9);
    expect(nagios.stdout).toMatch(/^CLUSTER CRITICAL - dev: 3 of 4 expected nodes/);
    const json = await home.run(...args, '--json');
    expect(json.code).toBe(9);
    expect(JSON.parse(json.stdout)).toMatchObject({ healthy: false, nodes_healthy: 3 });
    expect((await home.run('cluster', 'health')).stdout).toMatch(/^dev is healthy/);
  });

  it('06-S29 gets another primary when its own is killed', async () => {
    const before = await status();
    expect((await home.run('cluster', 'kill', '--primary')).code).toBe(0);
    await healthy(`primary!=${before.primary}`);

    const after = await status();
    expect(after.primary).not.toBe(before.primary);
    expect(after.view).toBeGreaterThan(before.view);
    expect(after.nodes[before.primary]?.status).toBe('down');
    expect((await home.run('stream', 'create', 'second')).code).toBe(0);
    expect((await home.run('cluster', 'kill', String(before.primary))).code).toBe(4);
    expect((await home.run('cluster', 'restart', String(before.primary))).code).toBe(0);
    await healthy('converged');
  });

  it('06-S31 elects without an isolated primary, says why, and converges once it is back', async () => {
    const { primary, view } = await status();
    const isolated = home.run('cluster', 'isolate', '--primary', '--for', '4s');
    await otherPrimary(primary);
    const { code, stdout } = await isolated;
    expect(code).toBe(0);
    expect(stdout).toContain('cut');
    await healthy('converged', `view>${view}`);
    const logs = await home.run('cluster', 'logs', '--grep', 'view', '--json');
    const events = logs.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'cluster.event',
        event: 'view_change',
        reason: 'normal_heartbeat_timeout',
      }),
    );
  });

  it('06-S32 commits over a link that loses and delays frames', async () => {
    const rule = ['--from', '0', '--to', '1', '--drop', '0.3', '--delay', '20ms~10ms'];
    const link = await home.json('cluster', 'link', ...rule);
    expect(link).toMatchObject({
      rules: [{ from: 0, to: 1, cut: false, drop: 0.3, delay_us: 20_000, jitter_us: 10_000 }],
    });
    expect((await home.run('stream', 'create', 'over-a-bad-link')).code).toBe(0);
    const inspected = await home.run('cluster', 'inspect', '0', '--section', 'links');
    expect(inspected.stdout).toMatch(/0\.3/);
    expect(await home.json('cluster', 'heal')).toMatchObject({ rules: [{ from: 0, to: 1 }] });
    expect((await home.run('cluster', 'link', '--from', '0', '--to', '1')).code).toBe(2);
    await healthy('converged');
  });

  it('06-S33 brings a wiped node back to the same state', async () => {
    expect((await home.run('cluster', 'restart', '2', '--wipe')).code).toBe(0);
    await healthy('converged', 'node.2.status=normal');
    const args = ['cluster', 'inspect', '--section', 'clients,partitions', '--diff', '0,1,2'];
    expect((await home.run(...args)).stdout).toBe('no difference between nodes 0, 1, 2\n');
  });

  it('steps down to the node that was asked for', async () => {
    const { primary } = await status();
    const to = (primary + 2) % 3;
    const record = await home.json('cluster', 'step-down', '--to', String(to));
    expect(record).toMatchObject({ action: 'step-down', primary: to });
    await healthy('converged');
  });

  it('06-S35 ends a followed log when nobody reads it any more', async () => {
    const { code, stdout } = await home.shell(
      'iggyctl cluster logs -f --grep view --json | head -n 1',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'cluster.event' });
  });

  it('06-S30 says that there is no quorum, and does nothing twice', async () => {
    const { primary } = await status();
    const others = [0, 1, 2].filter((id) => id !== primary).map(String);
    expect((await home.run('cluster', 'kill', ...others)).code).toBe(0);
    const health = await home.run('cluster', 'health');
    expect(health.code).toBe(9);
    expect(health.stdout).toContain('no quorum');
    const create = await home.run('stream', 'create', 'x', '--timeout', '2s');
    expect([8, 9]).toContain(create.code);
    expect((await home.run('cluster', 'wait', '--timeout', '200ms')).code).toBe(8);

    expect((await home.run('cluster', 'restart', '--all')).code).toBe(0);
    await healthy('converged');
    const names = (await home.run('stream', 'list', '-o', 'name')).stdout.split('\n');
    expect(names.filter((name) => name === 'x').length).toBeLessThan(2);
  });

  it('06-S34 a node with a damaged superblock refuses to start, and the others go on', async () => {
    const fault = ['--disk', 'bitflip', '--target', 'superblock'];
    expect((await home.run('cluster', 'fault', '1', ...fault)).code).toBe(0);
    await home.run('cluster', 'restart', '1');
    await healthy();
    const { nodes } = await home.json<{ nodes: { status: string; error: string | null }[] }>(
      'cluster',
      'status',
    );
    expect(nodes[1]).toMatchObject({
      status: 'refused',
      error: expect.stringMatching(/superblock\.[ab]/),
    });
    expect((await home.run('cluster', 'health', '--expect-nodes', '3')).code).toBe(9);
    expect((await home.run('cluster', 'health')).code).toBe(0);
  });
}, 60_000);

/** Waits until another node leads; the isolated one may still think that it does. */
async function otherPrimary(old: number): Promise<void> {
  const until = ['--until', `primary!=${old}`, '--timeout', '20s'];
  const { code, stderr } = await home.run('cluster', 'wait', ...until);
  expect([code, stderr]).toEqual([0, '']);
}
