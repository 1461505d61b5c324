import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hash32, hash64, u8, u32, u64 } from './hand/bytes.js';
import { type HandClient, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import {
  readConfirmations,
  readGroup,
  readOffset,
  readPoll,
  readStream,
  readTopic,
} from './hand/replies.js';
import {
  code,
  dropOffsetBody,
  type Flaw,
  groupBody,
  ident,
  offsetBody,
  op,
  type PollFields,
  place,
  pollBody,
  type Reads,
  sendBody,
  storeBody,
  streamBody,
  type Target,
  topicBody,
  userBody,
} from './hand/requests.js';

const six = ['m0', 'm1', 'm2', 'm3', 'm4', 'm5'];

describe.each([1, 3])('05 messages on %i nodes', (nodes) => {
  let server: HandCluster;
  let root: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes });
    root = await server.root();
    await root.must(op.createStream, streamBody('s'));
  });
  afterAll(() => server.stop());

  /** A topic of its own, and what one does with it. */
  async function topicOf(name: string, partitions = 1) {
    await root.must(op.createTopic, topicBody('s', name, partitions));
    const at = { stream: 's', topic: name } as const;
    const spot = (reads: Reads = 1, partition: number | undefined = 0) => ({
      ...at,
      reads,
      partition,
    });
    const send = async (target: Target, texts: readonly string[]) => {
      const [first] = readConfirmations(await root.sends(sendBody('s', name, target, texts)));
      return first;
    };
    const poll = async (fields: Partial<PollFields> = {}) =>
      readPoll(await root.get(code.poll, pollBody({ ...spot(), ...fields })));
    const stored = async (reads: Reads = 1) =>
      readOffset(await root.get(code.offset, offsetBody(spot(reads))));
    const store = (offset: number, reads: Reads = 1, ack = 1) =>
      root.partitionSays(op.storeOffset, storeBody(spot(reads), offset, ack));
    const drop = (reads: Reads = 1) =>
      root.partitionSays(op.deleteOffset, dropOffsetBody(spot(reads)));
    const topic = async () => readTopic(await root.get(code.topic, place('s', name)));
    return { spot, send, poll, stored, store, drop, topic };
  }

  it('05-S43 05-S46 05-S47 05-S51 sends are confirmed with offsets, polls find them', async () => {
    const { send, poll, topic, stored } = await topicOf('s43');
    const { id } = await topic();
    expect(await send(0, six)).toEqual({ stream: 0, topic: id, partition: 0, base: 0 });
    expect(await poll({ count: 10 })).toMatchObject({ partition: 0, current: 5, texts: six });
    expect(await poll({ value: 6 })).toEqual({
      ...{ partition: 0, current: 5, count: 0, batches: [], offsets: [], texts: [] },
    });
    expect((await poll({ value: 3, count: 2 })).offsets).toEqual([3, 4]);
    expect((await poll({ by: 'last', count: 10 })).offsets).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await poll({ by: 'last', count: 2 })).offsets).toEqual([4, 5]);
    expect((await poll({ by: 'first', count: 2 })).offsets).toEqual([0, 1]);
    expect(await poll({ count: 0, commit: true })).toMatchObject({ count: 0, current: 5 });
    expect(await stored()).toBeUndefined();
    expect(await send(0, ['a', 'b', 'c'])).toMatchObject({ base: 6 });
    expect((await topic()).list).toMatchObject([{ messages: 9, offset: 8, segments: 1 }]);
  });

  it('05-S44 04-S76 what does not resolve is 20, whatever it is', async () => {
    const { send } = await topicOf('s44');
    const says = (body: Buffer) => root.partitionSays(op.send, body);
    expect(await says(sendBody(99, 's44', 0, ['x']))).toBe('S 20');
    expect(await says(sendBody('s', 'missing', 0, ['x']))).toBe('S 20');
    expect(await says(sendBody('s', 's44', 7, ['x']))).toBe('S 20');
    expect(await says(Buffer.from([1, 2]))).toBe('S 20');
    expect(await send(0, ['x'])).toMatchObject({ base: 0 });

    await root.must(op.createUser, userBody(`alice${nodes}`, 'secret'));
    const alice = await (await server.dial()).login(`alice${nodes}`, 'secret');
    expect(await alice.partitionSays(op.send, sendBody('s', 's44', 0, ['x']))).toBe('S 41');
    expect(await alice.partitionSays(op.send, sendBody('s', 'missing', 0, ['x']))).toBe('S 20');
  });

  it('05-S45 the server deals balanced sends in turn and keyed ones by hash', async () => {
    const { send } = await topicOf('s45', 3);
    const dealt = [];
    for (let i = 0; i < 4; i++) dealt.push((await send('balanced', ['x']))?.partition);
    expect(dealt).toEqual([0, 1, 2, 0]);
    for (const key of ['a', 'user-42', 'workers', 'a']) {
      expect((await send({ key }, ['x']))?.partition).toBe(hash32(key) % 3);
    }
    expect(hash32('user-42')).toBe(1_635_883_646);
  });

  it('05-S48 05-S95 next goes on where auto-commit stored, and nothing comes late', async () => {
    const { send, poll, stored, store, drop } = await topicOf('s95');
    await send(0, six);
    const next = { by: 'next', count: 100 } as const;
    expect((await poll(next)).texts).toEqual(six);
    expect((await poll(next)).texts).toEqual(six);
    expect((await poll({ ...next, commit: true })).texts).toEqual(six);
    expect(await stored()).toEqual({ partition: 0, current: 5, stored: 5 });
    expect((await poll({ ...next, commit: true })).count).toBe(0);
    expect(await drop()).toBe('ok');
    expect(await stored()).toBeUndefined();

    for (let i = 0; i < 20; i++) {
      expect((await poll({ ...next, commit: true })).count).toBe(6);
      expect(await drop()).toBe('ok');
      expect(await stored()).toBeUndefined();
    }
    await send(0, ['m6']);
    expect(await stored()).toBeUndefined();
    expect(await store(2)).toBe('ok');
    expect(await stored()).toEqual({ partition: 0, current: 6, stored: 2 });
  });

  it('05-S49 a timestamp selects whole batches by the time they were appended', async () => {
    const { send, poll } = await topicOf('s49');
    await send(0, ['a', 'b']);
    await send(0, ['c']);
    const { batches } = await poll();
    const second = batches[1]?.time ?? 0n;
    expect(second).toBeGreaterThan(batches[0]?.time ?? 0n);
    expect((await poll({ by: 'timestamp', value: second })).texts).toEqual(['c']);
    expect((await poll({ by: 'timestamp', value: second + 1n })).count).toBe(0);
    expect((await poll({ by: 'timestamp', value: second - 1n })).texts).toEqual(['c']);
    expect((await poll({ by: 'timestamp', value: 0 })).texts).toEqual(['a', 'b', 'c']);
  });

  it('05-S50 04-S77 a poll names what is missing, and means partition 0 when it names none', async () => {
    const { send, spot } = await topicOf('s50');
    await send(0, ['x']);
    const says = (fields: Partial<PollFields>) =>
      root.reads(code.poll, pollBody({ ...spot(), ...fields }));
    expect(await says({ partition: 7 })).toBe('S 3007');
    expect(await says({ stream: 'no' })).toBe('S 1009');
    expect(await says({ topic: 'no' })).toBe('S 2010');
    const bare = readPoll(await root.get(code.poll, pollBody({ ...spot(), partition: undefined })));
    expect(bare).toMatchObject({ partition: 0, texts: ['x'] });
    expect(await root.reads(code.poll, Buffer.from([1]))).toBe('S 3');
  });

  it('05-S52 05-S53 a part of a batch is re-headed, and a repeated batch is appended', async () => {
    const { send, poll } = await topicOf('s52');
    await send(0, ['a', 'b', 'c', 'd', 'e']);
    const part = await poll({ value: 2 });
    expect(part.batches).toMatchObject([{ count: 3, base: 0, first: 2, offsets: [2, 3, 4] }]);
    expect(part.texts).toEqual(['c', 'd', 'e']);
    expect((await poll({ value: 1, count: 2 })).offsets).toEqual([1, 2]);
    await send(0, ['a', 'b', 'c', 'd', 'e']);
    expect((await poll()).count).toBe(10);
  });

  it.each<[Flaw, string]>([
    ['frame', 'S 4027'],
    ['batch', 'S 4039'],
    ['count', 'S 3'],
    ['trailing', 'S 3'],
    ['tiling', 'S 3'],
    ['reserved', 'S 3'],
  ])('05-S54 a batch with a wrong %s is refused and nothing is appended', async (flaw, code54) => {
    const { send, poll } = await topicOf(`s54 ${flaw}`);
    const body = sendBody('s', `s54 ${flaw}`, 0, ['a', 'b'], { flaw });
    expect(await root.partitionSays(op.send, body)).toBe(code54);
    expect((await poll()).count).toBe(0);
    expect(await send(0, ['good'])).toMatchObject({ base: 0 });
    expect((await poll()).texts).toEqual(['good']);
  });

  it('05-S55 a purge empties messages, counters and offsets, and keeps the members', async () => {
    const { send, poll, stored, store, topic } = await topicOf('s55');
    await send(0, six);
    expect(await store(3)).toBe('ok');
    await root.must(op.createGroup, groupBody('s', 's55', 'g'));
    await root.must(op.joinGroup, place('s', 's55', 'g'));
    expect(await store(4, { group: 'g' })).toBe('ok');
    expect((await topic()).size).toBeGreaterThan(256);

    await root.must(op.purgeTopic, place('s', 's55'));
    expect(await topic()).toMatchObject({
      messages: 0,
      size: 0,
      list: [{ messages: 0, size: 0, offset: 0, segments: 1 }],
    });
    expect(await until(stored, (value) => value === undefined)).toBeUndefined();
    expect(await stored({ group: 'g' })).toBeUndefined();
    expect((await until(poll, ({ count }) => count === 0)).count).toBe(0);
    expect(await send(0, ['new'])).toMatchObject({ base: 0 });
    expect((await poll()).texts).toEqual(['new']);
    expect(readGroup(await root.get(code.group, place('s', 's55', 'g')))).toMatchObject({
      members: 1,
      list: [{ owns: [0] }],
    });
    await root.must(op.leaveGroup, place('s', 's55', 'g'));
  });

  it('05-S57 there is no flush', async () => {
    await topicOf('s57');
    for (const [stream, topic] of [
      ['s', 's57'],
      ['no', 'no'],
    ] as const) {
      const body = Buffer.concat([place(stream, topic), u32(0), u8(1)]);
      expect(await root.reads(code.flush, body)).toBe('S 5');
    }
    expect(await root.reads(code.flush)).toBe('S 5');
  });

  it('05-S59 05-S61 05-S62 offsets stay within what can be read', async () => {
    const { send, stored, store, drop, spot } = await topicOf('s59');
    expect(await store(0)).toBe('S 4100');
    expect(await store(3)).toBe('S 4100');
    await send(0, ['a', 'b', 'c', 'd', 'e']);
    expect([await store(2), await store(4), await store(5)]).toEqual(['ok', 'ok', 'S 4100']);
    expect(await store(1)).toBe('ok');
    expect(await stored()).toEqual({ partition: 0, current: 4, stored: 1 });
    expect(await store(3, 2, 0)).toBe('ok');
    expect((await stored(2))?.stored).toBe(3);
    expect(await store(3, 2, 2)).toBe('S 20');

    expect(await drop()).toBe('ok');
    expect(await stored()).toBeUndefined();
    expect(await drop()).toBe('S 3021');

    const bare = { ...spot(), partition: undefined };
    expect(await root.partitionSays(op.storeOffset, storeBody(bare, 1))).toBe('S 20');
    expect(await root.partitionSays(op.deleteOffset, dropOffsetBody(bare))).toBe('S 20');
    await store(2);
    expect(readOffset(await root.get(code.offset, offsetBody(bare)))).toEqual({
      ...{ partition: 0, current: 4, stored: 2 },
    });
    const says = (fields: Partial<PollFields>) =>
      root.partitionSays(op.storeOffset, storeBody({ ...spot(), ...fields }, 1));
    expect(await says({ partition: 7 })).toBe('S 20');
    expect(await says({ stream: 'no' })).toBe('S 20');
  });

  it('05-S60 05-S63 reading an offset nobody stored gives nothing', async () => {
    const { send, store, stored, spot } = await topicOf('s60');
    expect(await stored()).toBeUndefined();
    const says = async (fields: Partial<PollFields>) => {
      const reply = await root.read(code.offset, offsetBody({ ...spot(), ...fields }));
      return [reply.status, reply.body.length];
    };
    expect(await says({ partition: 7 })).toEqual([3007, 0]);
    expect(await says({ stream: 'no' })).toEqual([0, 0]);
    expect(await says({ topic: 'no' })).toEqual([0, 0]);
    expect(await says({ reads: { group: 'no' } })).toEqual([0, 0]);

    await send(0, six);
    expect(await store(3, 'c')).toBe('ok');
    expect((await stored(hash32('c')))?.stored).toBe(3);
    expect(await stored({ group: 'c' })).toBeUndefined();
  });
});

