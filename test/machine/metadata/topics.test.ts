import { describe, expect, test } from 'vitest';
import { type Option, partitionGroupNumber } from '../../../src/wire/index.js';
import { MetadataHarness, ok, R, replay, S } from './metadata-harness.js';

const kind = { string: 2, bool: 3, uint8: 9, uint32: 11, uint64: 12 } as const;
const unlimited = 0xffff_ffff_ffff_ffffn;
const mib = 1_048_576n;

const u64 = (key: string, value: bigint): Option => ({ key, kind: kind.uint64, value });
const text = (key: string, value: string): Option => ({ key, kind: kind.string, value });

function withStream(): MetadataHarness {
  const metadata = new MetadataHarness();
  metadata.createStream('s');
  return metadata;
}

function create(metadata: MetadataHarness, options: readonly Option[], partitions = 1) {
  return metadata.createTopic('s', `t${metadata.log.length}`, partitions, options);
}

function update(metadata: MetadataHarness, options: readonly Option[], name = 't') {
  return metadata.send('update_topic', { stream_id: 's', topic_id: 't', name, options });
}

function topicOf(metadata: MetadataHarness, topic: number | string = 't') {
  const read = metadata.read('get_topic', { stream_id: 's', topic_id: topic });
  if (read === 'empty' || read === null || 'status' in read) throw new Error('no such topic');
  return read;
}

describe('partition counts', () => {
  test('05-S8 a topic without partitions can grow by 22 and shrink by 19', () => {
    const metadata = withStream();
    const target = { stream_id: 's', topic_id: 't' };

    expect(metadata.createTopic('s', 't', 0)).toMatchObject({ value: { partitions: [] } });
    expect(metadata.send('create_partitions', { ...target, partitions_count: 22 })).toMatchObject(
      ok,
    );
    expect(metadata.send('delete_partitions', { ...target, partitions_count: 19 })).toMatchObject(
      ok,
    );
    expect(topicOf(metadata).partitions.map((each) => each.id)).toEqual([0, 1, 2]);
  });

  test('05-S9 1001 partitions are refused before replication, 1000 are fine', () => {
    const metadata = withStream();

    expect(metadata.createTopic('s', 'big', 1_001)).toMatchObject(S(2015));
    expect(metadata.createTopic('s', 'big', 1_000)).toMatchObject({
      operation: 64,
      value: { partitions_count: 1_000 },
    });
  });

  test('05-S20 counts of create and delete partitions', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 3);
    const target = { stream_id: 's', topic_id: 't' };
    const add = (partitions_count: number, topic_id: number | string = 't') =>
      metadata.send('create_partitions', { ...target, topic_id, partitions_count });
    const remove = (partitions_count: number) =>
      metadata.send('delete_partitions', { ...target, partitions_count });

    expect(add(0)).toMatchObject(S(2015));
    expect(add(1_001)).toMatchObject(S(2015));
    expect(add(1, 'nowhere')).toMatchObject(R(2010));
    expect(remove(0)).toMatchObject(S(2015));
    expect(remove(5)).toMatchObject(R(2019));
    expect(remove(3)).toMatchObject(ok);
    expect(topicOf(metadata).partitions).toEqual([]);
    expect(add(2)).toMatchObject({ channel: 'ok', operation: 65 });
    expect(topicOf(metadata).partitions.map((each) => each.id)).toEqual([0, 1]);
  });

  test('05-S21 a new topic is answered with 0 segments and read with 1', () => {
    const metadata = withStream();
    const created = metadata.createTopic('s', 't', 3);

    expect(created).toMatchObject({
      value: { partitions: [{ segments_count: 0 }, { segments_count: 0 }, { segments_count: 0 }] },
    });
    const empty = { segments_count: 1, current_offset: 0n, size_bytes: 0n, messages_count: 0n };
    expect(topicOf(metadata).partitions).toMatchObject([empty, empty, empty]);
  });

  test('05-S102 grows, shrinks and is purged at once, listed in between', () => {
    const metadata = withStream();
    const target = { stream_id: 's', topic_id: 't' };
    metadata.createTopic('s', 't', 0);

    expect(metadata.send('create_partitions', { ...target, partitions_count: 22 })).toMatchObject(
      ok,
    );
    expect(metadata.read('get_topics', { stream_id: 's' })).toMatchObject({
      topics: [{ name: 't', partitions_count: 22 }],
    });
    expect(metadata.send('delete_partitions', { ...target, partitions_count: 19 })).toMatchObject(
      ok,
    );
    expect(metadata.send('purge_topic', target)).toMatchObject(ok);
    expect(metadata.send('delete_topic', target)).toMatchObject(ok);
  });
});

