import { describe, expect, test } from 'vitest';
import { MetadataHarness, ok, R, S } from './metadata-harness.js';

describe('streams', () => {
  test('05-S1 gives ids from 0 and empty counters', () => {
    const metadata = new MetadataHarness();

    const first = metadata.createStream('a');
    const second = metadata.createStream('b');

    expect(first).toMatchObject({ value: { id: 0, topics_count: 0, size_bytes: 0n } });
    expect(second).toMatchObject({ value: { id: 1, name: 'b' } });
  });

  test('05-S2 gives the lowest free id, whatever the order of deletions', () => {
    const metadata = new MetadataHarness();
    for (const name of ['s0', 's1', 's2', 's3']) metadata.createStream(name);

    metadata.send('delete_stream', { stream_id: 2 });
    metadata.send('delete_stream', { stream_id: 's0' });

    expect(metadata.createStream('x')).toMatchObject({ value: { id: 0 } });
    expect(metadata.createStream('y')).toMatchObject({ value: { id: 2 } });
    expect(metadata.createStream('z')).toMatchObject({ value: { id: 4 } });
  });

  test('05-S3 refuses a name that is taken and keeps the first holder', () => {
    const metadata = new MetadataHarness();
    metadata.createStream('a');

    expect(metadata.createStream('a')).toMatchObject(R(1012));
    expect(metadata.read('get_streams', {})).toMatchObject({ streams: [{ id: 0, name: 'a' }] });
  });

  test('05-S4 renames byte-exactly: another name is refused, its own is fine, case counts', () => {
    const metadata = new MetadataHarness();
    metadata.createStream('a');
    metadata.createStream('b');
    const rename = (name: string) =>
      metadata.send('update_stream', { stream_id: 'a', name, options: [] });

    expect(rename('b')).toMatchObject(R(1012));
    expect(rename('a')).toMatchObject(ok);
    expect(rename('A')).toMatchObject(ok);
    expect(metadata.read('get_stream', { stream_id: 'a' })).toBe('empty');
    expect(metadata.read('get_stream', { stream_id: 'A' })).toMatchObject({ id: 0 });
    expect(metadata.createStream('a')).toMatchObject({ value: { id: 2 } });
  });

  test('05-S5 refuses any option before replication', () => {
    const metadata = new MetadataHarness();
    const options = [{ key: 'foo', kind: 2, value: '1' }];

    expect(metadata.send('create_stream', { name: 'a', options })).toMatchObject(S(4041));
    metadata.createStream('a');
    const update = { stream_id: 0, name: 'b', options };
    expect(metadata.send('update_stream', update)).toMatchObject(S(4041));
    expect(metadata.log).toHaveLength(1);
  });

  test('05-S6 answers 1009 for operations on a missing stream', () => {
    const metadata = new MetadataHarness();
    const stream_id = 'nowhere';

    expect(metadata.send('update_stream', { stream_id, name: 'a', options: [] })).toMatchObject(
      R(1009),
    );
    expect(metadata.send('delete_stream', { stream_id })).toMatchObject(R(1009));
    expect(metadata.send('purge_stream', { stream_id: 7 })).toMatchObject(R(1009));
  });

  test('05-S7 reads a missing stream as nothing, its topics as none, its groups as an error', () => {
    const metadata = new MetadataHarness();

    expect(metadata.read('get_stream', { stream_id: 9 })).toBe('empty');
    expect(metadata.read('get_topics', { stream_id: 9 })).toEqual({ topics: [] });
    expect(metadata.read('get_consumer_groups', { stream_id: 9, topic_id: 0 })).toEqual({
      status: 1009,
    });
    expect(metadata.read('get_streams', {})).toBe('empty');
  });

  test('refuses bodies that are no requests before replication', () => {
    const metadata = new MetadataHarness();
    const garbage = Uint8Array.of(9, 9, 9);

    for (const operation of [128, 129, 130, 131]) {
      expect(metadata.sendBody(operation, garbage)).toMatchObject(S(3));
      expect(metadata.propose(operation, garbage)).toMatchObject(S(3));
    }
    expect(metadata.log).toHaveLength(0);
  });

  test('purging a stream without topics succeeds and leaves the revision alone', () => {
    const metadata = new MetadataHarness();
    metadata.createStream('a');

    expect(metadata.send('purge_stream', { stream_id: 0 })).toMatchObject(ok);
    expect(metadata.machine.takeChanges()).toEqual([]);
  });

  test('stamps the replicated time', () => {
    const metadata = new MetadataHarness();
    metadata.now = 77_000_000;

    expect(metadata.createStream('a')).toMatchObject({ value: { created_at: 77_001_000n } });
  });
});
