import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loginBody, operation, requestFrame } from '../helpers/raw-client.js';
import { u32 } from './hand/bytes.js';
import { freshId, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import {
  readClients,
  readCluster,
  readGroup,
  readMe,
  readOffset,
  readStats,
  readStream,
  readUser,
} from './hand/replies.js';
import {
  code,
  groupBody,
  ident,
  offsetBody,
  op,
  optionText,
  place,
  sendBody,
  storeBody,
  streamBody,
  tokenBody,
  topicBody,
  userBody,
} from './hand/requests.js';

/** Entries of a ZIP archive: local headers, one after the other. */
function unzip(zip: Buffer): Record<string, string> {
  const files: Record<string, string> = {};
  let at = 0;
  while (zip.readUInt32LE(at) === 0x0403_4b50) {
    const [method, packed] = [zip.readUInt16LE(at + 8), zip.readUInt32LE(at + 18)];
    const [name, extra] = [zip.readUInt16LE(at + 26), zip.readUInt16LE(at + 28)];
    const from = at + 30 + name + extra;
    const data = zip.subarray(from, from + packed);
    const bytes = method === 8 ? inflateRawSync(data) : data;
    files[zip.toString('utf8', at + 30, at + 30 + name)] = bytes.toString();
    at = from + packed;
  }
  return files;
}

describe('05 system', () => {
  it('05-S88 statistics count what there is', async () => {
    const server = await HandCluster.start();
    const root = await server.root();
    await server.root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't', 2));
    await root.must(op.createGroup, groupBody('s', 't', 'g'));
    await root.sends(sendBody('s', 't', 0, ['a', 'b']));
    const stats = readStats(await root.get(code.stats));
    expect(stats).toMatchObject({
      process: process.pid,
      numericBytes: 108,
      clients: 2,
      streams: 1,
      topics: 1,
      partitions: 2,
      segments: 2,
      messages: 2,
      size: 256 + 2 * 49,
      groups: 1,
      caches: 0,
      semver: 9000,
    });
    expect([stats.cpu, stats.totalCpu].every((value) => value >= 0)).toBe(true);
    expect(stats.texts.every((text) => text.length > 0)).toBe(true);
    expect(stats.texts[4]).toMatch(/^iggyctl\/\d/);
  });

  it('05-S89 a snapshot is an archive, and one is made at a time', async () => {
    const server = await HandCluster.start();
    const root = await server.root();
    const ask = (compression: number, ...types: number[]) =>
      Buffer.from([compression, types.length, ...types]);
    expect(unzip(await root.get(code.snapshot, ask(2, 4)))['test.txt']?.trim()).toBe('test');
    expect(unzip(await root.get(code.snapshot, ask(1, 4)))['test.txt']?.trim()).toBe('test');
    expect(Object.keys(unzip(await root.get(code.snapshot, ask(2))))).toEqual([]);
    expect(await root.reads(code.snapshot, ask(2, 100, 4))).toBe('S 3');
    expect(await root.reads(code.snapshot, ask(2, 9))).toBe('S 3');
    expect(await root.reads(code.snapshot, ask(7, 4))).toBe('S 3');
    expect(await root.reads(code.snapshot, Buffer.from([2]))).toBe('S 3');

    const everything = Object.keys(unzip(await root.get(code.snapshot, ask(2, 100))));
    expect(everything).not.toContain('test.txt');
    expect(everything).toContain('server_config.txt');

    const other = await server.root();
    const both = await Promise.all([
      root.reads(code.snapshot, ask(2, 100)),
      other.reads(code.snapshot, ask(2, 100)),
    ]);
    expect(both.sort()).toEqual(['S 9000', 'ok']);
  });

  it('05-S90 a roster of one node and of three', async () => {
    const one = await HandCluster.start();
    const root = await one.root();
    const [ip, leads] = ['127.0.0.1', { role: 0, status: 0 }];
    expect(readCluster(await root.get(code.cluster))).toEqual({
      name: 'single-node',
      nodes: [{ name: 'iggy-node', ip, ports: [one.port(), 0, 0, 0], ...leads }],
    });
    expect(await (await one.dial()).reads(code.cluster)).toBe('S 40');

    const three = await HandCluster.start({}, { nodes: 3, name: 'dev' });
    for (const node of [0, 1, 2]) {
      const { name, nodes } = readCluster(await (await three.root(node)).get(code.cluster));
      expect(name).toBe('dev');
      expect(nodes.map((each) => [each.name, each.ports])).toEqual(
        [0, 1, 2].map((id) => [`node-${id}`, [three.port(id), 0, 0, 0]]),
      );
      expect(nodes.filter(({ role }) => role === 0)).toHaveLength(1);
      expect(await (await three.dial(node)).reads(code.cluster)).toBe('S 40');
    }
  });

  it('05-S98 05-S99 logins over and over on one connection keep its identity', async () => {
    const server = await HandCluster.start();
    const client = await server.root();
    const first = await client.get(code.me);
    const me = readMe(first);
    expect(me).toMatchObject({ user: 0, transport: 1, groups: 0 });
    expect(me.address).toBe(`127.0.0.1:${client.raw.socket.localPort}`);
    expect(await client.get(code.client, u32(me.id))).toEqual(first);
    expect(await client.get(code.client, u32(me.id + 77))).toEqual(Buffer.alloc(0));
    expect(await client.get(code.client)).toEqual(Buffer.alloc(0));
    const stranger = await server.dial();
    await stranger.ping();
    const listed = readClients(await client.get(code.clients));
    expect(listed.map(({ user }) => user).sort()).toEqual([0, 0xffff_ffff]);
    expect(listed.every(({ id }) => id > 0)).toBe(true);

    for (let turn = 0; turn < 3; turn++) {
      for (const each of [code.me, code.stats, code.ping]) client.raw.send(client.readFrame(each));
      client.raw.send(client.logoutFrame());
      client.id = freshId();
      const body = loginBody();
      client.raw.send(requestFrame({ operation: operation.register, client: client.id, body }));
      const codes = [];
      for (let i = 0; i < 5; i++) codes.push((await client.raw.receive()).operation);
      expect(codes).toEqual([2, 2, 2, 3, 1]);
      expect(readMe(await client.get(code.me))).toEqual(me);
    }
    expect(await client.raw.isSilent(50)).toBe(true);
  });
});