describe('size and segment options', () => {
  test('05-S10 a cap below the default segment is refused, unlimited and 0 are not', () => {
    const metadata = withStream();

    expect(create(metadata, [u64('max_topic_size', 10_240n)])).toMatchObject(S(1019));
    expect(create(metadata, [u64('max_topic_size', unlimited)])).toMatchObject(ok);
    expect(create(metadata, [u64('max_topic_size', 0n)])).toMatchObject(ok);
  });

  test('05-S11 the cap may equal the segment and never go below it', () => {
    const metadata = withStream();
    const options = [u64('segment_size', 8n * mib), u64('max_topic_size', 8n * mib)];

    expect(metadata.createTopic('s', 't', 1, options)).toMatchObject(ok);
    expect(update(metadata, [u64('max_topic_size', 4n * mib)])).toMatchObject(S(1019));
    expect(topicOf(metadata)).toMatchObject({ max_topic_size: 8n * mib });
  });

  test('05-S12 an update to the server default keeps the setting and stores the 0', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 1, [u64('max_topic_size', unlimited)]);

    expect(update(metadata, [u64('max_topic_size', 0n)])).toMatchObject(ok);

    const topic = topicOf(metadata);
    expect(topic.max_topic_size).toBe(unlimited);
    expect(topic.options).toEqual([u64('max_topic_size', 0n)]);
  });

  test('05-S13 a server default at creation is resolved and counts as derived', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 1, [text('max_topic_size', 'server_default')]);

    const topic = topicOf(metadata);
    expect(topic.max_topic_size).toBe(unlimited);
    expect(topic.options).toEqual([]);
    expect(topic.derived_options).toContainEqual(u64('max_topic_size', unlimited));
  });

  test('05-S14 zeros at creation leave nothing explicit and everything derived', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 1, [u64('message_expiry', 0n), u64('segment_size', 0n)]);

    const topic = topicOf(metadata);
    expect(topic.options).toEqual([]);
    expect(topic.derived_options.map((each) => each.key)).toEqual([
      'compression_algorithm',
      'enforce_fsync',
      'max_topic_size',
      'message_expiry',
      'messages_required_to_save',
      'preallocate_segments',
      'segment_size',
      'size_of_messages_required_to_save',
    ]);
    expect(topic.derived_options).toContainEqual(u64('message_expiry', unlimited));
    expect(topic.derived_options).toContainEqual(u64('segment_size', 1_024n * mib));
  });

  test('05-S15 segment sizes are multiples of 512 from 1 MiB', () => {
    const metadata = withStream();
    const size = (value: bigint) => create(metadata, [u64('segment_size', value)]);

    expect(size(1_024n)).toMatchObject(S(4042));
    expect(size(1_048_577n)).toMatchObject(S(4042));
    expect(size(1_025n * mib)).toMatchObject(S(4042));
    expect(size(1_048_576n)).toMatchObject(ok);
  });

  test('05-S16 bad values and unknown keys have codes of their own', () => {
    const metadata = withStream();
    const required = (value: number): Option => ({
      key: 'messages_required_to_save',
      kind: kind.uint32,
      value,
    });

    expect(create(metadata, [required(0)])).toMatchObject(S(4042));
    expect(create(metadata, [required(16_777_217)])).toMatchObject(S(4042));
    expect(create(metadata, [required(1)])).toMatchObject(ok);
    const count: Option = { key: 'partitions_count', kind: kind.uint32, value: 3 };
    expect(create(metadata, [count])).toMatchObject(S(4041));
  });

  test('05-S17 preallocation is limited to 64 GiB', () => {
    const metadata = withStream();
    const preallocate: Option = { key: 'preallocate_segments', kind: kind.bool, value: true };

    expect(create(metadata, [preallocate], 65)).toMatchObject(S(4042));
    expect(create(metadata, [preallocate], 64)).toMatchObject(ok);
  });

  test('the first bad option decides, options come before counts, counts before the cap', () => {
    const metadata = withStream();
    const bad = text('enforce_fsync', 'maybe');
    const unknown = text('color', 'red');

    expect(create(metadata, [bad, unknown])).toMatchObject(S(4042));
    expect(create(metadata, [unknown, bad])).toMatchObject(S(4041));
    expect(create(metadata, [bad], 1_001)).toMatchObject(S(4042));
    expect(create(metadata, [u64('max_topic_size', 1n)], 1_001)).toMatchObject(S(2015));
  });

  test('texts are understood and stored in the canonical kind', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 1, [
      text('message_expiry', '7 days'),
      text('max_topic_size', '2 GiB'),
      text('compression_algorithm', 'GZIP'),
      text('enforce_fsync', 'true'),
      text('messages_required_to_save', '32'),
    ]);

    const topic = topicOf(metadata);
    expect(topic).toMatchObject({
      message_expiry: 604_800_000_000n,
      max_topic_size: 2_147_483_648n,
      compression_algorithm: 2,
    });
    expect(topic.options).toEqual([
      text('compression_algorithm', 'gzip'),
      { key: 'enforce_fsync', kind: kind.bool, value: true },
      u64('max_topic_size', 2_147_483_648n),
      u64('message_expiry', 604_800_000_000n),
      { key: 'messages_required_to_save', kind: kind.uint32, value: 32 },
    ]);
  });

  test('values of a wrong kind or length are refused', () => {
    const metadata = withStream();
    const bad: readonly Option[] = [
      { key: 'message_expiry', kind: kind.uint32, value: 7 },
      { key: 'message_expiry', kind: kind.uint64, value: Uint8Array.of(1, 2) },
      { key: 'enforce_fsync', kind: kind.bool, value: Uint8Array.of(2) },
      { key: 'compression_algorithm', kind: kind.uint8, value: 3 },
      text('message_expiry', 'tomorrow'),
      text('message_expiry', '4294967296 s'),
      text('max_topic_size', '10 parsecs'),
      u64('size_of_messages_required_to_save', 1_073_741_825n),
    ];

    for (const option of bad) expect(create(metadata, [option])).toMatchObject(S(4042));
  });
});

