import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { HandCluster } from './hand/hand-cluster.js';
import { readPoll } from './hand/replies.js';
import { code, op, pollBody, sendBody, streamBody, topicBody } from './hand/requests.js';

const key = Buffer.from('a key of 32 bytes, as it must be');
const other = Buffer.from('another key of just as many byte');
const payloads = ['top secret payload', 'another secret payload'];
const poll = pollBody({
  ...{ reads: 1, stream: 's', topic: 't', partition: 0, by: 'first', count: 99 },
});

function contentOf(directory: string): Buffer {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = names
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
  return Buffer.concat(files.map((path) => readFileSync(path)));
}

it('messages are encrypted on all nodes and links, and only the same key reads them', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-encrypted-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const seen: string[] = [];
  const open = async (encryptionKey: Buffer) => {
    const server = await HandCluster.open({}, { nodes: 3, dataDir, encryptionKey });
    server.cluster.bus.tap((_from, _to, frame) => {
      seen.push(Buffer.from(frame).toString('latin1'));
    });
    return server;
  };
  const close = async (server: HandCluster) => {
    const events = server.cluster.events.since(0);
    const nodes = server.cluster.nodes.map(({ id }) => server.cluster.inspect(id));
    seen.push(inspect([server.cluster, events, nodes], { depth: 12, showHidden: true }));
    await server.stop();
    return events;
  };
  const polled = async (server: HandCluster, node = server.primary) => {
    const { texts, current } = readPoll(await (await server.root(node)).get(code.poll, poll));
    return { texts, current };
  };

  const server = await open(key);
  const root = await server.root();
  await root.must(op.createStream, streamBody('s'));
  await root.must(op.createTopic, topicBody('s', 't'));
  await root.sends(sendBody('s', 't', 0, payloads));
  for (const { id } of server.cluster.nodes) {
    const served = async () => expect((await polled(server, id)).texts).toEqual(payloads);
    await vi.waitFor(served, { timeout: 60_000, interval: 50 });
  }
  await close(server);

  const strange = await open(other);
  await vi.waitFor(async () => expect(await polled(strange)).toEqual({ texts: [], current: 1 }), {
    timeout: 60_000,
    interval: 50,
  });
  const told = () => strange.cluster.events.since(0).map(({ event }) => event);
  await vi.waitFor(() => expect(told()).toContain('MessagesNotDecrypted'), 60_000);
  await close(strange);

  const again = await open(key);
  const restored = async () => expect((await polled(again)).texts).toEqual(payloads);
  await vi.waitFor(restored, { timeout: 60_000, interval: 50 });
  await close(again);

  const kept = [contentOf(dataDir).toString('latin1'), ...seen];
  expect(kept[0]?.length).toBeGreaterThan(5000);
  for (const secret of [
    'secret payload',
    String(key),
    key.toString('base64'),
    key.toString('hex'),
  ]) {
    expect(kept.filter((text) => text.includes(secret))).toEqual([]);
  }
});
