// The message commands on a cluster of one node. Each step is a process, which is what takes the time.
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome, type JsonObject } from '../helpers/cli-home.js';
import { ClusterHome } from '../helpers/cluster-home.js';
import { hashing } from '../helpers/remembered-hashing.js';

let cluster: LocalCluster;
let home: CliHome;
let client: IggyClient;
let address: string;

beforeAll(async () => {
  cluster = await LocalCluster.start({ hashing, nodes: 1, portBase: 0, ephemeral: true });
  address = `127.0.0.1:${cluster.readyRecord().nodes[0]?.tcp}`;
  const credentials = { username: 'iggy', password: 'iggy' };
  home = new CliHome({
    ...{ IGGYCTL_SERVER: address, IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' },
  });
  client = await IggyClient.connect({ servers: [address], credentials });
  await client.streams.create('a');
  await client.topics.create('a', { name: 't', partitions: 2 });
  await client.topics.create('a', { name: 'copy', partitions: 2 });
  await client.topics.create('a', { name: 'many', partitions: 2 });
  const some = Array.from({ length: 1000 }, (_, i) => ({ payload: String(i) }));
  await client.messages.send({ stream: 'a', topic: 't' }, some);
  await client.messages.send({ stream: 'a', topic: 't' }, some);
});

afterAll(async () => {
  await client.close();
  home.remove();
  await cluster.stop();
});

const items = (list: JsonObject) => list['items'] as readonly JsonObject[];

describe('sending and reading', () => {
  it('06-S57 lines of standard input are sent, and counted', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join('');
    // All of them at once would not fit into this memory.
    const env = { NODE_OPTIONS: '--max-old-space-size=48' };
    const { stdout, stderr, code } = await home.run(
      ['message', 'send', 'a', 'many', '--batch', '1000', '--json'],
      { input: lines, env },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ sent: '100000', acknowledged: '100000', retried: 0, batches: 100 },
    });
    const count = await home.json(['message', 'count', 'a', 'many']);
    expect(count).toMatchObject({ kind: 'count', messages_count: '100000' });
  });

  it('06-S58 nothing is sent of input that is no JSON', async () => {
    const args = ['message', 'send', 'a', 'copy', '--input', 'json'];
    const { code, stdout, stderr } = await home.run(args, { input: '{"bad' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/line 1, column \d+/);
    expect((await client.topics.get('a', 'copy'))?.messages_count).toBe(0n);
  });

  it.each([
    ['message send a t -f .', 2, '--file: . is a folder'],
    ['message import a t --file .', 2, '--file: . is a folder'],
    ['message send a t --input hex zz', 2, '--input is about --file and standard input; '],
    ['message poll a t 99', 3, 'partition a/t/99 does not exist'],
    ['message poll a t -g none', 3, 'consumer group "none" does not exist'],
    ['consumer-group join a t none', 3, 'consumer group "none" does not exist'],
    ['topic create none t', 3, 'stream "none" does not exist'],
    [`stream create ${'x'.repeat(256)}`, 2, 'stream.create: name: 256 bytes do not fit'],
  ])('says what is wrong with: %s', async (line, wanted, text) => {
    const { code, stdout, stderr } = await home.run(line.split(' '));
    expect({ code, stdout }).toEqual({ code: wanted, stdout: '' });
    const said = stderr.split('\n').find((each) => each.startsWith('error: '));
    expect(said?.startsWith(`error: ${text}`), stderr).toBe(true);
  });

  it('06-S59 polls by number, and the JSON has the offsets as strings', async () => {
    const polled = await home.json(['message', 'poll', 'a', 't', '0', '--first', '-n', '3']);
    expect(items(polled).map((each) => each['offset'])).toEqual(['0', '1', '2']);
  });

  it('headers, ids and templates arrive, and filters and formats choose', async () => {
    const facts = [
      '-H',
      'kind=order',
      '-H',
      'n:uint64=5',
      '--id',
      '7',
      '--template',
      '--repeat',
      '2',
    ];
    const sent = await home.run(['message', 'send', 'a/copy/1', 'no {{n}}', ...facts]);
    expect(sent.code).toBe(0);
    const { stdout } = await home.run([
      ...['message', 'poll', 'a', 'copy', '--filter', 'headers.kind = order && payload ~ 2'],
      ...['--format', '%P:%o %p [%h]\\n'],
    ]);
    expect(stdout).toBe('1:1 no 2 [kind=order,n=5]\n');
    const raw = await home.run(['message', 'poll', 'a/copy/1', '--tail', '1', '--payload', 'raw']);
    expect(raw.stdout).toBe('no 2');
  });

  it('a dry run shows the request, and old short options tell the new ones', async () => {
    const { stdout, code } = await home.run(['message', 'send', 'a', 'copy', 'x', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('SendMessages');
    for (const [args, hint] of [
      [['message', 'poll', 'a', 't', '0', '-f'], '--first'],
      [['message', 'poll', 'a', 't', '0', '-o', '5'], '--offset N'],
      [['message', 'send', 'a', 't', '-p', '1', 'x'], '--partition N'],
    ] as const) {
      const refused = await home.run(args);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(hint);
    }
  });

  it('06-S77 a flush is refused by every server of this protocol', async () => {
    const { code, stderr } = await home.run(['message', 'flush', 'a', 't', '0']);
    expect(code).toBe(19);
    expect(stderr).toContain('[FeatureUnavailable 5]');
  });

  it('what is exported is imported again as it was, in both forms', async () => {
    const before = (await client.topics.get('a', 'copy'))?.messages_count ?? 0n;
    for (const format of ['ndjson', 'iggy']) {
      const file = join(home.path, format);
      const out = ['--format', format, '--out', file];
      expect((await home.run(['message', 'export', 'a/copy/1', ...out])).code).toBe(0);
      expect((await home.run(['message', 'export', 'a/copy/1', ...out])).code).toBe(4);
      const back = ['message', 'import', 'a/copy/0', '--file', file, '--format', format];
      expect(await home.json(back)).toMatchObject({ acknowledged: '2' });
      expect(existsSync(file)).toBe(true);
      expect(readFileSync(file).length).toBeGreaterThan(64);
    }
    const topic = await client.topics.get('a', 'copy');
    expect(topic?.messages_count).toBe(before + 4n);
    const polled = await client.messages.poll({
      ...{ stream: 'a', topic: 'copy', partition: 0, consumer: 0, from: 'first' },
    });
    expect(polled.messages.map((each) => each.id)).toEqual([7n, 8n, 7n, 8n]);
  });
});

describe('following', () => {
  it('06-S60 a group member leaves on Ctrl-C, and commits only when told to', async () => {
    const group = { stream: 'a', topic: 't', group: 'workers' };
    await client.groups.create('a', 't', 'workers');
    const running = new ClusterHome();
    try {
      const env = { IGGYCTL_SERVER: address, IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' };
      const child = running.start(
        ...['message', 'follow', 'a', 't', '-g', 'workers', '--json', '-s', address],
        ...['-u', 'iggy', '--password-file', running.file('password', env.IGGY_PASSWORD)],
      );
      let printed = '';
      child.stdout?.on('data', (data) => (printed += String(data)));
      await expect.poll(() => printed.split('\n').length, { timeout: 60_000 }).toBeGreaterThan(3);
      expect(JSON.parse(printed.split('\n')[0] ?? '')).toMatchObject({
        kind: 'message',
        stream: 'a',
      });
      expect((await client.groups.get(group))?.members_count).toBe(1);
      child.kill('SIGINT');
      const [code] = (await once(child, 'close')) as [number | null];
      expect(code).toBe(130);
    } finally {
      await running.remove();
    }
    await expect.poll(async () => (await client.groups.get(group))?.members_count).toBe(0);
    expect(await client.offsets.get({ ...group, partition: 0 })).toBeNull();
    const args = [
      'message',
      'follow',
      'a',
      't',
      '-g',
      'workers',
      '--commit',
      '--exit-at-end',
      '-q',
    ];
    expect((await home.run(args)).code).toBe(0);
    const stored = await client.offsets.get({ ...group, partition: 0 });
    expect(stored?.stored_offset).toBe(stored?.current_offset);
  });

  it('ends at a number, at the end, and after silence', async () => {
    await client.topics.create('a', { name: 'own', partitions: 2 });
    const payloads = Array.from({ length: 6 }, (_, i) => ({ payload: `${i}` }));
    await client.messages.send({ stream: 'a', topic: 'own' }, payloads);
    const base = ['message', 'follow', 'a', 'own', '--from', 'first'];
    const counted = await home.run([...base, '-n', '2', '--format', '%o\\n']);
    expect(counted.stdout).toBe('0\n1\n');
    const whole = await home.run([...base, '--idle-exit', '2s', '-q']);
    expect(whole.stdout.trim().split('\n')).toHaveLength(6);
  });

  it('writes to a new file, and ends after so many as the filter lets through', async () => {
    const file = join(home.path, 'followed.ndjson');
    const from = ['message', 'follow', 'a', 'own', '--from', 'first', '--out', file];
    const kept = ['--filter', 'payload != 0', '-n', '2', '--json'];
    const written = await home.run([...from, ...kept]);
    expect([written.code, written.stdout]).toEqual([0, '']);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const texts = lines.map((line) => (JSON.parse(line) as { payload_text: string }).payload_text);
    expect(texts).toHaveLength(2);
    expect(texts).not.toContain('0');
    const again = await home.run([...from, '--exit-at-end']);
    expect([again.code, again.stdout]).toEqual([4, '']);
    expect(again.stderr).toContain('is there already');
    expect((await home.run([...from, '--exit-at-end', '--yes'])).code).toBe(0);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(6);
  });

  it('has records of a list for programs, with one header line', async () => {
    const from = ['message', 'follow', 'a/own/0', '--from', 'first', '--exit-at-end'];
    const poll = ['message', 'poll', 'a/own/0', '--first'];
    for (const form of [
      ['-o', 'csv'],
      ['-o', 'plain'],
      ['-o', 'csv', '--columns', 'offset,length'],
    ]) {
      const followed = await home.run([...from, ...form]);
      const polled = await home.run([...poll, ...form]);
      expect(followed.stdout).toBe(polled.stdout);
      expect(followed.stdout.split('\n').length).toBeGreaterThan(3);
    }
  });

  it('a poll that cannot write its file stores no offset', async () => {
    const place = { stream: 'a', topic: 'own', group: 'kept', partition: 0 };
    await client.groups.create('a', 'own', 'kept');
    const file = join(home.path, 'there');
    writeFileSync(file, '');
    const poll = ['message', 'poll', 'a', 'own', '-g', 'kept', '--next', '--commit'];
    expect((await home.run([...poll, '--out', file])).code).toBe(4);
    expect(await client.offsets.get(place)).toBeNull();
  });
});