describe('updates', () => {
  test('05-S18 only three options can be updated; an empty block renames', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 1, [u64('message_expiry', 5_000_000n)]);
    const before = topicOf(metadata);

    expect(update(metadata, [u64('segment_size', mib)])).toMatchObject(S(4041));
    expect(update(metadata, [], 'renamed')).toMatchObject(ok);

    const after = topicOf(metadata, 'renamed');
    expect({ ...after, name: 't' }).toEqual(before);
  });

  test('05-S19 topic names are unique within their stream', () => {
    const metadata = withStream();
    metadata.createStream('other');

    expect(metadata.createTopic('s', 't')).toMatchObject(ok);
    expect(metadata.createTopic('s', 't')).toMatchObject(R(2013));
    expect(metadata.createTopic('other', 't')).toMatchObject({ value: { id: 0 } });
    metadata.createTopic('s', 'u');
    expect(update(metadata, [], 'u')).toMatchObject(R(2013));
    expect(update(metadata, [], 't')).toMatchObject(ok);
  });

  test('an update stores what was sent in its own kind, as explicit', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't');

    update(metadata, [text('message_expiry', '1 h')]);

    const topic = topicOf(metadata);
    expect(topic.message_expiry).toBe(3_600_000_000n);
    expect(topic.options).toEqual([text('message_expiry', '1 h')]);
    expect(topic.derived_options.map((each) => each.key)).not.toContain('message_expiry');
  });

  test('a missing topic is judged by the default segment size, then not found', () => {
    const metadata = withStream();

    expect(update(metadata, [u64('max_topic_size', 4n * mib)])).toMatchObject(S(1019));
    expect(update(metadata, [])).toMatchObject(R(2010));
    const elsewhere = { stream_id: 9, topic_id: 't', name: 't', options: [] };
    expect(metadata.send('update_topic', elsewhere)).toMatchObject(R(1009));
  });
});

