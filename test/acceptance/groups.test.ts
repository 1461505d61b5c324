import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HandClient, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readGroup, readMe, readOffset, readPoll, readSync, readTopic } from './hand/replies.js';
import {
  code,
  dropOffsetBody,
  groupBody,
  ident,
  offsetBody,
  op,
  partitionsBody,
  place,
  pollBody,
  sendBody,
  storeBody,
  streamBody,
  topicBody,
  userBody,
} from './hand/requests.js';

const unowned = 0xffff_ffff;

async function lab(server: HandCluster, name: string, partitions = 3) {
  const root = await server.root();
  if ((await root.get(code.stream, ident('s'))).length === 0) {
    await root.must(op.createStream, streamBody('s'));
  }
  await root.must(op.createTopic, topicBody('s', name, partitions));
  await root.must(op.createGroup, groupBody('s', name, 'g'));
  const at = place('s', name, 'g');
  const spot = (partition?: number) =>
    ({ reads: { group: 'g' }, stream: 's', topic: name, partition }) as const;
  const member = async () => {
    const client = await server.root();
    expect(await client.does(op.joinGroup, at)).toBe('ok');
    return client;
  };
  const group = async () => readGroup(await root.get(code.group, at));
  return {
    root,
    at,
    spot,
    member,
    group,
    owned: async () => (await group()).list.map(({ owns }) => owns),
    sync: async (client: HandClient) => readSync(await client.get(code.sync, at)),
    poll: async (client: HandClient, partition?: number, commit = false) =>
      readPoll(await client.get(code.poll, pollBody({ ...spot(partition), by: 'next', commit }))),
    store: (client: HandClient, partition: number, offset: number) =>
      client.partitionSays(op.storeOffset, storeBody(spot(partition), offset)),
    fill: async () => {
      for (let partition = 0; partition < partitions; partition++) {
        await root.sends(sendBody('s', name, partition, ['a', 'b']));
      }
    },
  };
}

