import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { ClusterHome } from '../helpers/cluster-home.js';
import { hashing } from '../helpers/remembered-hashing.js';

const password = 'correct-horse-battery';
let cluster: LocalCluster;
let home: CliHome;
/** Runs commands that are left running. */
const runner = new ClusterHome();
let port = 0;
let correlated = 0;

beforeAll(async () => {
  cluster = await LocalCluster.start({
    hashing,
    ...{ nodes: 1, portBase: 0, ephemeral: true, correlatedPortBase: 0 },
    root: { username: 'iggy', password },
  });
  const [node] = cluster.readyRecord().nodes;
  port = node?.tcp ?? 0;
  correlated = node?.correlated ?? 0;
  home = new CliHome({
    IGGYCTL_SERVER: `127.0.0.1:${port}`,
    ...{ IGGY_USERNAME: 'iggy', IGGY_PASSWORD: password },
  });
});

afterAll(async () => {
  home.remove();
  await runner.remove();
  await cluster.stop();
});

/** Starts a proxy in front of the node, runs `use`, and interrupts it. */
async function withProxy(args: readonly string[], use: (address: string) => Promise<void>) {
  const target = ['-t', `127.0.0.1:${port}`];
  const child = runner.start('proxy', '-l', '127.0.0.1:0', ...target, '--json', ...args);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  while (!text.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
  const ready = JSON.parse(text.split('\n')[0] ?? '') as { kind: string; listen: string };
  expect(ready.kind).toBe('proxy.ready');
  await use(ready.listen);
  const closed = once(child, 'close');
  child.kill('SIGINT');
  const [code] = (await closed) as [number | null];
  const lines = text.split('\n').filter((line) => line !== '');
  return { code, frames: lines.slice(1).map((line) => JSON.parse(line) as Frame) };
}

interface Frame {
  readonly kind: string;
  readonly direction: string;
  readonly latency_us: number | null;
  readonly length: number;
  readonly command: { readonly name: string };
}

describe('a server that a variable names', () => {
  it('is the one whose health is told, without what it does not tell', async () => {
    expect(await home.json(['cluster', 'status'])).toMatchObject({ source: 'remote', view: null });
    const health = await home.run(['cluster', 'health']);
    expect(health.code).toBe(0);
    expect(health.stdout).toMatch(/ is healthy: primary 0, 1 of 1 nodes answer\n$/);
    const nagios = await home.run(['cluster', 'health', '--format', 'nagios']);
    expect(nagios.stdout).toMatch(/^CLUSTER OK - \S+: primary 0 \| nodes=1;;1;0;1 commit=U\n$/);
  });
});

describe('request', () => {
  it.each([
    ['checksum', 'ping', 'rejected', 4],
    ['body', 'stream.create', 'rejected', 4],
    ['operation', 'stream.create', 'rejected', 3],
    ['reserved', 'ping', 'reply', 0],
    ['session', 'stream.create', 'rejected', 3],
    ['request', 'stream.create', 'rejected', 3],
  ])(
    '06-S52 a wrong %s of %s is answered, and the connection lives',
    async (how, name, kind, code) => {
      const fields = name === 'ping' ? [] : ['name=spoilt'];
      const seen = await home.json(['request', 'mutate', name, ...fields, '--corrupt', how]);
      expect(seen).toMatchObject({ answer: kind, code, usable: true });
    },
  );

  it.each(['size', 'command'])('06-S52 a wrong %s closes the connection', async (how) => {
    const args = ['request', 'mutate', 'stream.create', 'name=spoilt', '--corrupt', how];
    expect(await home.json(args)).toMatchObject({ answer: 'closed', usable: false });
    expect(await home.json(['ping'])).toMatchObject({ received: 1 });
  });

  it('06-S71 a correlated port answers a hundred requests, and closes on other frames', async () => {
    const server = ['-s', `127.0.0.1:${correlated}`];
    const framing = [...server, '--framing', 'correlated'];
    expect((await home.run(['stream', 'create', 'correlated', ...framing])).code).toBe(0);
    const many = ['request', 'stats', '--repeat', '100', '--parallel', '16'];
    const answered = await home.json([...many, ...framing]);
    expect(answered['items']).toHaveLength(100);
    const wrong = await home.run(['stream', 'list', ...server, '--timeout', '1s']);
    expect(wrong.code).toBe(7);
  });

  it('sets header fields by hand, saves and shows frames', async () => {
    const sent = await home.json(['request', 'stats', '--session', '77', '--request-id', '9']);
    expect(sent).toMatchObject({ status: 0, session: '77', request: '9' });
    const none = ['request', 'stream.create', 'name=x', '--no-session', '--expect-status', '3'];
    expect((await home.run(none)).code).toBe(0);
    const saved = join(home.path, 'frames');
    const paced = ['request', 'ping', '--repeat', '3', '--rate', '200/s', '--save', saved];
    expect((await home.run(paced)).code).toBe(0);
    expect(existsSync(join(saved, '0006-reply.bin'))).toBe(true);
    const raw = await home.run(['request', 'raw', join(saved, '0001-request.bin'), '--seal']);
    expect(raw.code).toBe(0);
    expect(raw.stdout).toContain('256 bytes sent: reply');
    const shown = await home.run(['request', 'ping', '--show', 'reply']);
    expect(shown.stdout).toContain('reply');
    const words = await home.run(['request', 'raw', 'no', 'bytes']);
    expect(words.code).toBe(2);
    expect(words.stderr).toContain('"no bytes" is neither hexadecimal nor one file');
    const neither = await home.run(['request', 'raw', 'nothing']);
    expect(neither.code).toBe(2);
    expect(neither.stderr).toContain('"nothing" is neither hexadecimal nor a file that is there');
    expect((await home.run(['request', 'raw', 'abc'])).code).toBe(2);
    expect((await home.run(['request', 'mutate', 'ping'])).code).toBe(2);
  });
});

describe('proxy and capture', () => {
  const file = () => join(home.path, 't.pcap');

  it('06-S53 shows and writes frames with their latency, and no password', async () => {
    const { code, frames } = await withProxy(
      ['--write', file(), '--rewrite-roster'],
      async (address) => {
        expect((await home.run(['stream', 'list', '-s', address])).code).toBe(0);
      },
    );
    expect(code).toBe(130);
    expect(frames.length).toBeGreaterThanOrEqual(6);
    const replies = frames.filter(({ direction }) => direction === 'server');
    for (const { latency_us: latency } of replies) expect(latency).toBeGreaterThanOrEqual(0);
    const bytes = readFileSync(file());
    expect(bytes.includes(password)).toBe(false);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const decoded = await home.run(['decode', '-f', file(), '--json']);
    expect(decoded.code).toBe(0);
    const again = decoded.stdout
      .split('\n')
      .filter((line) => line.includes('"kind":"frame"'))
      .map((line) => JSON.parse(line) as Frame);
    expect(again.map(({ command, length }) => [command.name, length])).toEqual(
      frames.map(({ command, length }) => [command.name, length]),
    );
  });

  it('reads, counts, compares and replays a capture', async () => {
    const read = await home.run(['capture', 'read', file(), '--filter', 'command=Request']);
    expect(read.code).toBe(0);
    expect(read.stdout).toContain('stream.list');
    expect(read.stdout).not.toContain('Reply');
    const piped = await home.run(['capture', 'read', '-'], { input: readFileSync(file()) });
    expect(piped.stdout).toContain('stream.list');
    const stats = await home.json(['capture', 'stats', file()]);
    expect(stats['clients']).toHaveLength(1);
    expect(await home.json(['capture', 'diff', file(), file()])).toMatchObject({ equal: true });
    const other = join(home.path, 'other.pcap');
    await home.run(['stream', 'list', '--trace', other]);
    expect(readFileSync(other).includes(password)).toBe(false);
    expect((await home.run(['capture', 'read', other])).stdout).toContain('stream.list');
    const differs = await home.run(['capture', 'diff', file(), other, '--json']);
    expect(differs.code).toBe(15);
    const replayed = await home.run(['capture', 'replay', file(), '--speed', '0']);
    expect(replayed.code).toBe(0);
    expect(replayed.stdout).toContain(' 0 not answered alike');
  });

  it('is read from a pipe that stays open until Ctrl-C', async () => {
    const child = runner.start('capture', 'read', '-');
    let shown = '';
    child.stdout?.on('data', (chunk) => {
      shown += String(chunk);
    });
    child.stdin?.write(readFileSync(file()));
    await expect.poll(() => shown, { timeout: 60_000 }).toContain('stream.list');
    const closed = once(child, 'close');
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
  });

  it('traces what a command sends and receives as the frames that decode prints', async () => {
    const path = join(home.path, 'trace.log');
    const { code, stderr } = await home.run(['stream', 'list', '-vv', '--trace', path]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /-> {2}\S+ {2}Request {2}stream\.list {2}request 1 {2}session \d+ {2}256 B/,
    );
    expect(stderr).toMatch(/<- {2}\S+ {2}Reply {2}request 1 {2}/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(password);
    expect(text).not.toContain(Buffer.from(password).toString('hex'));
    const traced = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Frame);
    expect(traced.map(({ direction }) => direction)).toEqual(
      traced.map((_, index) => (index % 2 === 0 ? 'client' : 'server')),
    );
    expect(traced[0]).toMatchObject({
      ...{ kind: 'frame', v: 1, command: { name: 'Request' }, operation: { name: 'Register' } },
    });
    expect(traced.map(({ latency_us: latency }) => typeof latency)).toContain('number');
    const plain = join(home.path, 'plain.ndjson');
    const address = ['-s', `127.0.0.1:${correlated}`, '--framing', 'correlated'];
    expect((await home.run(['stream', 'list', ...address, '--trace', plain])).code).toBe(0);
    expect(readFileSync(plain, 'utf8')).not.toContain(password);
    const shown = await home.run(['capture', 'read', plain]);
    expect(shown.stderr).toBe('');
    expect(shown.stdout).toMatch(/ -> +request +stream\.list +\d+ +- +16 /);
    const renamed = join(home.path, 'trace.ndjson');
    renameSync(path, renamed);
    expect((await home.run(['capture', 'read', renamed])).stdout).toContain('stream.list');
  });

  it('cuts, drops and refuses as it is told', async () => {
    await withProxy(['--cut-after', '1'], async (address) => {
      const { code } = await home.run(['stream', 'list', '-s', address, '--timeout', '1s']);
      expect(code).toBe(7);
    });
    const taken = await home.run(['proxy', '-l', `127.0.0.1:${port}`]);
    expect(taken.code).toBe(4);
    expect(taken.stderr).toContain('already in use');
    expect((await home.run(['proxy', '-l', '0.0.0.0:0'])).stderr).toContain('--allow-remote');
    expect((await home.run(['proxy', '-w', 'x.txt'])).code).toBe(2);
    expect((await home.run(['capture', 'read', '/nowhere'])).code).toBe(18);
  });
});

describe('looking at a node', () => {
  it('says of a capture that is not there that it is not, once', async () => {
    const { code, stderr } = await home.run(['capture', 'stats', 'none.pcap']);
    expect(code).toBe(18);
    expect(stderr).toBe('error: cannot read none.pcap: no such file or directory  [E_IO]\n');
  });

  it('lists options with their bounds', async () => {
    const { items } = await home.json(['options', 'topic']);
    expect(items).toContainEqual(
      expect.objectContaining({ key: 'segment_size', kind: 'uint64', default: '1073741824' }),
    );
    expect((await home.json(['options', 'user']))['items']).toEqual([]);
  });

  it('fetches an archive, and overwrites none', async () => {
    const path = join(home.path, 'facts.zip');
    const made = await home.json(['snapshot', '--out', path]);
    expect(made).toMatchObject({ kind: 'snapshot', path });
    expect(made['entries']).toContain('process_list.txt');
    expect((await home.run(['snapshot', '--out', path])).code).toBe(4);
    expect((await home.run(['snapshot', '--out', path, '--force'])).code).toBe(0);
    expect((await home.run(['snapshot', '--out', '-'])).stdout.slice(0, 2)).toBe('PK');
    expect((await home.run(['snapshot', '--types', 'bogus'])).code).toBe(2);
  });

  it('prints one look of top, which otherwise needs a terminal', async () => {
    expect((await home.run(['top'])).code).toBe(2);
    const once = await home.json(['top', '--once']);
    expect(once).toMatchObject({ kind: 'top', node: `127.0.0.1:${port}` });
    expect((await home.run(['top', '--once'])).stdout).toContain('Stream');
  });

  it('watches figures until it is interrupted, and pings with a body', async () => {
    const child = runner.startProgram(
      'sh',
      '-c',
      `IGGY_USERNAME=iggy IGGY_PASSWORD=${password} exec "${process.execPath}" ` +
        `"${join(process.cwd(), 'bin/run.js')}" stats --watch 50ms --json -s 127.0.0.1:${port}`,
    );
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    while (!text.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
    const closed = once(child, 'close');
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ kind: 'stats' });
    expect(await home.json(['ping', '--size', '64'])).toMatchObject({ received: 1 });
  });

  it('pings line by line until it is interrupted, and then sums up on standard error', async () => {
    const child = runner.start('ping', '-c', '0', '-i', '1h', '-s', `127.0.0.1:${port}`);
    let [text, summary] = ['', ''];
    child.stdout?.on('data', (chunk) => (text += String(chunk)));
    child.stderr?.on('data', (chunk) => (summary += String(chunk)));
    await expect.poll(() => text, { timeout: 60_000 }).toMatch(/^Seq .*\n {2}1 .*\n$/);
    const closed = once(child, 'close');
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    expect(summary).toContain('1 sent, 1 received, 0 % lost');
  });
});
