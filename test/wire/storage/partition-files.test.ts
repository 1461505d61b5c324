import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/base/index.js';
import {
  annotate,
  decodeIndexFile,
  decodeOffsetFile,
  decodePartitionMark,
  encodeBatch,
  encodeIndexEntry,
  encodeOffsetFile,
  encodePartitionMark,
  findIndexEntry,
  indexFile,
  offsetFile,
  partitionMarkFile,
  purgeGenerationFile,
  scanSegment,
  segmentFile,
  stampBatch,
} from '../../../src/wire/index.js';

const times = [1000, 2000, 3000];

function storedBatch(baseOffset: number, count: number, baseTimestamp = 1): Uint8Array {
  const messages = Array.from({ length: count }, (_, i) => ({
    id: BigInt(baseOffset + i),
    payload: new TextEncoder().encode(`message ${baseOffset + i}`),
    originTimestamp: 5,
  }));
  const batch = encodeBatch(messages);
  stampBatch(batch, { partitionId: 0, baseOffset, baseTimestamp });
  return batch;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const first = storedBatch(10, 2, 1000);
const second = storedBatch(12, 1, 2000);
const third = storedBatch(13, 3, 3000);
const segment = join(first, second, third);

describe('a segment', () => {
  it('is read batch by batch', () => {
    const scan = scanSegment(segment, { startOffset: 10 });

    expect(scan).toMatchObject({ validLength: segment.length, tail: 'clean' });
    expect(scan.batches).toMatchObject([
      { position: 0, baseOffset: 10, messageCount: 2, baseTimestamp: 1000 },
      { position: first.length, baseOffset: 12, messageCount: 1, baseTimestamp: 2000 },
      { position: first.length + second.length, baseOffset: 13, messageCount: 3 },
    ]);
  });

  it('can be read from a position that the index names', () => {
    const scan = scanSegment(segment, { from: first.length, startOffset: 12 });

    expect(scan.batches.map((each) => each.baseOffset)).toEqual([12, 13]);
  });

  it('recovers to the last whole batch wherever a write was cut', () => {
    const whole = first.length + second.length;

    for (let size = whole + 1; size < segment.length; size++) {
      const scan = scanSegment(segment.subarray(0, size));
      expect(scan.validLength, `size ${size}`).toBe(whole);
      expect(scan.tail).not.toBe('interior');
    }
  });

  it('tells damage in front of an intact batch from a torn tail', () => {
    const damaged = segment.slice();
    damaged[first.length + 300]! ^= 1;

    expect(scanSegment(damaged)).toMatchObject({
      validLength: first.length,
      tail: 'interior',
      intactAt: first.length + second.length,
    });
    const atEnd = segment.slice();
    atEnd[segment.length - 1]! ^= 1;
    expect(scanSegment(atEnd)).toMatchObject({ tail: 'torn' });
  });

  it('may go on with zeros that were allocated ahead', () => {
    const scan = scanSegment(join(segment, new Uint8Array(500)));

    expect(scan).toMatchObject({ validLength: segment.length, tail: 'clean' });
  });

  it('ends where offsets are not dense', () => {
    expect(scanSegment(join(first, third))).toMatchObject({ validLength: first.length });
    expect(scanSegment(join(first, first))).toMatchObject({
      validLength: first.length,
      tail: 'torn',
    });
    expect(scanSegment(segment, { startOffset: 9 }).batches).toEqual([]);
  });

  it('is empty when new', () => {
    expect(scanSegment(new Uint8Array())).toEqual({ batches: [], validLength: 0, tail: 'clean' });
  });

  it('is annotated batch by batch', () => {
    const { ok, spans } = annotate(segmentFile, segment);

    expect(ok).toBe(true);
    expect(spans.map((span) => span.path)).toContain('[2].messages[0].payload');
  });
});

describe('a segment index', () => {
  const entries = times.map((timestamp, i) => ({
    offset: 10 * (i + 1),
    timestamp,
    position: 512 * i,
  }));
  const bytes = join(...entries.map(encodeIndexEntry));

  it('has 24 bytes per entry', () => {
    expect(bytes).toHaveLength(72);
    expect(decodeIndexFile(bytes)).toEqual(entries);
    expect(annotate(indexFile, bytes).ok).toBe(true);
  });

  it('is read up to a torn entry', () => {
    expect(decodeIndexFile(bytes.subarray(0, 71))).toEqual(entries.slice(0, 2));
  });

  it('is read up to an entry that goes back', () => {
    expect(decodeIndexFile(join(bytes, bytes))).toEqual(entries);
  });

  it('finds the last entry at or below a key', () => {
    expect(findIndexEntry(entries, 'offset', 9)).toBeUndefined();
    expect(findIndexEntry(entries, 'offset', 10)?.position).toBe(0);
    expect(findIndexEntry(entries, 'offset', 29)?.position).toBe(512);
    expect(findIndexEntry(entries, 'timestamp', 3000)?.position).toBe(1024);
    expect(findIndexEntry(entries, 'timestamp', 9999)?.position).toBe(1024);
    expect(findIndexEntry([], 'offset', 5)).toBeUndefined();
  });
});

describe('an offset file', () => {
  it('holds an offset and its checksum', () => {
    const bytes = encodeOffsetFile(1_000_000);

    expect(bytes).toHaveLength(16);
    expect(toHex(bytes, 0, 8)).toBe('40420f0000000000');
    expect(decodeOffsetFile(bytes)).toEqual({
      kind: 'offset',
      offset: 1_000_000,
      hasChecksum: true,
    });
    expect(annotate(offsetFile, bytes).ok).toBe(true);
  });

  it('of an old server has no checksum', () => {
    const old = encodeOffsetFile(7).subarray(0, 8);

    expect(decodeOffsetFile(old)).toEqual({ kind: 'offset', offset: 7, hasChecksum: false });
  });

  it('that is cut is ignored, and one that is damaged is removed', () => {
    const bytes = encodeOffsetFile(7);
    const damaged = bytes.slice();
    damaged[0]! ^= 1;

    for (const size of [0, 1, 7, 9, 15]) {
      expect(decodeOffsetFile(bytes.subarray(0, size))).toEqual({ kind: 'torn' });
    }
    expect(decodeOffsetFile(damaged)).toEqual({ kind: 'damaged' });
    expect(decodeOffsetFile(fromHex('ffffffffffffffff'))).toEqual({ kind: 'damaged' });
  });
});

describe('a purge generation file', () => {
  const bytes = encodePartitionMark({ generation: 3, createdRevision: 41 });
  const extent = { start: 7, end: 90, jumps: [{ from: 20, to: 65_536 }] };
  const mark = { generation: 3, createdRevision: 41, extent };

  it('of an official server holds generation and revision', () => {
    expect(bytes).toHaveLength(16);
    expect(decodePartitionMark(bytes)).toEqual({ generation: 3, createdRevision: 41 });
    expect(decodePartitionMark(bytes.subarray(0, 15))).toBe('absent');
    expect(decodePartitionMark(undefined)).toBe('absent');
    expect(annotate(purgeGenerationFile, bytes).ok).toBe(true);
  });

  it('of ours says in addition which offsets have to be there, under a checksum', () => {
    const whole = encodePartitionMark(mark);
    expect(whole.subarray(0, 16)).toEqual(bytes);
    expect(decodePartitionMark(whole)).toEqual(mark);
    expect(annotate(partitionMarkFile, whole).ok).toBe(true);
    for (let size = 17; size < whole.length; size++) {
      expect(decodePartitionMark(whole.subarray(0, size))).toBe('damaged');
    }
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const rotten = whole.slice();
      rotten[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodePartitionMark(rotten)).toBe('damaged');
    }
  });
});
