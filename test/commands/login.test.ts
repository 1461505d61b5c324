import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';

let cluster: LocalCluster;
let home: CliHome;
let isStopped = false;
const password = { input: 'iggy\n' };
const logIn = ['login', '-u', 'iggy', '--password-stdin'];

beforeAll(async () => {
  cluster = await LocalCluster.start({ nodes: 3, portBase: 0, ephemeral: true });
  const servers = cluster.readyRecord().nodes.map(({ tcp }) => `127.0.0.1:${tcp}`);
  home = new CliHome({ IGGYCTL_SERVER: servers.join(',') });
});

afterAll(async () => {
  home.remove();
  if (!isStopped) await cluster.stop();
});

/** The texts of all files below a folder. */
function textsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

describe('login', () => {
  it('06-S11 without credentials ends with 5 and a hint, without asking', async () => {
    const { code, stdout, stderr } = await home.run(['me']);
    expect(code).toBe(5);
    expect(stdout).toBe('');
    expect(stderr).toContain('hint:  iggyctl login');
  });

  it('names a config file that was asked for and is not there', async () => {
    const { code, stderr } = await home.run(['me', '--config', 'no/such.toml']);

    expect(code).toBe(5);
    expect(stderr).toContain('no stored login: no/such.toml does not exist');
  });

  it('06-S07 shows the session and leaves a token of mode 0600, but no password', async () => {
    const { code, stdout } = await home.run(logIn, { input: 'iggy\n' });
    expect(code).toBe(0);
    for (const label of ['Server', 'User', 'Client ID', 'Session', 'View', 'Primary', 'Expires']) {
      expect(stdout).toContain(label);
    }
    const file = join(home.path, 'state/iggyctl/credentials.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const text of textsBelow(home.path)) expect(text).not.toContain('"iggy\\n"');
  });

  it('06-S08 again says that there is a login, and makes no second token', async () => {
    const again = await home.json(logIn, password);
    expect(again['already_logged_in']).toBe(true);
    const { stderr } = await home.run(['login']);
    expect(stderr).toContain('already logged in as iggy');
    const { items } = await home.json(['token', 'list']);
    expect(items).toHaveLength(1);
  });

  it('06-S09 a wrong password ends with 5 and names the sources', async () => {
    const { code, stdout, stderr } = await home.run(logIn, { input: 'wrong\n' });
    expect(code).toBe(5);
    expect(stdout).toBe('');
    expect(stderr).toContain('[InvalidCredentials');
    expect(stderr).toContain('--password-stdin');
  });

  it('06-S10 refuses a password on the command line without repeating it', async () => {
    const args = ['login', '-u', 'iggy', '--password', 'secret'];
    const { code, stderr } = await home.run(args, { env: { IGGYCTL_LOG: 'debug' } });
    expect(code).toBe(2);
    for (const way of ['--password-stdin', '--password-file', 'IGGYCTL_PASSWORD']) {
      expect(stderr).toContain(way);
    }
    expect(stderr).not.toContain('secret');
  });

  it('06-S12 explicit credentials beat the stored login', async () => {
    const env = { IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' };
    expect(await home.json(['whoami'], { env })).toMatchObject({ user: 'iggy', source: 'env' });
    await home.run(['logout']);
    const created = ['user', 'create', 'ann', '--password-stdin'];
    expect((await home.run(created, { env, input: 'ann-pw\n' })).code).toBe(0);
    await home.json(['login', '-u', 'ann', '--password-stdin'], { input: 'ann-pw\n' });
    expect(await home.json(['whoami'])).toMatchObject({ user: 'ann', source: 'stored' });
    expect(await home.json(['whoami'], { env })).toMatchObject({ user: 'iggy', source: 'env' });
    await home.run(['logout']);
    await home.json(logIn, password);
  });

  it('06-S13 a revoked token is reported as expired, offline the record still shows', async () => {
    const file = join(home.path, 'state/iggyctl/logins');
    const [name = ''] = readdirSync(file);
    const { token_name: token } = JSON.parse(readFileSync(join(file, name), 'utf8'));
    const env = { IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' };
    await home.json(['session', 'show']);
    const revoke = ['request', 'personal_access_token.delete', `name=${token}`];
    expect((await home.run(revoke, { env })).code).toBe(0);
    const shown = await home.run(['session', 'show']);
    expect(shown.code).toBe(5);
    expect(shown.stderr).toContain('InvalidPersonalAccessToken');
    expect(shown.stderr).toContain('hint:  iggyctl login');
    expect(await home.json(['session', 'show', '--offline'])).toMatchObject({
      verified: 'unknown',
      user: 'iggy',
    });
  });

  it('says when one half of the credentials is missing', async () => {
    const { code, stderr } = await home.run(['me'], { env: { IGGYCTL_PASSWORD: 'x' } });
    expect(code).toBe(5);
    expect(stderr).toContain('IGGYCTL_USERNAME');
  });

  it('06-S23 refuses a credentials file that others can read', async () => {
    await home.run(['logout', '--local-only']);
    await home.json(logIn, password);
    const file = join(home.path, 'state/iggyctl/credentials.json');
    const { chmodSync } = await import('node:fs');
    chmodSync(file, 0o644);
    const { code, stderr } = await home.run(['me']);
    chmodSync(file, 0o600);
    expect(code).toBe(17);
    expect(stderr).toContain(`hint:  chmod 600 ${file}`);
  });

  it('a session can be registered and dropped by its client id', async () => {
    const env = { IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' };
    const seen = await home.json(['session', 'register'], { env });
    expect(Number(seen['session'])).toBeGreaterThan(0);
    const dropped = await home.json(['session', 'drop', '--client-id', '0x2a'], { env });
    expect(dropped).toMatchObject({ action: 'session.drop', changed: true });
    expect((await home.run(['session', 'drop'], { env })).code).toBe(2);
  });

  it('06-S17 logout without a server forgets the token and warns', async () => {
    await home.json(logIn, password);
    await cluster.stop();
    isStopped = true;
    const first = await home.run(['logout', '--retries', '0']);
    expect(first.code).toBe(7);
    expect(first.stderr).toContain('warning: ');
    expect(first.stderr).toContain('lives on the server until');
    expect((await home.run(['logout'])).code).toBe(0);
  });
});
