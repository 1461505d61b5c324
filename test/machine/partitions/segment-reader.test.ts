import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../src/base/index.js';
import { Segment } from '../../../src/machine/partitions/segment.js';
import { walkSegment } from '../../../src/machine/partitions/segment-reader.js';
import { encodeBatch, stampBatch } from '../../../src/wire/index.js';
import { FakeStore } from './fake-store.js';

const file = '00000000000000000000.log';

/** A store that also shows its bytes in place, in pieces that end at the given positions. */
class ViewedStore extends FakeStore {
  readonly #ends: readonly number[];

  constructor(ends: readonly number[]) {
    super();
    this.#ends = ends;
  }

  view(name: string, offset: number, length: number): Uint8Array | undefined {
    const end = this.#ends.find((each) => each > offset);
    if (end === undefined) return undefined;
    return this.bytes(name).subarray(offset, Math.min(end, offset + length));
  }
}

function batch(baseOffset: number, payloadSize: number): Uint8Array {
  const payload = new Uint8Array(payloadSize).fill(baseOffset + 1);
  const bytes = encodeBatch([{ id: 1n, payload, originTimestamp: 5 }]);
  stampBatch(bytes, { partitionId: 0, baseOffset, baseTimestamp: 7 });
  return bytes;
}

const batches = [batch(0, 30_000), batch(1, 100), batch(2, 40_000)];
const lengths = batches.map((each) => each.length);
const [first = 0, second = 0] = lengths;
const total = lengths.reduce((sum, length) => sum + length, 0);

function walk(ends: readonly number[], bytes = concatBytes(batches)) {
  const store = new ViewedStore(ends);
  store.write(file, bytes);
  const segment = new Segment(0);
  segment.written = total;
  const offsets: number[] = [];
  const end = walkSegment(store, {
    segment,
    position: 0,
    expectedBytes: 0,
    isWanted: () => true,
    visit: (each) => offsets.push(each.baseOffset) > 0,
  });
  return { end, offsets, reads: store.readCount };
}

describe('walking a segment that lies in memory', () => {
  it('reads nothing where batches lie in one piece', () => {
    const found = { end: 'end', offsets: [0, 1, 2], reads: 0 };
    expect(walk([first, first + second, total])).toEqual(found);
    expect(walk([total])).toEqual(found);
  });

  it('reads what is cut by the end of a piece, and what is not there', () => {
    for (const ends of [[], [first - 1, total], [first + 10, total], [first]]) {
      const { end, offsets, reads } = walk(ends);
      expect({ end, offsets }).toEqual({ end: 'end', offsets: [0, 1, 2] });
      expect(reads).toBeGreaterThan(0);
    }
  });

  it('ends at damage in place, of large and of small batches', () => {
    for (const [at, seen] of [
      [first - 1, []],
      [first + second - 1, [0]],
      [total - 1, [0, 1]],
    ] as const) {
      const bytes = concatBytes(batches);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const { end, offsets } = walk([total], bytes);
      expect({ end, offsets }).toEqual({ end: 'damaged', offsets: seen });
    }
  });
});
