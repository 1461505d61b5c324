// Producing and consuming, against a server that stores messages in memory.
import { afterEach, describe, expect, test } from 'vitest';
import { type ClientOptions, IggyClient } from '../../src/client/index.js';
import { evict, op, type ScriptedRequest, status } from '../helpers/scripted-frames.js';
import { type Script, ScriptedServer } from '../helpers/scripted-server.js';
import { ScriptedTopic } from '../helpers/scripted-topic.js';

const servers: ScriptedServer[] = [];
const clients: IggyClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function connect(script: Script, options: ClientOptions = {}): Promise<IggyClient> {
  const server = await ScriptedServer.start(script);
  servers.push(server);
  const client = new IggyClient({
    servers: [server.address],
    credentials: { username: 'iggy', password: 'iggy' },
    heartbeatMillis: 0,
    reconnect: { intervalMillis: 10, reestablishAfterMillis: 0 },
    ...options,
  });
  clients.push(client);
  await client.connect();
  return client;
}

const place = { stream: 's', topic: 't' } as const;
const text = (payload: Uint8Array) => Buffer.from(payload).toString();

describe('sending and polling', () => {
  test('goes round the partitions, and reads the topic once', async () => {
    const topic = new ScriptedTopic(3);
    const client = await connect(topic.script);
    for (let i = 0; i < 6; i++) await client.messages.send(place, [{ payload: `m${i}` }]);
    expect(topic.sizes).toEqual([2, 2, 2]);
    expect(topic.topicReads).toBe(1);
  });

  test('sends equal keys to one partition', async () => {
    const topic = new ScriptedTopic(4);
    const client = await connect(topic.script);
    const partitioning = { key: 'customer-1' };
    for (let i = 0; i < 5; i++) {
      await client.messages.send({ ...place, partitioning }, [{ payload: `${i}` }]);
    }
    expect(topic.sizes.filter((size) => size > 0)).toEqual([5]);
  });

  test('gives back what was sent, with headers', async () => {
    const topic = new ScriptedTopic(1);
    const client = await connect(topic.script);
    const [confirmation] = await client.messages.send(place, [
      { payload: 'first', id: 5n, headers: { kind: 'a', n: 7, big: 1n, yes: true, f: 0.5 } },
      { payload: Buffer.from([1, 2, 3]) },
    ]);
    expect(confirmation).toMatchObject({ partition_id: 0, base_offset: 0n });
    const polled = await client.messages.poll({ ...place, consumer: 1, from: 'first' });
    expect(polled).toMatchObject({ partitionId: 0, count: 2, currentOffset: 1 });
    const [first, second] = polled.messages;
    expect(first).toMatchObject({ offset: 0, id: 5n });
    expect(text(first?.payload ?? Buffer.alloc(0))).toBe('first');
    expect(second?.offset).toBe(1);
    expect(second?.id).not.toBe(0n);
  });

  test('polls by offset, time and stored offset', async () => {
    const topic = new ScriptedTopic(2);
    const client = await connect(topic.script);
    const reader = { ...place, consumer: 'me', partition: 1 } as const;
    await client.messages.poll({ ...reader, from: { offset: 9 } });
    await client.messages.poll({ ...reader, from: { timestampMicros: 77n } });
    await client.messages.poll({ ...reader, from: 'last' });
    await client.messages.poll(reader);
    expect(topic.polls).toEqual([
      { partition: 1, kind: 1, value: 9 },
      { partition: 1, kind: 2, value: 77 },
      { partition: 1, kind: 4, value: 0 },
      { partition: 1, kind: 5, value: 0 },
    ]);
  });

  test('reads the topic again when the server does not know the partition', async () => {
    const topic = new ScriptedTopic(2);
    const client = await connect(topic.script);
    await client.messages.send(place, [{ payload: 'a' }]);
    topic.partitions.pop();
    await expect(client.messages.send(place, [{ payload: 'b' }])).rejects.toMatchObject({
      serverCode: 20,
    });
    await client.messages.send(place, [{ payload: 'c' }]);
    expect(topic.topicReads).toBe(2);
  });

  test('a message that cannot be encoded is refused here', async () => {
    const client = await connect(new ScriptedTopic(1).script);
    await expect(
      client.messages.send({ ...place, partitioning: { key: '' } }, [{ payload: 'a' }]),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(client.messages.send(place, [])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(client.streams.create('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('producers', () => {
  test('put what comes together into one batch', async () => {
    const topic = new ScriptedTopic(1);
    const client = await connect(topic.script);
    const producer = client.producer({ ...place, lingerMillis: 5 });
    const reports = await Promise.all(['a', 'b', 'c'].map((each) => producer.send(each)));
    expect(topic.partitions[0]).toHaveLength(1);
    expect(reports.map((report) => report.retries)).toEqual([0, 0, 0]);
    expect(reports[0]?.confirmation).toMatchObject({ base_offset: 0n });
    await producer.close();
    await expect(producer.send('d')).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  test('split batches by number and by size, and keep the order', async () => {
    const topic = new ScriptedTopic(1);
    const client = await connect(topic.script);
    const producer = client.producer({ ...place, batchMessages: 4, batchBytes: 10 });
    const sent = Array.from({ length: 10 }, (_, i) => producer.send(`m-${i}`));
    await producer.flush();
    await Promise.all(sent);
    expect(topic.partitions[0]?.map(({ count }) => count)).toEqual([3, 3, 3, 1]);
    const polled = await client.messages.poll({ ...place, consumer: 1, from: 'first' });
    expect(polled.messages.map((each) => text(each.payload))).toEqual(
      Array.from({ length: 10 }, (_, i) => `m-${i}`),
    );
    await producer.close();
  });

  test('keep messages with different keys apart', async () => {
    const topic = new ScriptedTopic(8);
    const client = await connect(topic.script);
    const producer = client.producer(place);
    await Promise.all(['a', 'b', 'a', 'b', 'a'].map((key) => producer.send(`for ${key}`, { key })));
    expect(topic.sizes.filter((size) => size > 0).sort()).toEqual([2, 3]);
    await producer.close();
  });

  test('send a batch again after a lost answer, and say so', async () => {
    const topic = new ScriptedTopic(1);
    let cuts = 1;
    const client = await connect((request, connection) => {
      if (request.operation === op.sendMessages && cuts > 0) {
        cuts -= 1;
        topic.script(request, connection);
        connection.cut();
        return undefined;
      }
      return topic.script(request, connection);
    });
    const told: string[] = [];
    const producer = client.producer({
      ...place,
      retry: { retries: 3, intervalMillis: 1 },
      onRetry: (error, attempt) => told.push(`${attempt} ${error.code}`),
    });
    expect(await producer.send('twice')).toMatchObject({ retries: 1 });
    expect(topic.sizes).toEqual([2]);
    expect(told).toEqual(['1 CONNECTION_LOST']);
    await producer.close();
  });

  test('do not send again when told not to, or when it cannot help', async () => {
    let answer = (request: ScriptedRequest) => status(request, 41);
    const topic = new ScriptedTopic(1);
    const client = await connect((request, connection) =>
      request.operation === op.sendMessages ? answer(request) : topic.script(request, connection),
    );
    const producer = client.producer({ ...place, retry: { retries: 3, intervalMillis: 1 } });
    await expect(producer.send('a')).rejects.toMatchObject({ serverCode: 41 });
    answer = (request) => status(request, 20);
    const once = client.producer({ ...place, retry: false });
    await expect(once.send('a')).rejects.toMatchObject({ serverCode: 20 });
  });
});

describe('consumers', () => {
  async function filled(partitions: number, messages: number) {
    const topic = new ScriptedTopic(partitions);
    const client = await connect(topic.script);
    for (let i = 0; i < messages; i++) await client.messages.send(place, [{ payload: `${i}` }]);
    return { topic, client };
  }

  test('read to the end and store how far they got', async () => {
    const { topic, client } = await filled(1, 5);
    const read: string[] = [];
    for await (const message of client.consumer({ ...place, consumer: 'me', stopAtEnd: true })) {
      read.push(`${message.partition}:${message.offset}:${text(message.payload)}`);
    }
    expect(read).toEqual(['0:0:0', '0:1:1', '0:2:2', '0:3:3', '0:4:4']);
    expect(topic.stored.get(0)).toBe(4);
  });

  test('let the server commit, or the caller', async () => {
    const { topic, client } = await filled(1, 3);
    const manual = client.consumer({ ...place, consumer: 1, stopAtEnd: true, commit: 'manual' });
    for await (const message of manual) expect(message.partition).toBe(0);
    expect(topic.stored.size).toBe(0);
    await manual.commit({ partition: 0, offset: 1 });
    expect(topic.stored.get(0)).toBe(1);
    const polling = client.consumer({ ...place, consumer: 1, stopAtEnd: true, commit: 'poll' });
    const left: number[] = [];
    for await (const message of polling) left.push(message.offset);
    expect(left).toEqual([2]);
    expect(topic.stored.get(0)).toBe(2);
  });

  test('members of a group read their partitions in turn, and leave at the end', async () => {
    const { topic, client } = await filled(3, 9);
    topic.assignment = [0, 2];
    const assigned: (readonly number[])[] = [];
    const offsets = new Map<number, number[]>();
    const consumer = client.consumer({
      ...place,
      group: 'g',
      stopAtEnd: true,
      pollMillis: 1,
      onAssignment: (partitions) => assigned.push(partitions),
    });
    for await (const { partition, offset } of consumer) {
      offsets.set(partition, [...(offsets.get(partition) ?? []), offset]);
    }
    expect(assigned).toEqual([[0, 2]]);
    expect(Object.fromEntries(offsets)).toEqual({ 0: [0, 1, 2], 2: [0, 1, 2] });
    expect(topic.stored).toEqual(
      new Map([
        [0, 2],
        [2, 2],
      ]),
    );
    expect(topic.member).toBe(false);
  });

  test('04-S93 sync and go on after partitions moved', async () => {
    const { topic, client } = await filled(3, 6);
    const seen: number[] = [];
    const assigned: (readonly number[])[] = [];
    const consumer = client.consumer({
      ...place,
      group: 'g',
      pollMillis: 1,
      commit: 'message',
      onAssignment: (partitions) => assigned.push(partitions),
    });
    for await (const { partition } of consumer) {
      seen.push(partition);
      if (seen.length === 2) {
        topic.assignment = [2];
        topic.generation = 2;
      }
      if (seen.length === 4) break;
    }
    expect(seen).toEqual([0, 0, 2, 2]);
    expect(assigned).toEqual([[0, 1, 2], [2]]);
    expect(topic.polls.map((poll) => poll.partition).slice(0, 3)).toEqual([0, 1, 2]);
  });

  test('04-S91 join again when the membership is gone, and fail when the group is', async () => {
    const { topic, client } = await filled(1, 2);
    const seen: number[] = [];
    const consumer = client.consumer({ ...place, group: 'g', pollMillis: 1, commit: 'message' });
    const reading = (async () => {
      for await (const { offset } of consumer) {
        seen.push(offset);
        if (seen.length === 2) topic.member = false;
      }
    })();
    await expect.poll(() => seen.length).toBe(2);
    await client.messages.send(place, [{ payload: 'more' }]);
    await expect.poll(() => seen).toEqual([0, 1, 2]);
    topic.groupExists = false;
    topic.member = false;
    await expect(reading).rejects.toMatchObject({ serverCode: 5000 });
  });

  test('create their group when told to', async () => {
    const { topic, client } = await filled(1, 1);
    topic.groupExists = false;
    const consumer = client.consumer({
      ...place,
      group: 'g',
      createGroup: true,
      stopAtEnd: true,
      pollMillis: 1,
    });
    const seen: number[] = [];
    for await (const { offset } of consumer) seen.push(offset);
    expect(seen).toEqual([0]);
  });

  test('go on after the connection was lost', async () => {
    const topic = new ScriptedTopic(1);
    let polls = 0;
    const client = await connect((request, connection) => {
      if (request.code === 100 && request.operation === 2) {
        polls += 1;
        if (polls === 2) connection.cut();
      }
      return topic.script(request, connection);
    });
    await client.messages.send(place, [{ payload: 'a' }]);
    const seen: string[] = [];
    for await (const message of client.consumer({ ...place, consumer: 1, pollMillis: 1 })) {
      seen.push(text(message.payload));
      if (seen.length === 2) break;
      void client.messages.send(place, [{ payload: 'b' }]).catch(() => undefined);
    }
    expect(seen[0]).toBe('a');
    expect(seen).toHaveLength(2);
  });

  test('end when their signal says so', async () => {
    const { client } = await filled(1, 1);
    const abort = new AbortController();
    const seen: number[] = [];
    for await (const { offset } of client.consumer({
      ...place,
      consumer: 1,
      signal: abort.signal,
    })) {
      seen.push(offset);
      abort.abort();
    }
    expect(seen).toEqual([0]);
  });

  test('are members of nothing by themselves', async () => {
    const { client } = await filled(1, 0);
    await expect(client.messages.poll({ ...place, group: 'g' })).rejects.toMatchObject({
      serverCode: 5006,
    });
    const server = servers.at(-1);
    if (server !== undefined) server.script = () => evict(13);
  });
});
