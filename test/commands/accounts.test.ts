// Users, tokens, groups, offsets and topics: one step each of what the unit tests do not see.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { ManyCommands } from '../helpers/many-commands.js';
import { hashing } from '../helpers/remembered-hashing.js';

let cluster: LocalCluster;
let home: CliHome;
let client: IggyClient;
let address = '';

beforeAll(async () => {
  cluster = await LocalCluster.start({ hashing, nodes: 1, portBase: 0, ephemeral: true });
  address = `127.0.0.1:${cluster.readyRecord().nodes[0]?.tcp}`;
  home = new CliHome({
    ...{ IGGYCTL_SERVER: address, IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' },
  });
  const credentials = { username: 'iggy', password: 'iggy' };
  client = await IggyClient.connect({ servers: [address], credentials });
  await client.streams.create('a');
  await client.topics.create('a', { name: 't', partitions: 2, compression: 'gzip' });
  await client.users.create({ username: 'alice', password: 'alicepw' });
});

afterAll(async () => {
  await client.close();
  home.remove();
  await cluster.stop();
});

describe('topics', () => {
  it('06-S61 an update changes what was given, and shows that', async () => {
    const { code, stdout } = await home.run(['topic', 'update', 'a', 't', '--expiry', '7d']);
    expect(code).toBe(0);
    expect(stdout).toBe('Field   Before  After\nexpiry  never   7d\n');
    const topic = await client.topics.get('a', 't');
    expect(topic).toMatchObject({ name: 't', message_expiry: 604_800_000_000n });
    expect(String(topic?.compression_algorithm)).toBe('2');
    expect((await home.run(['topic', 'update', 'a', 't'])).code).toBe(2);
  });

  it('a copy has partitions and settings, and official forms still work', async () => {
    await home.json(['topic', 'copy', 'a/t', 'twin']);
    expect(await client.topics.get('a', 'twin')).toMatchObject({
      ...{ partitions_count: 2, message_expiry: 604_800_000_000n },
    });
    await home.json(['t', 'c', 'a', 'old', '3', 'gzip', '15days', '2min']);
    expect(await client.topics.get('a', 'old')).toMatchObject({ partitions_count: 3 });
    const { stdout } = await home.run(['topic', 'list', 'a', '-l', 'list', '--columns', 'id,name']);
    expect(stdout).toBe('0|t\n1|twin\n2|old\n');
  });

  it('options go by the catalogue of the server, and a missing stream is named', async () => {
    const wrong = await home.run(['topic', 'create', 'a', 'x', '--set', 'segment_sise=1MiB']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('did you mean segment_size');
    await home.json(['topic', 'create', 'a', 'x', '--set', 'segment_size=1MiB']);
    const options = (await client.topics.get('a', 'x'))?.options ?? [];
    expect(options).toContainEqual(
      expect.objectContaining({ key: 'segment_size', value: 1_048_576n }),
    );
    const missing = await home.run(['topic', 'copy', 'nope', 't', 'x']);
    expect(missing.code).toBe(3);
    expect(missing.stderr).toContain('stream "nope"');
  });
});

describe('users and tokens', () => {
  it('06-S62 a password on the command line is refused and not repeated', async () => {
    for (const command of ['create', 'password']) {
      const { code, stdout, stderr } = await home.run(['user', command, 'bob', 'hunter2']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('not taken from the command line');
      expect(stderr).not.toContain('hunter2');
    }
  });

  it('06-S63 a user without rights is told which permission is missing', async () => {
    const env = { IGGY_USERNAME: 'alice', IGGY_PASSWORD: 'alicepw' };
    const { code, stderr } = await home.run(['stream', 'create', 'z'], { env });
    expect(code).toBe(6);
    expect(stderr).toContain('global: manage_streams');
    expect(stderr).toContain('[Unauthorized 41]');
    const can = await home.json(['user', 'can', 'iggy', 'stream.create']);
    expect(can).toMatchObject({ kind: 'permission', allowed: true });
    expect((await home.run(['user', 'can', 'alice', 'stream.create'])).code).toBe(6);
  });

  it('a new user gets its password from standard input, and works with what it was given', async () => {
    const create = ['user', 'create', 'bob', '--password-stdin', '--stream', 'a#t:s_msg'];
    expect((await home.run(create, { input: 'bobspw\n' })).code).toBe(0);
    const env = { IGGY_USERNAME: 'bob', IGGY_PASSWORD: 'bobspw' };
    expect((await home.run(['message', 'send', 'a/t/0', 'x'], { env })).code).toBe(0);
    expect((await home.run(['message', 'poll', 'a/t/0'], { env })).code).toBe(6);
    const change = await home.run(['user', 'password', 'bob', '--stdin'], {
      input: 'bobspw\nnewpw1\n',
    });
    expect(change).toMatchObject({ code: 0, stderr: '' });
    expect((await home.run(['me'], { env })).code).toBe(5);
  });

  it('permissions are added and taken away, the latter after a question', async () => {
    await home.json(['user', 'permissions', 'add', 'alice', '--global', 'send_messages,r_str']);
    const taking = ['user', 'permissions', 'remove', 'alice', '--global', 'send_messages'];
    const refused = await home.run(taking);
    expect(refused.code).toBe(16);
    expect(refused.stderr).toContain('- global: send_messages');
    await home.json([...taking, '--yes']);
    const { stdout } = await home.run(['user', 'permissions', 'get', 'alice']);
    expect(stdout).toBe('global: read_streams\n');
  });

  it('the value of a token is printed where that was asked for, and kept for --token-name', async () => {
    expect((await home.run(['token', 'create', 'ci'])).code).toBe(16);
    expect(await client.tokens.list()).toEqual([]);
    const kept = await home.json(['token', 'create', 'ci', '--store', 'file', '--expiry', '1h']);
    expect(kept).toMatchObject({ kind: 'token', name: 'ci', stored: 'file' });
    expect(kept).not.toHaveProperty('value');
    const env = { IGGY_USERNAME: '', IGGY_PASSWORD: '' };
    expect(await home.json(['me', '--token-name', 'ci'], { env })).toMatchObject({ user_id: 0 });
    const quiet = await home.run(['pat', 'c', 'short', '15m', '-q']);
    expect(quiet.stdout.trim().length).toBeGreaterThan(20);
    await home.json(['token', 'delete', 'ci', '--yes']);
    expect((await client.tokens.list()).map(({ name }) => name)).toEqual(['short']);
  });
});

describe('groups and offsets', () => {
  it('the lag of a group, and its offset moved while nobody is a member', async () => {
    await client.groups.create('a', 't', 'g');
    await client.messages.send({ stream: 'a', topic: 't', partitioning: { partition: 1 } }, [
      ...['0', '1', '2'].map((payload) => ({ payload })),
    ]);
    const set = ['consumer-offset', 'set', 'g', 'a', 't', '1', '1', '-k', 'cg'];
    expect(await home.json(set)).toMatchObject({ after: { stored_offset: '1' } });
    const lag = await home.json(['consumer-group', 'lag', 'a', 't', 'g', '--only-lagging']);
    expect(lag['partitions']).toContainEqual({
      ...{ partition: 1, member: null, stored_offset: '1', end_offset: '2', lag: '1' },
    });
    const failing = ['consumer-group', 'lag', 'a', 't', 'g', '--fail-above', '0'];
    expect((await home.run(failing)).code).toBe(9);
    expect(await home.json([...set.slice(0, 6), '--to', 'first', '-k', 'cg'])).toMatchObject({
      after: { stored_offset: null },
    });
    expect((await home.run(['consumer-offset', 'get', 'g', 'a', 't', '1', '-k', 'cg'])).code).toBe(
      3,
    );
    await client.groups.join({ stream: 'a', topic: 't', group: 'g' });
    expect((await home.run(set)).code).toBe(4);
    const members = await home.json(['client', 'list', '--group', 'a/t/g']);
    expect(members['items']).toHaveLength(1);
  });

  it('06-S15 sends at once fence nobody and leave no client behind', async () => {
    const before = (await client.topics.get('a', 't'))?.messages_count ?? 0n;
    const token = await client.tokens.create({ name: 'sender' });
    const environment = { IGGYCTL_SERVER: address, IGGYCTL_TOKEN: token };
    const sends = async () => {
      const shell = await ManyCommands.start(home.path);
      const codes: (number | null)[] = [];
      for (let i = 0; i < 50; i++) {
        codes.push((await shell.run(['message', 'send', 'a', 't', 'x', '-q'], environment)).code);
      }
      await shell.close();
      return codes;
    };
    const codes = (await Promise.all([sends(), sends()])).flat();
    expect(codes).toEqual(Array.from({ length: 100 }, () => 0));
    expect((await client.topics.get('a', 't'))?.messages_count).toBe(before + 100n);
    expect(await client.system.clients()).toHaveLength(1);
  });
});

describe('the manifest', () => {
  it('every official command has its counterpart, under its official names too', async () => {
    const { findCommand } = await import('../../src/cli/run/find-command.js');
    const path = new URL('../../oclif.manifest.json', import.meta.url);
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as {
      commands: Record<string, unknown>;
    };
    const ids = new Set(Object.keys(manifest.commands));
    const index = {
      has: (id: string) => ids.has(id),
      isTopic: (id: string) => [...ids].some((known) => known.startsWith(`${id}:`)),
    };
    const idOf = (line: string) => findCommand(line.split(' '), index, new Map()).id;
    for (const [official, id] of Object.entries(officialCommands)) {
      expect([official, idOf(official)]).toEqual([official, id]);
      expect(ids).toContain(id);
    }
  });
});

/** What the official command line has, long and short, and the command here. */
const officialCommands: Readonly<Record<string, string>> = {
  ...{ snapshot: 'snapshot', options: 'options' },
  ...{ login: 'login', li: 'login', logout: 'logout', lo: 'logout', ping: 'ping', me: 'me' },
  ...{ 'session status': 'session:show', 'sess s': 'session:show', stats: 'stats' },
  ...{ 'cluster metadata': 'cluster:metadata', 'cl m': 'cluster:metadata' },
  ...{ 'ctx l': 'context:list', 'ctx u': 'context:use', 'ctx c': 'context:create' },
  ...{ 'ctx d': 'context:delete', 'ctx s': 'context:show', 'context show': 'context:show' },
  ...{ 'client get': 'client:get', 'c g': 'client:get', 'c l': 'client:list' },
  ...{ 's c': 'stream:create', 's d': 'stream:delete', 's p': 'stream:purge' },
  ...{ 's u': 'stream:update', 's g': 'stream:get', 's l': 'stream:list' },
  ...{ 't c': 'topic:create', 't d': 'topic:delete', 't p': 'topic:purge', 't u': 'topic:update' },
  ...{ 't g': 'topic:get', 't l': 'topic:list', 'p c': 'partition:create' },
  ...{ 'p d': 'partition:delete', 'seg d': 'segment:delete', 'segment delete': 'segment:delete' },
  ...{ 'm s': 'message:send', 'm p': 'message:poll', 'm f': 'message:flush' },
  ...{ 'g c': 'consumer-group:create', 'g d': 'consumer-group:delete' },
  ...{ 'g g': 'consumer-group:get', 'g l': 'consumer-group:list' },
  ...{ 'o g': 'consumer-offset:get', 'o s': 'consumer-offset:set' },
  ...{ 'u c': 'user:create', 'u d': 'user:delete', 'u g': 'user:get', 'u l': 'user:list' },
  ...{ 'u n': 'user:rename', 'user name': 'user:rename', 'u s': 'user:status' },
  ...{
    'u pwd': 'user:password',
    'u p': 'user:permissions',
    'user permissions': 'user:permissions',
  },
  ...{ 'pat c': 'token:create', 'pat d': 'token:delete', 'pat list': 'token:list' },
};
