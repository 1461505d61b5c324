// Captures as lines of JSON, and a proxy in front of a server that speaks TLS.

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { ClusterHome } from '../helpers/cluster-home.js';
import { packageRoot, readText } from '../helpers/package-files.js';
import { hashing } from '../helpers/remembered-hashing.js';

const authority = join(packageRoot, 'test/fixtures/tls/ca.pem');
const password = 'correct-horse-battery';
const home = new CliHome({ IGGY_USERNAME: 'iggy', IGGY_PASSWORD: password });
/** Runs commands that are left running. */
const runner = new ClusterHome();
let cluster: LocalCluster;
let target = '';

beforeAll(async () => {
  cluster = await LocalCluster.start({
    hashing,
    ...{ nodes: 1, portBase: 0, ephemeral: true, root: { username: 'iggy', password } },
    tls: {
      cert: readText('test/fixtures/tls/server.pem'),
      key: readText('test/fixtures/tls/server.key'),
    },
  });
  target = `localhost:${cluster.readyRecord().nodes[0]?.tcp}`;
});

afterAll(async () => {
  home.remove();
  await runner.remove();
  await cluster.stop();
});

/** Starts a proxy, gives its address to `use`, and interrupts it; what it printed. */
async function withProxy(args: readonly string[], use: (address: string) => Promise<void>) {
  const child = runner.start('proxy', '--target', target, ...args, '--json');
  let text = '';
  child.stdout?.on('data', (data) => {
    text += String(data);
  });
  while (!text.includes('\n')) await once(child.stdout ?? child, 'data');
  await use((JSON.parse(text.split('\n')[0] ?? '') as { listen: string }).listen);
  const closed = once(child, 'close');
  child.kill('SIGINT');
  await closed;
  return text;
}

const commandsIn = (lines: string) =>
  lines
    .split('\n')
    .filter((line) => line.includes('"kind":"proxy.frame"'))
    .map((line) => JSON.parse(line) as { length: number; command: { name: string } })
    .map(({ length, command }) => `${command.name} ${length}`)
    // Frames of one microsecond may change places.
    .sort();

describe('proxy', () => {
  it('speaks TLS to the server, and keeps frames as lines that capture reads again', async () => {
    const file = join(home.path, 'seen.ndjson');
    const tls = ['--tls-ca', authority, '--tls-server-name', 'localhost'];
    const seen = await withProxy([...tls, '--write', file, '--rewrite-roster'], async (address) => {
      const run = await home.run(['stream', 'create', 'a', '-s', address]);
      expect(run).toMatchObject({ code: 0, stderr: '' });
    });
    expect(readFileSync(file, 'utf8')).not.toContain(password);
    const hidden = Buffer.from(password).toString('hex');
    expect(readFileSync(file, 'utf8')).not.toContain(hidden);
    const read = await home.run(['capture', 'read', file, '--json']);
    expect(read).toMatchObject({ code: 0, stderr: '' });
    expect(commandsIn(read.stdout)).toEqual(commandsIn(seen));
    expect(commandsIn(seen).length).toBeGreaterThan(3);
    const stats = await home.json(['capture', 'stats', file]);
    expect(stats['clients']).toHaveLength(1);
  });

  it('says why a server does not let it in', async () => {
    const seen = await withProxy(['--no-body'], async (address) => {
      const { code } = await home.run(['ping', '-s', address, '--timeout', '2s']);
      expect([7, 8]).toContain(code);
    });
    expect(seen).toContain('proxy.ready');
  });

  it('refuses what it cannot pass on', async () => {
    const ws = await home.run(['proxy', '--transport', 'ws', '--target', target]);
    expect(ws.code).toBe(19);
    expect(ws.stderr).toContain('--trace FILE.pcap');
    const missing = await home.run(['proxy', '--target', target, '--tls-ca', '/nowhere']);
    expect(missing.code).toBe(18);
  });
});

describe('frames that a command keeps as lines', () => {
  it('are read like a capture, and those that are none are named', async () => {
    const file = join(home.path, 'own.ndjson');
    const tls = ['--tls-ca', authority, '-s', target];
    expect((await home.run(['stream', 'list', ...tls, '--trace', file])).code).toBe(0);
    const read = await home.run(['capture', 'read', file]);
    expect(read.code).toBe(0);
    expect(read.stdout).toContain('stream.list');
    const bad = join(home.path, 'bad.ndjson');
    writeFileSync(bad, '{"kind":"stream"}\n');
    const refused = await home.run(['capture', 'read', bad]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('bad.ndjson:1');
  });
});
