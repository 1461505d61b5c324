import { describe, expect, it } from 'vitest';
import { setU32, setU64 } from '../../../src/base/index.js';
import {
  blankEntry,
  buildFrame,
  buildPrepare,
  decodeHeader,
  isBlankEntry,
  Operation,
  readSuffix,
  sealFrame,
  sealPrepareIdentity,
  sealSuffixBody,
  suffixBody,
  WireError,
} from '../../../src/wire/index.js';
import { example } from '../helpers/golden.js';

const head = 9;

/** Headers of ops head, head-1, …, chained and sealed. */
function chain(count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let parent = 0n;
  for (let op = head - count + 1; op <= head; op++) {
    const frame = buildPrepare(
      { op: BigInt(op), parent, timestamp: BigInt(1000 + op), operation: Operation.CreateStream },
      new Uint8Array(0),
    );
    parent = decodeHeader('Prepare', frame).checksum;
    entries.unshift(frame);
  }
  return entries;
}

function frameOf(entries: readonly Uint8Array[]): Uint8Array {
  return buildFrame('DoViewChange', { op: BigInt(head) }, suffixBody(entries));
}

function faultOf(frame: Uint8Array): string {
  try {
    readSuffix(frame, BigInt(head));
    return 'none';
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return String(error.details['reason']);
  }
}

/** Changes bytes of one entry, seals it again, and rebuilds the frame around it. */
function withChange(count: number, index: number, change: (entry: Uint8Array) => void): string {
  const entries = chain(count);
  const entry = entries[index] ?? new Uint8Array(256);
  change(entry);
  return faultOf(frameOf(entries));
}

describe('suffix', () => {
  it('reads the worked example', () => {
    const entries = readSuffix(example('DoViewChange of two entries'), 7n);
    expect(entries.map(({ op, blank }) => [op, blank])).toEqual([
      [7n, false],
      [6n, false],
    ]);
  });

  it('reads a whole chain, an empty one and one with gaps', () => {
    expect(faultOf(frameOf(chain(5)))).toBe('none');
    expect(faultOf(frameOf([]))).toBe('none');
    const [top, , third] = chain(3);
    const gap = [top ?? new Uint8Array(0), blankEntry(8n), third ?? new Uint8Array(0)];
    expect(readSuffix(frameOf(gap), 9n).map((each) => each.blank)).toEqual([false, true, false]);
  });

  it('knows a blank entry by exact equality', () => {
    const blank = example('blank suffix entry, op 9');
    expect(blankEntry(9n)).toEqual(blank);
    expect(isBlankEntry(blank)).toBe(true);
    for (const offset of [0, 48, 61, 130, 208, 255]) {
      const other = blank.slice();
      other[offset] = 1;
      expect(isBlankEntry(other), String(offset)).toBe(false);
    }
  });

  it('drops a body whose checksum is wrong', () => {
    const frame = frameOf(chain(2));
    frame[300] = (frame[300] ?? 0) ^ 1;
    expect(faultOf(frame)).toBe('BodyChecksum');
    const unsealed = frameOf(chain(2));
    unsealed.fill(0, 16, 32);
    expect(faultOf(unsealed)).toBe('BodyChecksum');
  });

  it('ignores the checksum of an empty body', () => {
    const frame = frameOf([]);
    frame[16] = 1;
    expect(faultOf(frame)).toBe('none');
  });

  it('drops a body that is cut, too long, or described beyond its end', () => {
    const cut = buildFrame('StartView', { op: 9n }, new Uint8Array(300));
    expect(faultOf(cut)).toBe('NotHeaderMultiple');
    const long = buildFrame('StartView', { op: 9n }, new Uint8Array(256 * 129));
    expect(faultOf(long)).toBe('TooManyEntries');
    const beyond = buildFrame('DoViewChange', { op: 9n, nackBitset: 2n }, suffixBody(chain(1)));
    expect(faultOf(beyond)).toBe('BitsetBeyondSuffix');
  });

  it('drops entries that are no prepare headers', () => {
    const fields: readonly (readonly [number, number])[] = [
      [60, 7],
      [208, 77],
      [62, 1],
      [255, 1],
    ];
    for (const [offset, value] of fields) {
      const fault = withChange(2, 1, (entry) => {
        entry[offset] = value;
      });
      expect(fault, String(offset)).toBe('MalformedHeader');
    }
  });

  it('drops ops out of order and headers that do not hash to their identity', () => {
    const skipped = withChange(2, 1, (entry) => {
      setU64(entry, 176, 7n);
      sealPrepareIdentity(entry);
    });
    expect(skipped).toBe('OpOutOfOrder');
    const forged = withChange(2, 1, (entry) => {
      entry[224] = 9;
    });
    expect(forged).toBe('ChecksumMismatch');
  });

  it('drops timestamps that do not decrease and broken chains', () => {
    const newer = withChange(2, 1, (entry) => {
      setU64(entry, 192, 2000n);
      sealPrepareIdentity(entry);
    });
    expect(newer).toBe('TimestampNotDecreasing');
    const other = withChange(3, 2, (entry) => {
      entry[224] = 9;
      sealPrepareIdentity(entry);
    });
    expect(other).toBe('ChainBreak');
  });

  it('compares across blanks by time only', () => {
    const [top, , third] = chain(3);
    const low = third ?? new Uint8Array(256);
    low[224] = 9;
    sealPrepareIdentity(low);
    expect(faultOf(frameOf([top ?? new Uint8Array(256), blankEntry(8n), low]))).toBe('none');
    setU64(low, 192, 5000n);
    sealPrepareIdentity(low);
    expect(faultOf(frameOf([top ?? new Uint8Array(256), blankEntry(8n), low]))).toBe(
      'TimestampNotDecreasing',
    );
  });

  it('does not mind views that go up and down', () => {
    const fault = withChange(3, 1, (entry) => setU32(entry, 52, 77));
    expect(fault).toBe('none');
  });

  it('refuses to build from pieces that are no headers', () => {
    expect(() => suffixBody([new Uint8Array(255)])).toThrow(/256 bytes/);
    expect(() => suffixBody(Array.from({ length: 129 }, () => blankEntry(1n)))).toThrow(/too many/);
  });

  it('seals an empty body as zero', () => {
    const frame = frameOf([]);
    frame.fill(9, 16, 32);
    sealSuffixBody(frame);
    sealFrame(frame);
    expect(decodeHeader('DoViewChange', frame).checksumBody).toBe(0n);
  });
});
