import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { commands, encode, encodeSendMessages, Operation } from '../../src/wire/index.js';
import { operation, RawClient, type RawReply, requestFrame } from '../helpers/raw-client.js';
import { hashing } from '../helpers/remembered-hashing.js';
import { noGlobal } from '../machine/metadata/metadata-harness.js';

// Official clients send everything to the node that leads the metadata. After a failover the
// partitions of a new topic are led by another node: groups begin in view 0, with node 0.
describe('partitions that another node leads than the metadata', () => {
  const client = 'ab'.repeat(16);
  let cluster: LocalCluster;
  let raw: RawClient;
  let session = 0;
  let request = 0;

  beforeAll(async () => {
    cluster = await LocalCluster.start({
      hashing,
      nodes: 3,
      portBase: 0,
      seed: 5n,
      ephemeral: true,
      settings: [{ name: 'cluster.heartbeat_timeout', value: '2s', origin: 'test' }],
    });
    await cluster.kill(0, 'crash');
    await cluster.waitFor(() => (cluster.status().primary ?? 0) !== 0, 30_000);
    await cluster.restart(0);
    raw = await RawClient.connect(portOf(cluster.status().primary ?? 0));
    session = await raw.login(client);
    expect(await mutate(operation.createStream, Uint8Array.of(1, 115))).toMatchObject({
      result: 0,
    });
  }, 60_000);

  afterAll(async () => {
    raw?.close();
    await cluster?.stop();
  });

  const portOf = (node: number) => cluster.nodes[node]?.ports.tcp ?? 0;

  const mutate = (code: number, body: Uint8Array) => {
    request++;
    return raw.ask(requestFrame({ operation: code, client, session, request, body }));
  };

  const createTopic = (name: string) => {
    const topic = { stream_id: 's', partitions_count: 2, name, options: [] };
    return mutate(Operation.CreateTopic, encode(commands.create_topic.request, topic));
  };

  const sendFrame = (topic: string, from = session) => {
    const target = {
      stream_id: 's',
      topic_id: topic,
      partitioning: { kind: 2, value: 1 },
    } as const;
    const body = encodeSendMessages(target, [
      { id: 1n, payload: Uint8Array.of(1), originTimestamp: 5n },
    ]);
    return requestFrame({
      operation: Operation.SendMessages,
      client,
      session: from,
      request: request + 1,
      body,
    });
  };

  const baseOffset = ({ status, body }: RawReply) =>
    status === 0 ? Number(body.readBigUInt64LE(16)) : `status ${status}`;

  it('takes a send right behind the acknowledgement of the topic, without a 58', async () => {
    const offsets: (number | string)[] = [];
    for (const topic of ['a', 'b', 'c', 'd', 'e']) {
      expect(await createTopic(topic)).toMatchObject({ result: 0 });
      offsets.push(baseOffset(await raw.ask(sendFrame(topic))));
    }

    expect(offsets).toEqual([0, 0, 0, 0, 0]);
    const leaders = cluster.nodes.map(({ host }) => host?.partitions.find(1)?.status.primary);
    expect(leaders).not.toContain(cluster.status().primary);
  });

  it('keeps the order of what one connection sends at once', async () => {
    await createTopic('many');
    for (let i = 0; i < 20; i++) raw.send(sendFrame('many'));
    const offsets: (number | string)[] = [];
    for (let i = 0; i < 20; i++) offsets.push(baseOffset(await raw.receive()));

    expect(offsets).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('reads at once what it sent and stored through the node it is connected to', async () => {
    const servers = [`127.0.0.1:${portOf(cluster.status().primary ?? 0)}`];
    const client = new IggyClient({ servers, credentials: rootLogin });
    await client.connect();
    await client.topics.create('s', { name: 'read', partitions: 1 });
    const at = { stream: 's', topic: 'read', consumer: 1, partition: 0 } as const;
    const seen: number[] = [];
    for (let i = 0; i < 30; i++) {
      const to = { ...at, partitioning: { partition: 0 } };
      await client.messages.send(to, [{ payload: `m${i}` }]);
      const { messages } = await client.messages.poll({ ...at, from: { offset: i }, count: 10 });
      await client.offsets.store(at, { offset: BigInt(i) });
      const stored = await client.offsets.get(at);
      if (messages.length === 1 && Number(stored?.stored_offset) === i) seen.push(i);
    }

    // Where the entry reaches this node last, it may still be on its way now and then.
    expect(seen.length).toBeGreaterThan(20);
    client.destroy();
  });

  it('refuses a send as soon as the right to it is acknowledged to be gone', async () => {
    await createTopic('guarded');
    const servers = [`127.0.0.1:${portOf(cluster.status().primary ?? 0)}`];
    const root = new IggyClient({ servers, credentials: rootLogin });
    const user = new IggyClient({ servers, credentials: userLogin });
    await root.connect();
    const rights = { ...noGlobal, send_messages: true };
    const made = await root.users.create({
      ...userLogin,
      permissions: { global: rights, streams: [] },
    });
    await user.connect();
    const place = { stream: 's', topic: 'guarded', partitioning: { partition: 0 } };
    const send = () => user.messages.send(place, [{ payload: 'x' }]);
    expect(await send()).toMatchObject([{ base_offset: 0n }]);

    await root.users.setPermissions(made.id, null);
    const refused = await send().then(
      () => 'accepted',
      (error: unknown) => error,
    );

    expect(refused).toMatchObject({ details: { serverCode: 41 } });
    user.destroy();
    root.destroy();
  });
});

const rootLogin = { username: 'iggy', password: 'iggy' };
const userLogin = { username: 'sender', password: 'secret' };