describe('removal', () => {
  test('05-S22 a topic created after a deletion takes its id under a new incarnation', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't');
    const before = metadata.machine.partition(0, 0, 0)?.revision;
    metadata.machine.takeChanges();

    metadata.send('delete_topic', { stream_id: 's', topic_id: 't' });

    expect(metadata.createTopic('s', 'z')).toMatchObject({ value: { id: 0 } });
    const after = metadata.machine.partition(0, 0, 0)?.revision;
    expect(after).toBeGreaterThan(before ?? Number.POSITIVE_INFINITY);
    expect(metadata.machine.takeChanges()).toMatchObject([
      { kind: 'removed', partition: { revision: before } },
      { kind: 'created', partition: { revision: after } },
    ]);
  });

  test('purging raises the generation of every partition and zeroes what reads report', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 2);
    const counters = metadata.machine.partition(0, 0, 1)?.counters;
    counters?.set({ sizeBytes: 900, messages: 6, segments: 2, currentOffset: 5 });
    expect(topicOf(metadata)).toMatchObject({ messages_count: 6n, size_bytes: 900n });

    expect(metadata.send('purge_topic', { stream_id: 's', topic_id: 't' })).toMatchObject(ok);

    expect(topicOf(metadata)).toMatchObject({ messages_count: 0n, size_bytes: 0n });
    expect(topicOf(metadata).partitions[1]).toMatchObject({
      segments_count: 1,
      current_offset: 0n,
    });
    const changes = metadata.machine.takeChanges();
    expect(changes.filter((change) => change.kind === 'purged')).toMatchObject([
      { partition: { partition: 0 }, generation: 1 },
      { partition: { partition: 1 }, generation: 1 },
    ]);
  });

  test('05-S85 deleting segments of what is missing is a committed rejection', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't');
    const truncate = (stream_id: number | string, topic_id: string, partition_id: number) =>
      metadata.replicated(68, { stream_id, topic_id, partition_id, up_to_offset: 9n });

    expect(truncate(7, 't', 0)).toMatchObject(R(1009));
    expect(truncate('s', 'x', 0)).toMatchObject(R(2010));
    expect(truncate('s', 't', 1)).toMatchObject(R(3007));
    expect(truncate('s', 't', 0)).toMatchObject({ channel: 'ok', operation: 68 });
    expect(metadata.machine.partition(0, 0, 0)?.deletedUpToOffset).toBe(9);
  });

  test('the watermark of deleted segments only grows', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't');
    const truncate = (up_to_offset: bigint) =>
      metadata.replicated(68, { stream_id: 0, topic_id: 0, partition_id: 0, up_to_offset });

    truncate(9n);
    expect(truncate(4n)).toMatchObject(ok);

    expect(metadata.machine.partition(0, 0, 0)?.deletedUpToOffset).toBe(9);
  });

  test('the share of a deleted child leaves the sums above it', () => {
    const metadata = withStream();
    metadata.createTopic('s', 't', 2);
    metadata.createTopic('s', 'u', 1);
    const counters = [0, 1].map((id) => metadata.machine.partition(0, 0, id)?.counters);
    for (const each of counters) {
      each?.set({ sizeBytes: 100, messages: 2, segments: 3, currentOffset: 1 });
    }

    const target = { stream_id: 's', topic_id: 't' };
    metadata.send('delete_partitions', { ...target, partitions_count: 1 });
    expect(topicOf(metadata)).toMatchObject({ messages_count: 2n, size_bytes: 100n });
    expect(metadata.machine.totals()).toMatchObject({ messages: 2, sizeBytes: 100, segments: 4 });

    metadata.send('delete_topic', target);
    expect(metadata.read('get_stream', { stream_id: 's' })).toMatchObject({
      messages_count: 0n,
      size_bytes: 0n,
    });
    counters[0]?.set({ sizeBytes: 500, messages: 9, segments: 3, currentOffset: 1 });
    expect(metadata.machine.totals()).toMatchObject({ messages: 0, sizeBytes: 0, segments: 1 });
  });
});

test('05-S23 the catalogue of topics has eight options, streams and users have none', () => {
  const metadata = new MetadataHarness();

  const topic = metadata.read('describe_options', { scope: 1 });
  expect(topic).toMatchObject({
    entries: [
      { key: 'compression_algorithm', kind: 2, default: 'none' },
      { key: 'message_expiry', kind: 12, default: unlimited },
      { key: 'max_topic_size', kind: 12, default: unlimited },
      { key: 'segment_size', kind: 12, default: 1_024n * mib },
      { key: 'enforce_fsync', kind: 3, default: false },
      { key: 'messages_required_to_save', kind: 11, default: 1_024 },
      { key: 'size_of_messages_required_to_save', kind: 12, default: mib },
      { key: 'preallocate_segments', kind: 3, default: false },
    ],
  });
  expect(metadata.read('describe_options', { scope: 2 })).toEqual({ entries: [] });
  expect(metadata.read('describe_options', { scope: 3 })).toEqual({ entries: [] });
  const query = { code: 13, userId: 0, client: 1n, body: Uint8Array.of(9) };
  expect(metadata.machine.read(query)).toEqual({ status: 3 });
});

describe('ids that a partition group has no room for', () => {
  test('03-S60 are refused when they are applied, the same on every replica', () => {
    const metadata = withStream();
    const groups = new Set<number>();
    for (let i = 0; i < 4096; i++) {
      expect(metadata.createTopic('s', `t${i}`, 1)).toMatchObject(ok);
    }

    expect(metadata.createTopic('s', 'one too many', 1)).toMatchObject(R(2021));
    for (const { stream, topic, partition } of metadata.machine.partitions()) {
      groups.add(partitionGroupNumber(stream, topic, partition));
    }
    expect(groups.size).toBe(4096);
    // A gap is filled before that, and the limit stands again.
    metadata.send('delete_topic', { stream_id: 's', topic_id: 't7' });
    expect(metadata.createTopic('s', 'in the gap', 1)).toMatchObject({ value: { id: 7 } });
    expect(metadata.createTopic('s', 'again too many', 1)).toMatchObject(R(2021));

    const other = new MetadataHarness();
    expect(replay(other.machine, metadata.log)).toEqual(metadata.replies);
    expect([...other.machine.partitions()].length).toBe(4096);
  });
});