describe('05 groups', () => {
  let server: HandCluster;
  beforeAll(async () => {
    server = await HandCluster.open();
  });
  afterAll(() => server.stop());

  it('05-S66 05-S67 04-S92 group ids are never given twice', async () => {
    const { root, at, member, store, spot, group } = await lab(server, 's66');
    expect(await group()).toEqual({ id: 0, partitions: 3, members: 0, name: 'g', list: [] });
    const a = await member();
    await root.sends(sendBody('s', 's66', 0, ['x', 'y']));
    expect(await store(a, 0, 1)).toBe('ok');
    expect(await root.does(op.createGroup, groupBody('s', 's66', 'g'))).toBe('R 5004');
    expect(await group()).toMatchObject({ members: 1, list: [{ id: 0, owns: [0, 1, 2] }] });

    expect(await root.does(op.deleteGroup, at)).toBe('ok');
    const again = await root.must(op.createGroup, groupBody('s', 's66', 'g'));
    expect(readGroup(again)).toMatchObject({ id: 1, members: 0 });
    expect(readOffset(await root.get(code.offset, offsetBody(spot(0))))).toBeUndefined();
  });

  it('05-S68 04-S92 joins and leaves name what is missing', async () => {
    const { root, at, sync, member } = await lab(server, 's68');
    for (const [said, ...ids] of [
      ['R 1009', 'no', 's68', 'g'],
      ['R 2010', 's', 'no', 'g'],
      ['R 5000', 's', 's68', 'no'],
    ] as const) {
      expect(await root.does(op.joinGroup, place(...ids))).toBe(said);
      expect(await root.does(op.leaveGroup, place(...ids))).toBe(said);
    }
    expect(await root.does(op.leaveGroup, at)).toBe('R 5006');
    expect(await root.does(op.joinGroup, Buffer.from([9]))).toBe('S 3');
    expect(await root.does(op.leaveGroup, Buffer.from([9]))).toBe('S 3');
    const a = await member();
    const before = await sync(a);
    expect(await a.does(op.joinGroup, at)).toBe('ok');
    expect(await sync(a)).toEqual(before);
    expect(await a.does(op.leaveGroup, at)).toBe('ok');
    expect(await a.get(code.sync, at)).toEqual(Buffer.alloc(0));
  });

  it('05-S69 05-S79 joins without traffic share the partitions at once', async () => {
    const { root, member, owned, sync } = await lab(server, 's69');
    const a = await member();
    expect(await owned()).toEqual([[0, 1, 2]]);
    const first = (await sync(a))?.generation ?? 0;
    const b = await member();
    expect(await owned()).toEqual([[0, 1], [2]]);
    expect(await sync(b)).toEqual({ generation: first + 1, partitions: [2] });
    await member();
    expect(await owned()).toEqual([[0], [2], [1]]);
    const topic = readTopic(await root.get(code.topic, place('s', 's69')));
    expect(readMe(await b.get(code.me))).toMatchObject({
      groups: 1,
      list: [{ stream: 0, topic: topic.id, group: 0 }],
    });
  });

  it('05-S70 05-S79 04-S94 what was polled stays until it is stored, then moves', async () => {
    const { member, owned, sync, poll, store, fill, group } = await lab(server, 's70');
    await fill();
    const a = await member();
    for (const partition of [0, 1, 2]) expect((await poll(a, partition)).count).toBe(2);
    const b = await member();
    expect(await owned()).toEqual([[0, 1, 2], []]);
    expect(await sync(b)).toMatchObject({ partitions: [] });
    const before = await sync(a);
    expect(before?.partitions).toEqual([0, 1]);
    expect(await poll(a, 2)).toMatchObject({ partition: unowned, count: 0, current: 0 });
    expect(await poll(b, 2)).toMatchObject({ partition: unowned, count: 0 });
    expect(await store(b, 2, 1)).toBe('S 20');

    expect(await store(a, 2, 1)).toBe('ok');
    await until(owned, ([, ofB]) => ofB?.length === 1);
    expect(await owned()).toEqual([[0, 1], [2]]);
    expect((await sync(b))?.generation).toBe((before?.generation ?? 0) + 1);
    expect((await poll(b, 2)).count).toBe(0);
    expect((await group()).members).toBe(2);
  });

  it('05-S72 05-S73 committed partitions move at once, and a leaving source gives all', async () => {
    const { member, owned, sync, poll, fill, at } = await lab(server, 's72');
    await fill();
    const a = await member();
    for (const partition of [0, 1, 2]) await poll(a, partition, true);
    const b = await member();
    expect(await owned()).toEqual([[0, 1], [2]]);
    await a.does(op.leaveGroup, at);
    expect(await owned()).toEqual([[0, 1, 2]]);

    await fill();
    for (const partition of [0, 1, 2]) expect((await poll(b, partition)).count).toBe(2);
    const c = await member();
    expect(await sync(c)).toMatchObject({ partitions: [] });
    await b.does(op.leaveGroup, at);
    expect(await sync(c)).toMatchObject({ partitions: [0, 1, 2] });
  });

  it('05-S74 05-S78 partitions that are added are dealt anew, also to who has none', async () => {
    const { root, member, owned, sync, poll, fill } = await lab(server, 's74');
    await fill();
    const a = await member();
    for (const partition of [0, 1, 2]) await poll(a, partition);
    const b = await member();
    expect((await sync(a))?.partitions).toEqual([0, 1]);
    await root.must(op.createPartitions, partitionsBody('s', 's74', 3));
    expect(await owned()).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    expect((await sync(a))?.partitions).toEqual([0, 2, 4]);
    await root.must(op.deletePartitions, partitionsBody('s', 's74', 5));
    expect(await owned()).toEqual([[0], []]);
    const idle = await b.get(code.sync, place('s', 's74', 'g'));
    expect([idle.length, readSync(idle)?.partitions]).toEqual([12, []]);
  });

  it('05-S75 04-S51 a member whose socket closes is gone, and its share is dealt', async () => {
    const { member, group } = await lab(server, 's75');
    const a = await member();
    await member();
    a.raw.socket.destroy();
    const left = await until(group, ({ members }) => members === 1);
    expect(left).toMatchObject({ members: 1, list: [{ id: 1, owns: [0, 1, 2] }] });
  });

  it('05-S77 05-S78 a deleted group is no group any more; a fifth member of four has none', async () => {
    const { root, at, member, sync, poll, group } = await lab(server, 's77', 4);
    const members = [];
    for (let i = 0; i < 5; i++) members.push(await member());
    const shares = [];
    for (const each of members) shares.push((await sync(each))?.partitions.length);
    expect(shares.sort()).toEqual([0, 1, 1, 1, 1]);
    expect((await group()).members).toBe(5);

    await root.must(op.deleteGroup, at);
    const [a] = members;
    if (a === undefined) return;
    expect(await a.get(code.sync, at)).toEqual(Buffer.alloc(0));
    expect(await poll(a, 0)).toMatchObject({ partition: unowned, count: 0 });
    expect(await a.does(op.joinGroup, at)).toBe('R 5000');
    expect(readMe(await a.get(code.me)).list).toEqual([]);
  });

  it('an offset that arrives after its group was deleted does not stay', async () => {
    const { root, at, group, fill } = await lab(server, 's78', 1);
    await fill();
    const { id } = await group();
    const { id: topic } = readTopic(await root.get(code.topic, place('s', 's78')));
    const slots = [...(server.cluster.nodes[0]?.host?.partitions.slots.values() ?? [])];
    const machine = slots.find(({ address }) => address.topic === topic)?.host?.machine;
    const stored = async () => machine?.storedOffset('group', id);
    // As one that was under way in the log of the partition while the group went.
    const body = storeBody({ reads: { group: id }, stream: 's', topic: 's78', partition: 0 }, 1);
    expect(machine?.applyLocally(op.storeOffset, body)).toBe(0);
    await root.must(op.deleteGroup, at);
    expect(await stored()).toBe(-1);
    expect(machine?.applyLocally(op.storeOffset, body)).toBe(0);

    expect(await until(stored, (offset) => offset === -1)).toBe(-1);
  });

  it('05-S64 05-S80 04-S93 04-S95 who is no member may read the offset and nothing else', async () => {
    const { root, at, member, poll, store, spot, fill } = await lab(server, 's80');
    await fill();
    const a = await member();
    const b = await member();
    expect(await store(a, 0, 1)).toBe('ok');
    const stranger = await server.root();
    expect(await store(stranger, 0, 1)).toBe('S 20');
    expect(await store(a, 2, 1)).toBe('S 20');
    const drop = dropOffsetBody(spot(0));
    expect(await stranger.partitionSays(op.deleteOffset, drop)).toBe('S 20');
    expect(await store(b, 0, 0)).toBe('S 20');
    expect(await poll(stranger, 0)).toMatchObject({ partition: unowned, count: 0, current: 0 });
    expect(await poll(b, 0)).toMatchObject({ partition: unowned, count: 0 });
    expect(await poll(a)).toMatchObject({ partition: 0, count: 0 });
    const missing = pollBody({ ...spot(0), stream: 'no' });
    expect(readPoll(await a.get(code.poll, missing)).partition).toBe(unowned);
    const stored = async (client: HandClient) =>
      readOffset(await client.get(code.offset, offsetBody(spot(0))));
    expect(await stored(stranger)).toEqual({ partition: 0, current: 1, stored: 1 });

    await root.must(op.createUser, userBody('reader', 'secret', 1, { global: ['poll_messages'] }));
    const reader = await (await server.dial()).login('reader', 'secret');
    expect(await stored(reader)).toMatchObject({ stored: 1 });

    const own = stranger.id;
    stranger.id = a.id;
    expect(await stranger.get(code.sync, at)).toEqual(Buffer.alloc(0));
    expect(await poll(stranger, 0)).toMatchObject({ partition: unowned, count: 0 });
    stranger.id = own;
    const group = readGroup(await root.get(code.group, at));
    expect(group.members).toBe(2);
  });

  it('05-S96 two members that read with auto-commit see every message once', async () => {
    const { root, member, sync, poll } = await lab(server, 's96');
    const a = await member();
    const b = await member();
    expect((await sync(a))?.partitions).toEqual([0, 1]);
    expect((await sync(b))?.partitions).toEqual([2]);
    const texts = Array.from({ length: 1000 }, (_, i) => `${i}`);
    for (const [partition, [from, to]] of [
      [0, 400],
      [400, 800],
      [800, 1000],
    ].entries()) {
      await root.sends(sendBody('s', 's96', partition, texts.slice(from, to)));
    }
    const seen: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      for (const [client, partition] of [
        [a, 0],
        [a, 1],
        [b, 2],
      ] as const) {
        seen.push(...(await poll(client, partition, true)).texts);
      }
    }
    expect(seen.toSorted()).toEqual(texts.toSorted());
  });
});

