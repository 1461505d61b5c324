// What commands do when a person sits in front of them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { ClusterHome } from '../helpers/cluster-home.js';
import { hasTerminals, inTerminal } from '../helpers/in-terminal.js';
import { hashing } from '../helpers/remembered-hashing.js';

const password = 'correct-horse-battery';
const home = new ClusterHome();
let cluster: LocalCluster;
let client: IggyClient;
let server = '';

beforeAll(async () => {
  cluster = await LocalCluster.start({
    hashing,
    ...{ nodes: 1, portBase: 0, ephemeral: true, root: { username: 'iggy', password } },
  });
  server = `127.0.0.1:${cluster.readyRecord().nodes[0]?.tcp}`;
  client = await IggyClient.connect(`iggy://iggy:${password}@${server}`);
  await client.streams.create('a');
  await client.topics.create('a', { name: 't', partitions: 1 });
  await client.messages.send({ stream: 'a', topic: 't' }, [{ payload: 'x' }]);
});

afterAll(async () => {
  await client.close();
  await home.remove();
  await cluster.stop();
});

describe.runIf(hasTerminals)('on a terminal', () => {
  it('06-S01 the program alone shows one screen', async () => {
    const { screen, code } = await inTerminal(home, '').end();
    expect(code).toBe(0);
    for (const text of [
      'cluster up',
      'iggyctl login',
      'iggyctl decode',
      'Topics',
      'personal access tokens',
      'doctor',
    ]) {
      expect(screen).toContain(text);
    }
    expect(screen.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
    expect(screen).not.toContain('error:');
  });

  it('06-S07 login asks for the password without an echo, and keeps only a token', async () => {
    const run = inTerminal(home, `login -s ${server} -u iggy`);
    await run.shown(/Password/);
    run.type(`${password}\r`);
    const { screen, code } = await run.end();
    expect(code).toBe(0);
    expect(screen).not.toContain(password);
    for (const label of ['Server', 'User', 'Client ID', 'Session', 'View', 'Primary', 'Expires']) {
      expect(screen).toContain(label);
    }
    const file = join(home.directory, 'state/iggyctl/credentials.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const entry of readdirSync(home.directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      expect(readFileSync(join(entry.parentPath, entry.name), 'latin1')).not.toContain(password);
    }
    const [token, ...more] = await client.tokens.list();
    expect(more).toEqual([]);
    const minutes = (Number(token?.expiry_at ?? 0n) / 1000 - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(10);
    expect(minutes).toBeLessThan(15.1);
  });

  it('06-S56 deleting asks, and Enter means no', async () => {
    const run = inTerminal(home, `stream delete a -s ${server}`);
    await run.shown(/1 topic and 1 message/);
    run.type('\r');
    const { code } = await run.end();
    expect(code).toBe(16);
    expect(await client.streams.list()).toHaveLength(1);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s at a question ends with 130 and does nothing', async (_, key) => {
    const run = inTerminal(home, `stream delete a -s ${server}`);
    await run.shown(/1 topic and 1 message/);
    run.type(key);
    expect((await run.end()).code).toBe(130);
    expect(await client.streams.list()).toHaveLength(1);
  });

  it('06-S47 decode without input shows its help and does not wait', async () => {
    const { screen, code } = await inTerminal(home, 'decode').end();
    expect(code).toBe(2);
    expect(screen).toContain('iggyctl decode');
  });

  it('no table is wider than the terminal', async () => {
    for (const command of ['topic list a', 'client list', 'stats', 'errors']) {
      const { screen, code } = await inTerminal(home, `${command} -s ${server}`).end();
      expect([command, code]).toEqual([command, 0]);
      const widest = Math.max(...screen.split('\n').map((line) => line.length));
      expect([command, widest <= 80]).toEqual([command, true]);
    }
  });
});