describe('05 recovery', () => {
  it.each([1, 3])('05-S91 everything is as it was after a restart of %i nodes', async (nodes) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-acceptance-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const first = await HandCluster.open({}, { nodes, dataDir });
    const root = await first.root();
    for (const name of ['a', 'b', 'c']) await root.must(op.createStream, streamBody(name));
    await root.must(op.createTopic, topicBody('b', 't', 3, optionText('message_expiry', '1 day')));
    await root.must(op.createGroup, groupBody('b', 't', 'old'));
    await root.must(op.deleteGroup, place('b', 't', 'old'));
    await root.must(op.createGroup, groupBody('b', 't', 'g'));
    for (const id of ['alice', 'gone']) await root.must(op.createUser, userBody(id, 'secret'));
    await root.must(op.deleteUser, ident('gone'));
    await root.must(op.createToken, tokenBody('lasting'));
    await root.sends(sendBody('b', 't', 1, ['x', 'y', 'z']));
    const at = { reads: 'c', stream: 'b', topic: 't', partition: 1 } as const;
    expect(await root.partitionSays(op.storeOffset, storeBody(at, 1))).toBe('ok');
    await root.must(op.deleteStream, ident('a'));
    const asked = [
      [code.streams],
      [code.stream, ident('b')],
      [code.topic, place('b', 't')],
      [code.groups, place('b', 't')],
      [code.users],
      [code.user, ident('alice')],
      [code.tokens],
    ] as const;
    const before = [];
    for (const [each, body] of asked) before.push(await root.get(each, body));
    await first.stop();

    const again = await HandCluster.start({}, { nodes, dataDir });
    const next = await again.root();
    for (const [i, [each, body]] of asked.entries()) {
      expect([each, await next.get(each, body)]).toEqual([each, before[i]]);
    }
    expect(readOffset(await next.get(code.offset, offsetBody(at)))).toEqual({
      ...{ partition: 1, current: 2, stored: 1 },
    });
    expect(readStream(await next.must(op.createStream, streamBody('n'))).id).toBe(0);
    expect(readUser(await next.must(op.createUser, userBody('next', 'secret'))).id).toBe(3);
    expect(readGroup(await next.must(op.createGroup, groupBody('b', 't', 'n'))).id).toBe(2);
    expect((await (await again.dial()).login('alice', 'secret')).user).toBe(1);
  });

  it('05-S92 05-S93 a repeated request is answered with the same bytes by every replica', async () => {
    const server = await HandCluster.start({ 'cluster.heartbeat_timeout': '2s' }, { nodes: 3 });
    const client = await server.root();
    const asked: [number, Buffer][] = [
      [op.createStream, streamBody('s')],
      [op.createStream, streamBody('s')],
      [op.createTopic, topicBody('s', 't', 2)],
      [op.createUser, userBody('x', 'secret')],
      [op.deleteStream, ident('no')],
      [op.createGroup, groupBody('s', 't', 'g')],
    ];
    const said: Buffer[] = [];
    for (const [i, [each, body]] of asked.entries()) {
      said.push((await client.mutate(each, body, i + 1)).frame);
    }
    for (const [i, [each, body]] of asked.entries()) {
      expect((await client.mutate(each, body, i + 1)).frame).toEqual(said[i]);
    }
    const before = server.primary;
    await server.cluster.kill(before, 'crash');
    await server.cluster.waitFor(
      ({ primary }) => primary !== undefined && primary !== before,
      60_000,
    );
    const moved = await server.root(server.primary, client.id);
    for (const [i, [each, body]] of asked.entries()) {
      const frame = moved.frame(each, body, i + 1);
      const reply = await moved.raw.askPatiently(frame);
      expect([i, reply.frame]).toEqual([i, said[i]]);
      expect(outcome(reply)).toMatch(/^(ok|R (1012|43|1009))$/);
    }
  });
});
