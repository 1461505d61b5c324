import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterHome, finished } from '../helpers/cluster-home.js';

// One cluster after the other goes through what can happen to it; each test leaves it healthy.
const home = new ClusterHome();
let pid = 0;

interface Status {
  readonly healthy: boolean;
  readonly view: number;
  readonly primary: number;
  readonly nodes: readonly {
    readonly id: number;
    readonly address: string;
    readonly role: string;
    readonly status: string;
    readonly commit: string | null;
  }[];
}

interface Summary {
  readonly acknowledged: string;
  readonly retried: number;
}

interface Inspection {
  readonly nodes: readonly {
    readonly sections: { readonly links: readonly Readonly<Record<string, number>>[] };
  }[];
}

const status = () => home.json<Status>('cluster', 'status');

async function healthy(...conditions: string[]): Promise<void> {
  const until = ['healthy', ...conditions].flatMap((each) => ['--until', each]);
  const { code, stderr } = await home.run('cluster', 'wait', ...until, '--timeout', '90s');
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
});

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

  it('06-S29 gets another primary when its own is killed, under a message send that goes on', async () => {
    const before = await status();
    expect((await home.run('stream', 'create', 'log')).code).toBe(0);
    expect((await home.run('topic', 'create', 'log', 't', '--partitions', '1')).code).toBe(0);
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`);
    const send = home.start('message', 'send', 'log', 't', '--batch', '1', '--json');
    const sent = finished(send);
    // The writer has begun before the primary goes, and has not ended.
    send.stdin?.write(`${lines.slice(0, 5).join('\n')}\n`);
    await until(async () => (await messagesOf('log')) > 0);
    expect((await home.run('cluster', 'kill', '--primary')).code).toBe(0);
    send.stdin?.end(`${lines.slice(5).join('\n')}\n`);
    await healthy(`primary!=${before.primary}`);

    const after = await status();
    expect(after.primary).not.toBe(before.primary);
    expect(after.view).toBeGreaterThan(before.view);
    expect(after.nodes[before.primary]?.status).toBe('down');
    expect((await home.run('stream', 'create', 'second')).code).toBe(0);
    const summary = await sent;
    expect([summary.code, summary.stderr]).toEqual([0, expect.any(String)]);
    const { acknowledged, retried } = JSON.parse(summary.stdout) as Summary;
    expect(Number(acknowledged)).toBe(lines.length);
    const polled = await home.run('message', 'poll', 'log/t/0', '--first', '-n', '1000', '--json');
    expect([polled.code, polled.stderr]).toEqual([0, '']);
    const texts = payloadsOf(polled.stdout);
    expect(new Set(texts)).toEqual(new Set(lines));
    expect(texts.length - lines.length).toBeLessThanOrEqual(retried);
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

  it('06-S32 commits over a link that loses and delays frames, and counts them', async () => {
    const rule = ['--from', '0', '--to', '1', '--drop', '0.3', '--delay', '20ms~10ms'];
    const link = await home.json('cluster', 'link', ...rule);
    expect(link).toMatchObject({
      rules: [{ from: 0, to: 1, cut: false, drop: 0.3, delay_us: 20_000, jitter_us: 10_000 }],
    });
    const many = Array.from({ length: 1000 }, (_, i) => `message ${i}`).join('\n');
    expect((await home.run('stream', 'create', 'over-a-bad-link')).code).toBe(0);
    const topic = ['over-a-bad-link', 't'];
    expect((await home.run('topic', 'create', ...topic, '--partitions', '1')).code).toBe(0);
    const send = home.start('message', 'send', ...topic, '--batch', '50', '--json');
    const sent = finished(send);
    send.stdin?.end(`${many}\n`);
    const summary = await sent;
    expect(summary).toMatchObject({ code: 0 });
    expect(JSON.parse(summary.stdout)).toMatchObject({ acknowledged: '1000', failed: [] });
    const { nodes } = await home.json<Inspection>('cluster', 'inspect', '0', '--section', 'links');
    const counted = nodes[0]?.sections.links.find(({ from, to }) => from === 0 && to === 1);
    expect(counted).toMatchObject({ drop: 0.3, delay_millis: 20, jitter_millis: 10 });
    expect(counted?.['frames']).toBeGreaterThan(0);
    expect(counted?.['bytes']).toBeGreaterThan(256);
    expect(counted?.['dropped']).toBeGreaterThan(0);
    expect(counted?.['delayed']).toBeGreaterThan(0);
    const inspected = await home.run('cluster', 'inspect', '0', '--section', 'links');
    expect(inspected.stdout).toMatch(/Drop +Delay millis .*Frames +Bytes/);
    expect(await home.json('cluster', 'heal')).toMatchObject({ rules: [{ from: 0, to: 1 }] });
    expect((await home.run('cluster', 'link', '--from', '0', '--to', '1')).code).toBe(2);
    await healthy('converged');
  });

  it('06-S33 brings a wiped node back to the same state', async () => {
    expect((await home.run('cluster', 'restart', '2', '--wipe')).code).toBe(0);
    await healthy('converged', 'node.2.status=normal');
    const clients = ['cluster', 'inspect', '--section', 'clients', '--diff', '0,1,2'];
    expect((await home.run(...clients)).stdout).toBe('no difference between nodes 0, 1, 2\n');
    // Every partition is filled on its own; roles differ between nodes by their nature.
    await until(async () => {
      const args = ['cluster', 'inspect', '--section', 'partitions', '--diff', '0,1,2'];
      const { diff } = await home.json<{ diff: readonly { field: string }[] }>(...args);
      return diff.every(({ field }) => field.endsWith('.role') || field.endsWith('.journal_bytes'));
    });
  });

  it('steps down to the node that was asked for', async () => {
    const { primary } = await status();
    const to = (primary + 2) % 3;
    const record = await home.json('cluster', 'step-down', '--to', String(to));
    expect(record).toMatchObject({ action: 'step-down', primary: to });
    await healthy('converged');
  });

  it('06-S35 ends a followed log when nobody reads it any more', async () => {
    // Nothing happens meanwhile: what is printed is an event of the past.
    await healthy('converged');
    const { code, stdout } = await home.shell(
      '{ iggyctl cluster logs -f --grep view --json; echo "ended with $?" >&3; } 3>end | head -n 1; ' +
        'cat end',
    );
    expect(code).toBe(0);
    const [line = '', end] = stdout.trim().split('\n');
    expect(JSON.parse(line)).toMatchObject({ kind: 'cluster.event' });
    expect(end).toBe('ended with 0');
  });

  it.each([
    // The login cannot commit either, so the request itself may not even leave.
    ['the primary', [8, 9], /outcome unknown|could not be sent|within the time limit/i],
    ['a backup', [9], /no primary|no node accepted it|electing a leader/i],
  ] as const)('06-S30 without a quorum, %s being left, ends with %j', async (left, codes, text) => {
    await healthy('converged');
    const { primary } = await status();
    const survivor = left === 'the primary' ? primary : (primary + 1) % 3;
    const others = [0, 1, 2].filter((id) => id !== survivor).map(String);
    expect((await home.run('cluster', 'kill', ...others)).code).toBe(0);
    const name = `x-${codes[0]}`;
    const create = await home.run('stream', 'create', name, '--timeout', '2s');
    const { nodes } = await status();
    // A primary without its backups gives its role up after a heartbeat timeout.
    const wanted = nodes[survivor]?.role === 'primary' ? [8] : codes;
    expect(wanted).toContain(create.code);
    expect(create.stdout).toBe('');
    expect(create.stderr).toMatch(text);
    const health = await home.run('cluster', 'health');
    expect(health.code).toBe(9);
    expect(health.stdout).toContain('no quorum');
    expect((await home.run('cluster', 'wait', '--timeout', '200ms')).code).toBe(8);
    const servers = nodes.map(({ address }) => address).join(',');
    const asked = await home.run('cluster', 'status', '-s', servers, '--timeout', '2s', '--json');
    expect(asked.code).toBe(9);
    const seen = JSON.parse(asked.stdout) as Status;
    expect(seen).toMatchObject({ source: 'remote', healthy: false });
    const silent = seen.nodes.filter((node) => node.status === 'unreachable');
    expect(silent.map(({ id }) => String(id))).toEqual(others);

    expect((await home.run('cluster', 'restart', '--all')).code).toBe(0);
    await healthy('converged');
    const names = (await home.run('stream', 'list', '-o', 'name')).stdout.split('\n');
    const times = names.filter((each) => each === name).length;
    expect(times).toBeLessThan(left === 'the primary' ? 2 : 1);
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
    const health = await home.run('cluster', 'health');
    expect(health.code).toBe(0);
    expect(health.stdout).toMatch(/2 of 3 nodes answer \(node 1 is \w+\)\n$/);
    const metadata = await home.run('cluster', 'metadata', '--all-nodes');
    expect(metadata.code).toBe(9);
    expect(metadata.stdout).toMatch(/^node-1 says answer none: cannot connect/m);
  });
});

/** Waits until another node leads; the isolated one may still think that it does. */
async function otherPrimary(old: number): Promise<void> {
  const until = ['--until', `primary!=${old}`, '--timeout', '90s'];
  const { code, stderr } = await home.run('cluster', 'wait', ...until);
  expect([code, stderr]).toEqual([0, '']);
}

/** Messages of the only topic of a stream. */
async function messagesOf(stream: string): Promise<number> {
  const { stdout } = await home.run('stream', 'get', stream, '--json');
  return Number((JSON.parse(stdout) as { messages_count: string }).messages_count);
}

/** The texts of polled messages, one list or one message a line. */
function payloadsOf(output: string): readonly string[] {
  const documents = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Polled);
  return documents.flatMap(({ items, ...one }) => items ?? [one]).map((each) => each.payload_text);
}

interface Polled {
  readonly items?: readonly { readonly payload_text: string }[];
  readonly payload_text: string;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 60; i++) if (await holds()) return;
  throw new Error('the condition did not hold');
}
