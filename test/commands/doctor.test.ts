import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { hashing } from '../helpers/remembered-hashing.js';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string | null;
}

let cluster: LocalCluster;
let home: CliHome;
let server = '';

beforeAll(async () => {
  cluster = await LocalCluster.start({ hashing, nodes: 1, portBase: 0, ephemeral: true });
  server = `127.0.0.1:${cluster.readyRecord().nodes[0]?.tcp}`;
  home = new CliHome({ IGGYCTL_SERVER: server, IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' });
});

afterAll(async () => {
  home.remove();
  await cluster.stop();
});

async function checks(...args: string[]): Promise<{ code: number | null; checks: Check[] }> {
  const { code, stdout } = await home.run(['doctor', '--json', ...args]);
  const result = JSON.parse(stdout) as { readonly checks: Check[] };
  return { code, checks: result.checks };
}

describe('doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { code, checks: found } = await checks();
    expect(found.filter(({ ok }) => !ok)).toEqual([]);
    expect(code).toBe(0);
    expect(found.map(({ name }) => name)).toContain(`server ${server}`);
    expect(found.find(({ name }) => name === 'protocol')?.detail).toContain('iggyctl/');
  });

  it('names an unreachable server and what to do', async () => {
    const { code, checks: found } = await checks('-s', `${server},127.0.0.1:1`);
    expect(code).toBe(9);
    const wrong = found.filter(({ ok }) => !ok);
    expect(wrong.map(({ name }) => name)).toEqual(['server 127.0.0.1:1']);
    expect(wrong[0]?.fix).toContain('iggyctl cluster up');
  });

  it('names a credentials file that others can read, and secrets in clear text', async () => {
    const state = join(home.path, 'state/iggyctl');
    const config = join(home.path, 'config/iggyctl');
    for (const path of [state, config]) mkdirSync(path, { recursive: true, mode: 0o700 });
    writeFileSync(join(state, 'credentials.json'), '{"version":1,"secrets":{}}');
    chmodSync(join(state, 'credentials.json'), 0o644);
    const text =
      'version = 1\n[contexts.dev]\nusername = "iggy"\nauth = { password = "hunter2" }\n';
    writeFileSync(join(config, 'config.toml'), text, { mode: 0o600 });
    const run = await home.run(['doctor']);
    expect(run.code).toBe(9);
    expect(run.stdout).toContain(`chmod 600 ${join(state, 'credentials.json')}`);
    expect(run.stdout).toContain('contexts.dev.auth.password');
    expect(run.stdout).not.toContain('hunter2');
  });

  it('says where the config file is wrong, and still looks at the rest', async () => {
    writeFileSync(join(home.path, 'config/iggyctl/config.toml'), 'version = "one"\n');
    const { code, checks: found } = await checks();
    expect(code).toBe(9);
    expect(found.find(({ name }) => name === 'config')?.detail).toMatch(/config\.toml:1:/);
    expect(found.find(({ name }) => name === 'node')?.ok).toBe(true);
    writeFileSync(join(home.path, 'config/iggyctl/config.toml'), 'version = 1\n', { mode: 0o600 });
    chmodSync(join(home.path, 'state/iggyctl/credentials.json'), 0o600);
  });
});

describe('version --server', () => {
  it('06-S05 adds the version of the server', async () => {
    const alone = await home.json(['version', '--server']);
    const named = await home.json(['version', '--server', server]);
    expect(alone['server']).toMatchObject({ version: expect.stringMatching(/^iggyctl\//) });
    expect(named['server']).toEqual(alone['server']);
    expect((await home.json(['version']))['server']).toBeNull();
  });
});

describe('logout --all', () => {
  it('revokes and forgets the logins of every context', async () => {
    const input = { input: 'iggy\n' };
    const logIn = ['login', '-u', 'iggy', '--password-stdin'];
    await home.run(['context', 'create', 'other', '-s', server]);
    expect((await home.run(logIn, input)).code).toBe(0);
    expect((await home.run([...logIn, '-C', 'other'], input)).code).toBe(0);
    const before = await home.json(['token', 'list']);
    expect(before['items']).toHaveLength(2);
    const ended = await home.json(['logout', '--all']);
    expect(ended).toMatchObject({ revoked: true, removed_local: true });
    const after = await home.json(['token', 'list']);
    expect(after['items']).toEqual([]);
    expect(await home.json(['logout', '--all'])).toMatchObject({ removed_local: false });
  });
});

describe('a fault of the program', () => {
  it('ends with 70, names where a report is, and keeps secrets out of it', async () => {
    const crash = new CliHome({ IGGYCTL_PASSWORD: 'topsecret', IGGYCTL_USERNAME: 'iggy' });
    try {
      // A fault in the middle of a command.
      const planted = join(crash.path, 'break.cjs');
      const fault = [
        'const timer = setInterval(() => {',
        "  if (process.listenerCount('uncaughtException') === 0) return;",
        '  clearInterval(timer);',
        "  throw new Error('lost topsecret');",
        '}, 5);',
      ];
      writeFileSync(planted, fault.join('\n'));
      const run = await crash.run(['ping', '-c', '0', '-s', server], {
        env: { NODE_OPTIONS: `--require ${planted}` },
      });
      expect(run.code).toBe(70);
      expect(run.stderr).toContain('internal fault: lost ********');
      expect(run.stderr).toMatch(/cause: iggyctl .*Node\.js v/);
      const folder = join(crash.path, 'state/iggyctl/crashes');
      const [file = ''] = readdirSync(folder);
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text).toContain('Error: lost ********');
      expect(text + run.stderr).not.toContain('topsecret');
    } finally {
      crash.remove();
    }
  });
});
