import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestFrame } from '../helpers/raw-client.js';
import { answers } from './hand/answers.js';
import { ident, u8, u32, u64 } from './hand/bytes.js';
import { type HandClient, outcome, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readGroup, readOffset, readPoll, readSync } from './hand/replies.js';
import {
  code,
  dropOffsetBody,
  groupBody,
  offsetBody,
  op,
  place,
  pollBody,
  type Reads,
  segmentsBody,
  sendBody,
  storeBody,
  streamBody,
  topicBody,
  userBody,
} from './hand/requests.js';

const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);
const max32 = 4_294_967_295;

describe.each([1, 3])('05 edges of offsets and groups on %i nodes', (nodes) => {
  let server: HandCluster;
  let root: HandClient;
  let alice: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes });
    root = await server.root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createUser, userBody('alice', 'secret'));
    alice = await (await server.dial()).login('alice', 'secret');
  });
  afterAll(() => server.stop());

  async function topicOf(name: string, messages = ['a', 'b', 'c']) {
    await root.must(op.createTopic, topicBody('s', name));
    if (messages.length > 0) await root.sends(sendBody('s', name, 0, messages));
    const spot = (reads: Reads = 1, partition: number | undefined = 0) => ({
      ...{ stream: 's', topic: name, reads, partition },
    });
    const stored = async (reads: Reads = 1) =>
      readOffset(await root.get(code.offset, offsetBody(spot(reads))));
    return { spot, stored };
  }

  it('stores within what was committed, for whoever names itself a consumer', async () => {
    const { spot, stored } = await topicOf('store');
    const at = (consumer: Buffer, flag = 1, partition = 0) =>
      cat(consumer, place('s', 'store'), u8(flag), u32(partition));
    const one = cat(u8(1), ident(1));
    const body = (place: Buffer, offset: bigint, ack: number) => cat(place, u64(offset), u8(ack));
    await answers(
      [
        ['the last one', body(at(one), 2n, 1), 'ok'],
        ['one more', body(at(one), 3n, 1), 'S 4100'],
        ['2^53', body(at(one), 2n ** 53n, 1), 'S 4100'],
        ['2^64-1', body(at(one), 2n ** 64n - 1n, 1), 'S 4100'],
        ['2^64-1 without acknowledgement', body(at(one), 2n ** 64n - 1n, 0), 'S 4100'],
        ['flag 2', body(at(one, 2), 1n, 1), 'S 20'],
        ['partition 2^32-1', body(at(one, 1, max32), 1n, 1), 'S 20'],
        ['acknowledgement 2', body(at(one), 1n, 2), 'S 20'],
        ['acknowledgement 255', body(at(one), 1n, 255), 'S 20'],
        ['no acknowledgement byte', body(at(one), 1n, 1).subarray(0, -1), 'S 20'],
        ['a byte more', cat(body(at(one), 1n, 1), u8(0)), 'ok'],
        ['consumer kind 0', body(at(cat(u8(0), ident(1))), 1n, 1), 'S 20'],
        ['consumer kind 3', body(at(cat(u8(3), ident(1))), 1n, 1), 'S 20'],
        ['a group that is missing', body(at(cat(u8(2), ident('no'))), 1n, 1), 'S 20'],
        ['consumer 2^32-1', body(at(cat(u8(1), ident(max32))), 0n, 1), 'ok'],
        ['nothing', Buffer.alloc(0), 'S 20'],
      ],
      (each) => root.partitionSays(op.storeOffset, each),
    );
    expect(await stored()).toEqual({ partition: 0, current: 2, stored: 1 });
    expect((await stored(max32))?.stored).toBe(0);
    await answers(
      [
        ['acknowledgement 2', cat(at(one), u8(2)), 'S 20'],
        ['no acknowledgement byte', at(one), 'S 20'],
        ['nothing stored', dropOffsetBody(spot(5)), 'S 3021'],
        ['without acknowledgement', dropOffsetBody(spot(), 0), 'ok'],
        ['again', dropOffsetBody(spot(), 0), 'S 3021'],
        ['and again', dropOffsetBody(spot()), 'S 3021'],
        ['partition 7', dropOffsetBody(spot(1, 7)), 'S 20'],
      ],
      (each) => root.partitionSays(op.deleteOffset, each),
    );
    expect(await stored()).toBeUndefined();
  });

  it('has no auto-commit come in behind what a client did after the poll', async () => {
    const { spot, stored } = await topicOf('late');
    const poll = () => root.readFrame(code.poll, pollBody({ ...spot(), commit: true }));
    const { id: client, session, next: request } = root;
    const then = (operation: number, body: Buffer) =>
      requestFrame({ operation, client, session, request, body });
    for (const ack of [0, 1]) {
      for (const [frame, left] of [
        [then(op.deleteOffset, dropOffsetBody(spot(), ack)), undefined],
        [then(op.storeOffset, storeBody(spot(), 0, ack)), 0],
      ] as const) {
        root.raw.send(Buffer.concat([poll(), frame]));
        expect([outcome(await root.raw.receive()), outcome(await root.raw.receive())]).toEqual([
          'ok',
          'ok',
        ]);
        // A quorum behind the auto-commit: whatever it was to do is done.
        const other = spot(9);
        expect(await root.partitionSays(op.storeOffset, storeBody(other, 0))).toBe('ok');
        expect([ack, (await stored())?.stored]).toEqual([ack, left]);
      }
    }
  });

  it('looks at what there is before what is allowed, and at rights before offsets', async () => {
    const { spot } = await topicOf('rights');
    const { spot: bare } = await topicOf('bare', []);
    await answers(
      [
        ['beyond the end', storeBody(spot(), 99), 'S 41'],
        ['in an empty partition', storeBody(bare(), 0), 'S 41'],
        ['in no partition', storeBody(spot(1, 9), 0), 'S 20'],
        ['for a group it is not in', storeBody(spot({ group: 'no' }), 0), 'S 20'],
      ],
      (body) => alice.partitionSays(op.storeOffset, body),
    );
    expect(await alice.partitionSays(op.deleteOffset, dropOffsetBody(spot()))).toBe('S 41');
    expect(await root.partitionSays(op.storeOffset, storeBody(bare(), 0))).toBe('S 4100');
    await answers(
      [
        ['an existing partition', offsetBody(spot()), 'S 41'],
        ['a missing partition', offsetBody(spot(1, 9)), 'S 41'],
        ['a missing topic', offsetBody({ ...spot(), topic: 'no' }), 'ok'],
        ['half a body', offsetBody(spot()).subarray(0, 9), 'S 3'],
      ],
      (body) => alice.reads(code.offset, body),
    );
    await answers(
      [
        ['an existing partition', pollBody(spot()), 'S 41'],
        ['a missing partition', pollBody(spot(1, 9)), 'S 41'],
        ['a missing topic', pollBody({ ...spot(), topic: 'no' }), 'S 2010'],
        ['a missing stream', pollBody({ ...spot(), stream: 'no' }), 'S 1009'],
        ['half a body', pollBody(spot()).subarray(0, 9), 'S 3'],
      ],
      (body) => alice.reads(code.poll, body),
    );
    await answers(
      [
        ['an existing topic', segmentsBody('s', 'rights', 0, 1), 'R 41'],
        ['a missing partition', segmentsBody('s', 'rights', 9, 1), 'R 41'],
        ['a missing topic', segmentsBody('s', 'no', 0, 1), 'R 2010'],
        ['a missing stream', segmentsBody('no', 'no', 0, 1), 'R 1009'],
        ['half a body', segmentsBody('s', 'rights', 0, 1).subarray(0, -1), 'S 3'],
      ],
      (body) => alice.does(op.deleteSegments, body),
    );
  });

  it("marks every group poll that is not the caller's to make", async () => {
    const { spot } = await topicOf('fence');
    await root.must(op.createGroup, groupBody('s', 'fence', 'g'));
    const poll = async (fields: Partial<Parameters<typeof pollBody>[0]>, who = root) => {
      const { partition, current, count } = readPoll(
        await who.get(code.poll, pollBody({ ...spot({ group: 'g' }), ...fields })),
      );
      return [partition, current, count];
    };
    const fenced = [max32, 0, 0];
    expect(await poll({})).toEqual(fenced);
    expect(await poll({ partition: undefined })).toEqual([0, 0, 0]);
    for (const missing of [
      { stream: 'no' },
      { topic: 'no' },
      { reads: { group: 'no' } },
      { partition: 9 },
    ]) {
      expect([missing, await poll(missing)]).toEqual([missing, fenced]);
    }
    await root.must(op.joinGroup, place('s', 'fence', 'g'));
    expect(await poll({})).toEqual([0, 2, 3]);
    expect(await poll({ reads: { group: 0 } })).toEqual([0, 2, 3]);
    expect(await poll({ partition: 9 })).toEqual(fenced);
    expect(await poll({ partition: undefined })).toEqual([0, 0, 0]);
    expect(await alice.reads(code.poll, pollBody(spot({ group: 'g' })))).toBe('S 41');
    await root.must(op.leaveGroup, place('s', 'fence', 'g'));
  });

  it('answers joins, leaves and syncs of what is not there', async () => {
    await topicOf('members', []);
    const names = (...ids: (string | number)[]) => place(...ids);
    await root.must(op.createGroup, groupBody('s', 'members', 'g'));
    for (const [operation, member] of [
      [op.joinGroup, 'ok'],
      [op.deleteGroup, 'ok'],
      [op.joinGroup, 'R 5000'],
      [op.leaveGroup, 'R 5000'],
      [op.deleteGroup, 'R 5000'],
    ] as const) {
      expect(await root.does(operation, names('s', 'members', 'g'))).toBe(member);
    }
    await root.must(op.createGroup, groupBody('s', 'members', 'g'));
    for (const [operation, said] of [
      [op.leaveGroup, 'R 5006'],
      [op.joinGroup, 'ok'],
      [op.joinGroup, 'ok'],
      [op.leaveGroup, 'ok'],
      [op.leaveGroup, 'R 5006'],
    ] as const) {
      expect(await root.does(operation, names('s', 'members', 1))).toBe(said);
    }
    const sync = async (...ids: (string | number)[]) =>
      readSync(await root.get(code.sync, names(...ids)));
    expect(await sync('s', 'members', 'g')).toBeUndefined();
    expect(await sync('s', 'members', max32)).toBeUndefined();
    expect(await sync('s', 'no', 'g')).toBeUndefined();
    expect(await sync('no', 'no', 'g')).toBeUndefined();
    expect(await root.get(code.group, names('s', 'members', 0))).toEqual(Buffer.alloc(0));
    expect(readGroup(await root.get(code.group, names('s', 'members', 'g')))).toMatchObject({
      id: 1,
      members: 0,
    });
    expect(await alice.does(op.joinGroup, names('s', 'members', 'g'))).toBe('R 41');
    expect(await alice.does(op.joinGroup, names('s', 'members', 'no'))).toBe('R 41');
    expect(await alice.does(op.joinGroup, names('s', 'no', 'g'))).toBe('R 2010');
  });

  it('keeps a group offset by its number, whoever stores under which name', async () => {
    const { spot, stored } = await topicOf('keys');
    await root.must(op.createGroup, groupBody('s', 'keys', 'g'));
    await root.must(op.joinGroup, place('s', 'keys', 'g'));
    expect(await root.partitionSays(op.storeOffset, storeBody(spot({ group: 'g' }), 2))).toBe('ok');
    expect(await stored({ group: 0 })).toMatchObject({ stored: 2 });
    expect(await stored(0)).toBeUndefined();
    expect(await stored({ group: 'no' })).toBeUndefined();
    expect(await root.partitionSays(op.storeOffset, storeBody(spot(0), 1))).toBe('ok');
    expect(await stored({ group: 'g' })).toMatchObject({ stored: 2 });
    await root.must(op.leaveGroup, place('s', 'keys', 'g'));
    expect(await stored({ group: 'g' })).toMatchObject({ stored: 2 });
    expect(await root.partitionSays(op.deleteOffset, dropOffsetBody(spot({ group: 'g' })))).toBe(
      'S 20',
    );
    await root.must(op.deleteGroup, place('s', 'keys', 'g'));
    await root.must(op.createGroup, groupBody('s', 'keys', 'g'));
    expect(await stored({ group: 'g' })).toBeUndefined();
    expect(
      await until(
        () => stored({ group: 0 }),
        (value) => value === undefined,
      ),
    ).toBeUndefined();
  });

  it('deletes no segments where there are none, however many are asked for', async () => {
    await topicOf('segments');
    for (const count of [0, 1, max32]) {
      const reply = await root.mutate(op.deleteSegments, segmentsBody('s', 'segments', 0, count));
      expect([reply.operation, reply.result]).toEqual([68, 0]);
    }
    await answers(
      [
        ['partition 1', segmentsBody('s', 'segments', 1, 1), 'R 3007'],
        ['partition 2^32-1', segmentsBody('s', 'segments', max32, 1), 'R 3007'],
        ['topic 9', segmentsBody('s', 9, 0, 1), 'R 2010'],
      ],
      (body) => root.does(op.deleteSegments, body),
    );
  });
});
