import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFrame, EvictionReason } from '../../src/wire/index.js';
import { ClusterHome, finished } from '../helpers/cluster-home.js';

const home = new ClusterHome();
const login = 'IGGY_USERNAME=iggy IGGY_PASSWORD=iggy';

interface Probed {
  readonly policy: string;
  readonly probes: readonly { name: string; answer: string; reason: string | null; ok: boolean }[];
}

async function up(name: string, ...args: string[]): Promise<void> {
  const common = ['--ephemeral', '--port-base', '0', '-d'];
  const { code, stderr } = await home.run('cluster', 'up', name, ...common, ...args);
  if (code !== 0) throw new Error(stderr);
}

async function probe(args = ''): Promise<{ code: number | null; stderr: string; seen: Probed }> {
  const { code, stdout, stderr } = await home.shell(
    `${login} iggyctl session probe ${args} --json`,
  );
  if (stdout === '') throw new Error(stderr);
  return { code, stderr, seen: JSON.parse(stdout) as Probed };
}

beforeAll(async () => {
  await up('dev');
});

afterAll(async () => {
  await home.remove();
});

describe('session probe', () => {
  it('06-S14 finds every verdict as it should be, and leaves nothing behind', async () => {
    const inspect = ['cluster', 'inspect', '--local', 'dev', '--section', 'clients'];
    const before = await home.json<{ nodes: unknown[] }>(...inspect);
    const { code, stderr, seen } = await probe();
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(seen.policy).toBe('watermark');
    expect(seen.probes.filter(({ ok }) => !ok)).toEqual([]);
    expect(Object.fromEntries(seen.probes.map(({ name, answer }) => [name, answer]))).toEqual({
      ...{ retransmit: 'cached', jump: 'reply', gap: 'reply', aged: 'already_applied' },
      ...{ reuse: 'rejected', 'stale-session': 'evicted', 'future-session': 'reply' },
      ...{ 'no-session': 'evicted', 'duplicate-register': 'reply', 'bad-register': 'rejected' },
      ...{ 'logout-twice': 'reply', 'in-flight': 'rejected' },
    });
    await home.run('cluster', 'wait', 'dev', '--until', 'converged');
    expect((await home.json<{ nodes: unknown[] }>(...inspect)).nodes).toEqual(before.nodes);
    const left = await home.shell(`${login} iggyctl stream list --json`);
    expect(JSON.parse(left.stdout)).toMatchObject({ items: [] });
  });

  it('refuses names it does not know, and probes that are impossible here', async () => {
    expect((await home.shell(`${login} iggyctl session probe bogus`)).code).toBe(2);
    const impossible = await home.shell(`${login} iggyctl session probe capacity`);
    expect(impossible.code).toBe(19);
    expect(impossible.stderr).toContain('metadata.clients_table_max');
  });

  it('06-S14 under the strict policy gaps end the session, and a small table pushes out', async () => {
    const strict = ['--set', 'session.request_policy=strict'];
    await up('strict', ...strict, '--set', 'metadata.clients_table_max=8', '--nodes', '1');
    const { code, seen } = await probe('jump gap aged capacity -C local-strict');
    expect(seen.policy).toBe('strict');
    const byName = new Map(seen.probes.map((each) => [each.name, each]));
    expect(byName.get('jump')).toMatchObject({
      answer: 'evicted',
      reason: 'SessionError',
      ok: true,
    });
    expect(byName.get('gap')).toMatchObject({
      answer: 'evicted',
      reason: 'SessionError',
      ok: true,
    });
    expect(byName.get('aged')).toMatchObject({ answer: 'already_applied', ok: true });
    expect(byName.get('capacity')).toMatchObject({ answer: 'cached', ok: true });
    expect(code).toBe(0);
  });
});

describe('session register', () => {
  const dev = '-C local-dev';

  it('06-S74 a held session is the same on every replica, and gone afterwards', async () => {
    const child = home.startProgram(
      'sh',
      '-c',
      `${login} exec "${process.execPath}" bin session register --hold --json ${dev}`.replace(
        ' bin ',
        ` "${(await import('../helpers/cluster-home.js')).program}" `,
      ),
    );
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    while (!text.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 20));
    const { session, client_id: clientId } = JSON.parse(text) as Record<string, string>;
    await home.run('cluster', 'wait', 'dev', '--until', 'converged');
    const inspect = ['cluster', 'inspect', '--local', 'dev'];
    const same = await home.json<{ diff: unknown[] }>(
      ...[...inspect, '--section', 'clients', '--diff', '0,1,2'],
    );
    expect(same.diff).toEqual([]);
    const { nodes } = await home.json<{
      nodes: { sections: { clients: Record<string, unknown>[]; log: Record<string, unknown>[] } }[];
    }>(...inspect, '--section', 'clients,log');
    for (const { sections } of nodes) {
      expect(sections.clients).toHaveLength(1);
      expect(sections.clients[0]).toMatchObject({ client: clientId });
      expect(String(sections.clients[0]?.['epoch'])).toBe(session);
      expect(sections.log.find(({ op }) => String(op) === session)).toMatchObject({
        operation: 'Register',
      });
    }
    const closed = once(child, 'close');
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    await home.run('cluster', 'wait', 'dev', '--until', 'converged');
    const after = await home.json<typeof same & { nodes: { sections: { clients: unknown[] } }[] }>(
      ...[...inspect, '--section', 'clients'],
    );
    for (const { sections } of after.nodes) expect(sections.clients).toEqual([]);
  });

  it('06-S75 a token logs its owner in, one bit more does not', async () => {
    const made = await home.shell(
      `${login} iggyctl request personal_access_token.create name=s75 expiry=0 --json ${dev}`,
    );
    const { reply } = JSON.parse(made.stdout) as { reply: { token: string } };
    const { token } = reply;
    const register = `iggyctl session register --token-stdin --json ${dev}`;
    const good = await home.shell(`printf '%s\\n' '${token}' | ${register}`);
    expect(good.code).toBe(0);
    const { session, reply_frame_hex: frame } = JSON.parse(good.stdout) as Record<string, string>;
    const decoded = await home.json('decode', frame ?? '');
    expect(decoded).toMatchObject({
      ...{ command: { name: 'Reply' }, operation: { name: 'Register' }, body: { session } },
    });
    expect(JSON.parse(good.stdout)).toMatchObject({ user: 'iggy', auth_method: 'token' });
    const last = token.endsWith('a') ? 'b' : 'a';
    const bad = await home.shell(`printf '%s\\n' '${token.slice(0, -1)}${last}' | ${register}`);
    expect(bad.code).toBe(5);
    expect(bad.stdout).toBe('');
  });
});

it('06-S16 a server of other versions ends the login with 14 and names the window', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const serverProtocolVersion = 12 * 1024 + 3;
      const serverProtocolVersionMin = 12 * 1024;
      const reason = EvictionReason.IncompatibleProtocol;
      const window = { serverProtocolVersion, serverProtocolVersionMin };
      socket.write(buildFrame('Eviction', { client: 1n, reason, ...window }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child = home.start('login', '-s', `127.0.0.1:${port}`, '-u', 'iggy', '--password-stdin');
  child.stdin?.end('iggy\n');
  const { code, stderr, stdout } = await finished(child);
  server.close();
  expect(code).toBe(14);
  expect(stdout).toBe('');
  expect(stderr).toContain('0.11.0');
  expect(stderr).toContain('0.12.0');
  expect(stderr).toContain('0.12.3');
});
