import { describe, expect, test } from 'vitest';
import { revocationProposal } from '../../../src/machine/index.js';
import { MetadataHarness, ok, R } from './metadata-harness.js';

const g = { stream_id: 's', topic_id: 't', group_id: 'g' } as const;

function withGroup(partitions = 3): MetadataHarness {
  const metadata = new MetadataHarness();
  metadata.createStream('s');
  metadata.createTopic('s', 't', partitions);
  metadata.createGroup('s', 't', 'g');
  return metadata;
}

/** Owned partitions by member id, in assignment order. */
function owned(metadata: MetadataHarness): Record<number, readonly number[]> {
  const read = metadata.read('get_consumer_group', g);
  if (read === 'empty' || read === null || 'status' in read) throw new Error('no such group');
  return Object.fromEntries(read.members.map((member) => [member.id, member.partitions]));
}

function sync(metadata: MetadataHarness, client: bigint) {
  const read = metadata.read('sync_consumer_group', g, { client });
  if (read === 'empty' || read === null) return 'empty';
  if ('status' in read) throw new Error(`status ${read.status}`);
  return { generation: Number(read.generation), partitions: [...read.partitions] };
}

/** Completes every pending revocation, as the nodes that own the partitions would propose. */
function completeAll(metadata: MetadataHarness): void {
  for (const pending of [...metadata.machine.pendingRevocations()]) {
    const { operation, client, body } = revocationProposal(pending);
    expect(metadata.propose(operation, body, { client })).toMatchObject(ok);
  }
}

