import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { hashing } from '../helpers/remembered-hashing.js';

let cluster: LocalCluster;
let home: CliHome;

beforeAll(async () => {
  cluster = await LocalCluster.start({ hashing, nodes: 1, portBase: 0, ephemeral: true });
  const [node] = cluster.readyRecord().nodes;
  home = new CliHome({
    IGGYCTL_SERVER: `127.0.0.1:${node?.tcp}`,
    IGGY_USERNAME: 'iggy',
    IGGY_PASSWORD: 'iggy',
  });
  await home.json(['stream', 'create', 's']);
  await home.json(['topic', 'create', 's', 't']);
  await home.json(['message', 'send', 's', 't', 'a', 'b', 'c', '--id', '5']);
});

afterAll(async () => {
  home.remove();
  await cluster.stop();
});

/** Standard output of several command lines at once. */
async function outputs(...lines: readonly string[]): Promise<readonly string[]> {
  const runs = await Promise.all(lines.map((line) => home.run(line.split(' '))));
  return runs.map(({ stdout }) => stdout);
}

/** Exit status and standard error of several command lines at once. */
async function failures(...lines: readonly (readonly string[])[]) {
  const runs = await Promise.all(lines.map((line) => home.run(line)));
  return runs.map(({ code, stderr }) => ({ code, stderr }));
}

describe('official forms', () => {
  it('stats has toml and list, cluster metadata a list mode', async () => {
    const [toml, list, nodes] = await outputs(
      'stats -o toml',
      'stats -o list',
      'cluster metadata -l list',
    );
    expect(toml).toContain('\nstreams_count = 1\n');
    expect(list).toContain('\nstreams_count|1\n');
    expect(nodes).toMatch(/^iggy-node\|127\.0\.0\.1\|\d+\|0\|0\|0\|leader\|healthy\|true\n$/);
  });
});

describe('columns', () => {
  it('a change of a number is a table of what was and is', async () => {
    const [partitions] = await outputs('partition create s t 2');
    expect(partitions).toBe('Before  After\n     1      3\n');
    const [offset] = await outputs('consumer-offset set me s t 0 1');
    expect(offset).toBe('Before  After\n     -      1\n');
  });

  it('topics have their compression, messages the id they were given', async () => {
    const [topics, messages, tail] = await outputs(
      'topic list s',
      'message poll s t 0 --first -n 1',
      'message follow s t --tail 2 --exit-at-end --format %i,',
    );
    expect(topics?.split('\n')[0]).toMatch(/Max size {2}Compression {2}Expiry/);
    expect(messages?.split('\n')[1]).toMatch(/ 5 +1 {2}a$/);
    expect(tail).toBe('6,7,');
  });
});

describe('what has nothing to do', () => {
  it('succeeds with --if-exists and --if-not-exists', async () => {
    await home.json(['context', 'create', 'here', '--server', '127.0.0.1:1']);
    await home.json(['token', 'create', 'here', '--show']);
    const unchanged = await Promise.all([
      home.json(['context', 'create', 'here', '--if-not-exists']),
      home.json(['context', 'delete', 'gone', '--if-exists']),
      home.json(['token', 'create', 'here', '--show', '--if-not-exists']),
    ]);
    expect(unchanged.map(({ changed }) => changed)).toEqual([false, false, false]);
  });
});

describe('errors', () => {
  it('a name that the protocol cannot say is wrong usage, a file that is not there no valid one', async () => {
    const [empty, missing] = await failures(
      ['stream', 'create', ''],
      ['config', 'validate', 'no-such-file.toml'],
    );
    expect(empty?.code).toBe(2);
    expect(missing?.code).toBe(17);
  });

  it('name the request that was refused, and its own code', async () => {
    const wrongToken = join(home.path, 'token');
    writeFileSync(wrongToken, 'wrong', { mode: 0o600 });
    const [refused, login] = await failures(
      ['request', 'stream.create', 'name=s', '--json'],
      ['me', '--token-file', wrongToken],
    );
    expect(refused?.code).toBe(4);
    expect(JSON.parse(refused?.stderr ?? '')).toMatchObject({
      error: { request: { command: 'stream.create', code: 202, request: '1' } },
    });
    expect(login?.code).toBe(5);
    expect(login?.stderr).toContain('request user.login_register_with_pat (45)');
  });

  it('a login sent by name takes its own kind of credentials, and a dry run sends none', async () => {
    const [other] = await failures(['request', 'user.login_register_with_pat']);
    expect(other).toMatchObject({ code: 2 });
    const dry = await home.json(['request', 'user.login_register', '--dry-run']);
    expect(dry).toMatchObject({ kind: 'frame', operation: { name: 'Register' } });
    expect(JSON.stringify(dry)).not.toContain('"iggy"}');
  });
});