describe('05 messages of a lone node that is restarted', () => {
  it('05-S56 05-S58 offsets go on and a purge stays done', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-acceptance-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const first = await HandCluster.open({}, { dataDir });
    const root = await first.root();
    await root.must(op.createStream, streamBody('s'));
    for (const topic of ['one', 'purged']) await root.must(op.createTopic, topicBody('s', topic));
    const sends = (client: HandClient, topic: string, texts: string[]) =>
      client.sends(sendBody('s', topic, 0, texts));
    await sends(root, 'one', ['x']);
    await sends(root, 'purged', six);
    await root.must(op.purgeTopic, place('s', 'purged'));
    await sends(root, 'purged', ['after']);
    await first.stop();

    const again = await HandCluster.start({}, { dataDir });
    const next = await again.root();
    const [sent] = readConfirmations(await sends(next, 'one', ['y']));
    expect(sent?.base).toBe(1);
    const poll = pollBody({ reads: 1, stream: 's', topic: 'purged', partition: 0 });
    expect(readPoll(await next.get(code.poll, poll))).toMatchObject({
      current: 0,
      texts: ['after'],
    });
  });

  it.each(['fsync', 'memory'])(
    '05-S65 a stored offset above the head is lowered, acks %s',
    async (ack) => {
      const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-acceptance-'));
      onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
      const settings = { 'partition.ack': ack };
      const first = await HandCluster.open(settings, { dataDir });
      const root = await first.root();
      await root.must(op.createStream, streamBody('s'));
      await root.must(op.createTopic, topicBody('s', 't'));
      await root.sends(sendBody('s', 't', 0, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']));
      await first.stop();
      const offsets = join(dataDir, 'node-0/streams/0/topics/0/partitions/0/offsets/consumers');
      mkdirSync(offsets, { recursive: true });
      const value = u64(999);
      writeFileSync(join(offsets, '7'), Buffer.concat([value, u64(hash64(value))]));

      const next = await (await HandCluster.start(settings, { dataDir })).root();
      const at = { reads: 7, stream: 's', topic: 't', partition: 0 } as const;
      expect(readOffset(await next.get(code.offset, offsetBody(at)))).toMatchObject({ stored: 9 });
      const poll = async () => readPoll(await next.get(code.poll, pollBody({ ...at, by: 'next' })));
      expect((await poll()).count).toBe(0);
      await next.sends(sendBody('s', 't', 0, ['ten']));
      expect(await poll()).toMatchObject({ offsets: [10], texts: ['ten'] });
    },
  );

  it('05-S97 one member drains three partitions by turns', async () => {
    const root = await (await HandCluster.start()).root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't', 3));
    await root.must(op.createGroup, groupBody('s', 't', 'g'));
    await root.must(op.joinGroup, place('s', 't', 'g'));
    for (const [partition, size] of [400, 400, 200].entries()) {
      await root.sends(
        sendBody(
          's',
          't',
          partition,
          Array.from({ length: size }, () => 'm'),
        ),
      );
    }
    const read = async (partition: number) => {
      const fields = { reads: { group: 'g' }, stream: 's', topic: 't', partition } as const;
      const more = { by: 'next', count: 100, commit: true } as const;
      return readPoll(await root.get(code.poll, pollBody({ ...fields, ...more })));
    };
    let seen = 0;
    for (let turn = 0; turn < 12; turn++) seen += (await read(turn % 3)).count;
    expect(seen).toBe(1000);
    expect(await read(1)).toMatchObject({ count: 0, partition: 1, current: 399 });
    const groupOf = await root.get(code.group, place('s', 't', 'g'));
    expect(readGroup(groupOf).list).toEqual([{ id: 0, owns: [0, 1, 2] }]);
    expect(readStream(await root.get(code.stream, ident('s'))).messages).toBe(1000);
  });
});