describe('groups', () => {
  test('05-S66 the first group is 0 and ids are never given again', () => {
    const metadata = withGroup();

    expect(metadata.read('get_consumer_group', g)).toMatchObject({ id: 0, members_count: 0 });
    metadata.send('delete_consumer_group', g);
    expect(metadata.createGroup('s', 't', 'g')).toMatchObject({ value: { id: 1 } });
    expect(metadata.machine.takeChanges()).toContainEqual({
      kind: 'group-removed',
      stream: 0,
      topic: 0,
      group: 0,
    });
  });

  test('05-S67 a second group of the same name is refused and changes nothing', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);

    expect(metadata.createGroup('s', 't', 'g')).toMatchObject(R(5004));
    expect(owned(metadata)).toEqual({ 0: [0, 1, 2] });
  });

  test('05-S68 the ladder of what is missing; joining twice changes nothing', () => {
    const metadata = withGroup();

    expect(metadata.join({ ...g, stream_id: 9 }, 1n)).toMatchObject(R(1009));
    expect(metadata.join({ ...g, topic_id: 9 }, 1n)).toMatchObject(R(2010));
    expect(metadata.join({ ...g, group_id: 9 }, 1n)).toMatchObject(R(5000));
    expect(metadata.leave(g, 1n)).toMatchObject(R(5006));
    expect(metadata.join(g, 1n)).toMatchObject(ok);
    const before = sync(metadata, 1n);
    expect(metadata.join(g, 1n)).toMatchObject(ok);
    expect(sync(metadata, 1n)).toEqual(before);
    expect(metadata.send('delete_consumer_group', { ...g, group_id: 9 })).toMatchObject(R(5000));
  });

  test('05-S69 three joins without traffic give one partition each, cooperatively', () => {
    const metadata = withGroup();

    metadata.join(g, 1n);
    expect(owned(metadata)).toEqual({ 0: [0, 1, 2] });
    metadata.join(g, 2n);
    expect(owned(metadata)).toEqual({ 0: [0, 1], 1: [2] });
    metadata.join(g, 3n);
    expect(owned(metadata)).toEqual({ 0: [0], 1: [2], 2: [1] });
    expect(sync(metadata, 3n)).toEqual({ generation: 3, partitions: [1] });
  });

  test('05-S70 what is in flight stays with its owner until it is committed', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n, [0, 1, 2]);

    expect(owned(metadata)).toEqual({ 0: [0, 1, 2], 1: [] });
    expect(sync(metadata, 2n)).toEqual({ generation: 2, partitions: [] });
    expect(sync(metadata, 1n)).toEqual({ generation: 2, partitions: [0, 1] });
    const access = metadata.machine.group('s', 't', 'g');
    expect(access?.polls(1n, 2)).toBe(false);
    expect(access?.owns(1n, 2)).toBe(true);
    expect(access?.isOwned(2)).toBe(true);
    const pending = [...metadata.machine.pendingRevocations()];
    expect(pending).toMatchObject([{ partition: 2, sourceClient: 1n, group: 0 }]);
    expect(pending[0]?.createdAt).toBe(metadata.log.at(-1)?.timestamp);

    completeAll(metadata);

    expect(owned(metadata)).toEqual({ 0: [0, 1], 1: [2] });
    expect(sync(metadata, 2n)).toEqual({ generation: 3, partitions: [2] });
    expect([...metadata.machine.pendingRevocations()]).toEqual([]);
  });

  test('a revocation that is completed twice succeeds the second time without effect', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n, [2]);
    const [pending] = [...metadata.machine.pendingRevocations()];
    const { operation, client, body } = revocationProposal(pending!);

    metadata.propose(operation, body, { client });
    const after = sync(metadata, 2n);
    expect(metadata.propose(operation, body, { client })).toMatchObject(ok);
    expect(sync(metadata, 2n)).toEqual(after);
  });

  test('05-S72 committed partitions move at once', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n, [0, 1]);

    expect(owned(metadata)).toEqual({ 0: [0, 1], 1: [2] });
  });

  test('05-S73 when the source leaves, the others own everything and nothing is pending', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n, [0, 1, 2]);

    expect(metadata.leave(g, 1n)).toMatchObject(ok);

    expect(owned(metadata)).toEqual({ 1: [0, 1, 2] });
    expect([...metadata.machine.pendingRevocations()]).toEqual([]);
  });

  test('05-S74 new partitions are dealt anew and end what is pending', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n, [0, 1, 2]);

    metadata.send('create_partitions', { stream_id: 's', topic_id: 't', partitions_count: 3 });

    expect(owned(metadata)).toEqual({ 0: [0, 2, 4], 1: [1, 3, 5] });
    expect([...metadata.machine.pendingRevocations()]).toEqual([]);
  });

  test('05-S75 a session that ends leaves every group and its share is dealt', () => {
    const metadata = withGroup();
    metadata.createGroup('s', 't', 'h');
    for (const client of [1n, 2n]) {
      metadata.join(g, client);
      metadata.join({ ...g, group_id: 'h' }, client);
    }
    expect(metadata.machine.memberships(1n)).toEqual([
      { stream: 0, topic: 0, group: 0 },
      { stream: 0, topic: 0, group: 1 },
    ]);

    metadata.machine.endSession(1n, 99);

    expect(owned(metadata)).toEqual({ 1: [0, 1, 2] });
    expect(metadata.machine.memberships(1n)).toEqual([]);
    expect(sync(metadata, 1n)).toBe('empty');
  });

  test('05-S77 the end of a group is the end of its memberships', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.send('delete_consumer_group', g);

    expect(sync(metadata, 1n)).toBe('empty');
    expect(metadata.join(g, 1n)).toMatchObject(R(5000));
    expect(metadata.machine.group('s', 't', 'g')).toBeUndefined();
    expect(metadata.machine.memberships(1n)).toEqual([]);
  });

  test('05-S78 a member without partitions is a member', () => {
    const metadata = withGroup(4);
    for (let client = 1n; client <= 5n; client++) metadata.join(g, client);

    expect(metadata.read('get_consumer_group', g)).toMatchObject({
      partitions_count: 4,
      members_count: 5,
    });
    expect(sync(metadata, 5n)).toMatchObject({ partitions: [] });
    const spec = { code: 606, userId: 0, client: 5n };
    const body = Uint8Array.of(2, 1, 115, 2, 1, 116, 2, 1, 103);
    expect(metadata.machine.read({ ...spec, body })?.body).toHaveLength(12);
  });

  test('05-S79 owned partitions include pending ones; memberships carry numeric ids', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n, [2]);

    expect(owned(metadata)).toEqual({ 0: [0, 1, 2], 1: [] });
    expect(metadata.machine.memberships(2n)).toEqual([{ stream: 0, topic: 0, group: 0 }]);
  });

  test('05-S96 the first of two joiners owns two partitions of three', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n);

    expect(sync(metadata, 1n)).toMatchObject({ partitions: [0, 1] });
    expect(sync(metadata, 2n)).toMatchObject({ partitions: [2] });
  });

  test('member ids are reused, lowest first', () => {
    const metadata = withGroup();
    for (let client = 1n; client <= 3n; client++) metadata.join(g, client);
    metadata.leave(g, 1n);
    metadata.leave(g, 2n);

    metadata.join(g, 9n);

    expect(Object.keys(owned(metadata))).toEqual(['0', '2']);
  });

  test('a group without members still counts generations', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.leave(g, 1n);
    metadata.send('create_partitions', { stream_id: 's', topic_id: 't', partitions_count: 1 });
    metadata.join(g, 2n);

    expect(sync(metadata, 2n)).toEqual({ generation: 4, partitions: [0, 1, 2, 3] });
  });

  test('a join on a topic without partitions gives an empty assignment', () => {
    const metadata = withGroup(0);

    expect(metadata.join(g, 1n)).toMatchObject(ok);
    expect(sync(metadata, 1n)).toEqual({ generation: 1, partitions: [] });
  });

  test('when the target of a revocation is gone, the assigned partitions are dealt anew', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.join(g, 2n, [2]);
    const [pending] = [...metadata.machine.pendingRevocations()];
    // Leaving deals everything anew, so only a late proposal can meet a missing target.
    metadata.leave(g, 2n);
    const { operation, client, body } = revocationProposal(pending!);

    expect(metadata.propose(operation, body, { client })).toMatchObject(ok);
    expect(owned(metadata)).toEqual({ 0: [0, 1, 2] });
  });

  test('deleting a topic or stream ends the memberships in it', () => {
    const metadata = withGroup();
    metadata.join(g, 1n);
    metadata.send('delete_stream', { stream_id: 's' });

    expect(metadata.machine.memberships(1n)).toEqual([]);
    metadata.machine.endSession(1n, 1);
  });
});
