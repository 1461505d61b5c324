import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliHome } from '../helpers/cli-home.js';

let home: CliHome;

beforeEach(() => {
  home = new CliHome();
});

afterEach(() => home.remove());

function writeConfig(text: string): string {
  const path = join(home.path, 'config/iggyctl/config.toml');
  mkdirSync(join(home.path, 'config/iggyctl'), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe('contexts', () => {
  it('06-S18 a created context is the active one with --use', async () => {
    const made = ['context', 'create', 'prod', '-s', 'broker.example:8090', '--use'];
    expect((await home.run(made)).code).toBe(0);
    const { stdout } = await home.run(['context', 'list', '--json']);
    expect(stdout.match(/"active":true/g)).toHaveLength(1);
    expect((await home.run(['context', 'current'])).stdout).toBe('prod\n');
    expect((await home.run(made)).code).toBe(4);
    expect((await home.run(['context', 'use', '-'])).stdout).toContain('default');
  });

  it('06-S19 an unknown context ends with 17 and lists the known ones', async () => {
    await home.run(['context', 'create', 'prod', '-s', 'broker.example:8090']);
    const { code, stderr } = await home.run(['-C', 'nope', 'stream', 'list']);
    expect(code).toBe(17);
    expect(stderr).toContain('known contexts: prod');
  });

  it('06-S20 naming a context once does not make it the active one', async () => {
    await home.run(['context', 'create', 'prod', '-s', '127.0.0.1:1']);
    expect((await home.run(['-C', 'prod', 'ping', '--retries', '0'])).code).toBe(7);
    expect((await home.run(['context', 'current'])).stdout).toBe('default\n');
  });

  it('06-S21 shows secrets masked with their origin, and not at all in JSON', async () => {
    await home.run(['context', 'create', 'prod', '--token-name', 'prod', '--use']);
    const { stdout } = await home.run(['context', 'show', 'prod', '--origin']);
    expect(stdout).toMatch(/token +\*{8} +keyring/);
    const json = await home.run(['context', 'show', 'prod', '--json']);
    expect(json.stdout).not.toContain('keyring');
    expect(JSON.parse(json.stdout)).toMatchObject({ auth: 'token' });
  });

  it('06-S22 a wrong type ends every command with 17 and its place, but decode works', async () => {
    const path = writeConfig('version = 1\n\n[defaults]\ntimeout = 5\n');
    for (const args of [
      ['context', 'list'],
      ['config', 'validate'],
    ]) {
      const { code, stderr } = await home.run(args);
      expect(code).toBe(17);
      expect(stderr).toContain(`${path}:4:1`);
      expect(stderr).toContain('expected a duration in quotes');
    }
    expect((await home.run(['version'])).code).toBe(0);
    const frame = '0e0000000100000007000000000000006869';
    expect((await home.run(['decode', '--framing', 'request', frame])).code).toBe(0);
  });

  it('06-S24 takes over official contexts and moves their secrets to the store', async () => {
    const folder = join(home.path, '.iggy');
    const official = join(folder, 'contexts.toml');
    mkdirSync(folder);
    const text = '[dev]\nusername = "bob"\npassword = "hunter2"\n';
    writeFileSync(official, text);
    const { code, stderr } = await home.run(['context', 'import', '--from-iggy']);
    expect(code).toBe(0);
    expect(stderr).toContain('secret store');
    expect(stderr).not.toContain('hunter2');
    expect(readFileSync(official, 'utf8')).toBe(text);
    const config = readFileSync(join(home.path, 'config/iggyctl/config.toml'), 'utf8');
    expect(config).not.toContain('hunter2');
    expect(config).toContain('keyring://');
  });

  it('sets, copies, renames, exports, imports and deletes', async () => {
    await home.run(['context', 'create', 'a', '-s', '127.0.0.1:1']);
    expect((await home.run(['context', 'set', 'a', 'timeout=3s'])).code).toBe(0);
    expect((await home.run(['context', 'set', 'a', 'timeuot=3s'])).stderr).toContain('timeout');
    expect((await home.run(['context', 'set', 'a', 'auth.password=x'])).code).toBe(2);
    expect((await home.run(['context', 'copy', 'a', 'b'])).code).toBe(0);
    expect((await home.run(['context', 'rename', 'b', 'c'])).code).toBe(0);
    const { stdout } = await home.run(['context', 'export', 'c']);
    expect(stdout).toContain('timeout = "3s"');
    expect((await home.run(['context', 'delete', 'c'])).code).toBe(16);
    expect((await home.run(['context', 'delete', 'c', '--yes'])).code).toBe(0);
    writeFileSync(join(home.path, 'c.toml'), stdout);
    expect((await home.run(['context', 'import', 'c.toml'])).code).toBe(0);
    expect((await home.run(['context', 'show', 'c'])).stdout).toContain('3s');
    expect((await home.run(['context', 'delete', 'nope', '-y'])).code).toBe(3);
  });

  it('tells where every setting comes from', async () => {
    await home.run(['config', 'set', 'timeout', '7s']);
    const shown = await home.json(['config', 'show'], { env: { IGGYCTL_TRANSPORT: 'ws' } });
    expect(shown['entries']).toContainEqual({
      ...{ key: 'transport', value: 'ws', origin: 'IGGYCTL_TRANSPORT' },
    });
    expect((await home.run(['config', 'get', 'defaults.timeout'])).stdout).toBe('7s\n');
    expect((await home.run(['ping', '--transport', 'quic'])).code).toBe(19);
  });
});