describe('05 groups and time', () => {
  it('05-S71 04-S94 what nobody stores moves when the time is up', async () => {
    const server = await HandCluster.start({ 'consumer_group.rebalancing_timeout': '400ms' });
    const { member, owned, poll, fill } = await lab(server, 't');
    await fill();
    const a = await member();
    for (const partition of [0, 1, 2]) await poll(a, partition);
    const b = await member();
    expect(await owned()).toEqual([[0, 1, 2], []]);
    expect(await until(owned, ([, ofB]) => ofB?.length === 1)).toEqual([[0, 1], [2]]);
    expect((await poll(b, 2)).count).toBe(2);
  });

  it('05-S76 04-S52 04-S53 04-S54 only silent members of groups are evicted', async () => {
    const server = await HandCluster.start({ 'heartbeat.interval': '400ms' });
    const { root, member, group, poll } = await lab(server, 't');
    const idle = await server.root();
    const talker = await member();
    const silent = await member();
    const ended = silent.raw.receive(15_000);
    const left = await until(
      async () => {
        await poll(talker, 0);
        return group();
      },
      ({ members }) => members === 1,
    );
    expect(left).toMatchObject({ members: 1, list: [{ id: 0, owns: [0, 1, 2] }] });
    const eviction = await ended;
    expect([eviction.command, eviction.reason]).toEqual(['eviction', 13]);
    await silent.raw.waitClosed();
    expect(await idle.reads(code.stats)).toBe('ok');
    expect((await poll(talker, 0)).partition).toBe(0);
    expect(await root.ping()).toBe('ok');
  });
});
