import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, setU32, setU64Number, setU128 } from '../../../src/base/index.js';
import { xxh3 } from '../../../src/wire/checksum/index.js';
import {
  type BatchKind,
  decodeBatch,
  encodeBatchFrame,
  prepareIdentity,
  scanJournal,
} from '../../../src/wire/storage/index.js';

/** A sealed prepare with the given op and body. */
function prepare(op: number, body: Uint8Array): Uint8Array {
  const entry = new Uint8Array(256 + body.length);
  entry.set(body, 256);
  setU32(entry, 48, entry.length);
  entry[60] = 6;
  setU64Number(entry, 176, op);
  setU128(entry, 16, xxh3(body));
  setU128(entry, 0, prepareIdentity(entry));
  return entry;
}

interface Planned {
  readonly kind?: BatchKind;
  readonly entries: readonly Uint8Array[];
}

function journal(batches: readonly Planned[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let offset = 0;
  batches.forEach(({ kind = 'entries', entries }, i) => {
    parts.push(encodeBatchFrame({ kind, number: i + 1, offset }, entries), ...entries);
    offset = parts.reduce((sum, part) => sum + part.length, 0);
  });
  return concatBytes(parts);
}

const text = (value: string) => new TextEncoder().encode(value);
const three = [
  { entries: [prepare(1, text('a')), prepare(2, text('bb'))] },
  { entries: [prepare(3, text('ccc'))] },
  { entries: [prepare(4, new Uint8Array(0)), prepare(5, text('e'))] },
];
const allEntries = three.flatMap(({ entries }) => entries);

describe('scanJournal', () => {
  it('reads an empty file as a clean one of ours', () => {
    expect(scanJournal(new Uint8Array(0))).toMatchObject({
      layout: 'framed',
      entries: [],
      tail: 'clean',
      validLength: 0,
    });
  });

  it('gives the entries of all batches in file order', () => {
    const bytes = journal(three);
    const scan = scanJournal(bytes);

    expect(scan.entries).toEqual(allEntries);
    expect(scan.batches.map(({ number, entries }) => [number, entries.length])).toEqual([
      [1, 2],
      [2, 1],
      [3, 2],
    ]);
    expect(scan).toMatchObject({ tail: 'clean', validLength: bytes.length, layout: 'framed' });
  });

  it('gives the anchor of a drained journal', () => {
    const header = prepare(9, text('drained')).slice(0, 256);
    const scan = scanJournal(
      journal([{ kind: 'anchor', entries: [header] }, { entries: [prepare(10, text('x'))] }]),
    );

    expect(scan.anchor).toEqual(header);
    expect(scan.entries).toHaveLength(1);
  });

  it('cuts a last batch that was not written whole, as a whole', () => {
    const bytes = journal(three);
    const lastStart = scanJournal(bytes).batches[2]?.offset ?? 0;

    fc.assert(
      fc.property(fc.integer({ min: lastStart + 1, max: bytes.length - 1 }), (length) => {
        const scan = scanJournal(bytes.slice(0, length));
        expect(scan).toMatchObject({ tail: 'torn', validLength: lastStart });
        expect(scan.entries).toHaveLength(3);
      }),
    );
  });

  it('takes any damage to the last batch for a torn tail, also when a complete entry follows it', () => {
    const bytes = journal(three);
    const lastStart = scanJournal(bytes).batches[2]?.offset ?? 0;

    fc.assert(
      fc.property(
        fc.integer({ min: lastStart, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const damaged = bytes.slice();
          damaged[at] = (damaged[at] ?? 0) ^ change;
          expect(scanJournal(damaged)).toMatchObject({ tail: 'torn', validLength: lastStart });
        },
      ),
    );
  });

  it('tells damage in front of an intact batch from a torn tail', () => {
    const bytes = journal(three);
    const lastStart = scanJournal(bytes).batches[2]?.offset ?? 0;

    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: lastStart - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const damaged = bytes.slice();
          damaged[at] = (damaged[at] ?? 0) ^ change;
          expect(scanJournal(damaged).tail).toBe('interior');
        },
      ),
    );
  });

  it('does not take a batch at another place of the file for one of it', () => {
    const bytes = journal(three);
    const last = scanJournal(bytes).batches[2];
    const moved = concatBytes([bytes.subarray(0, last?.offset), bytes.subarray(last?.offset)]);

    expect(scanJournal(moved).tail).toBe('clean');
    const shifted = concatBytes([
      bytes.subarray(0, last?.offset),
      new Uint8Array(1),
      bytes.subarray(last?.offset),
    ]);
    expect(scanJournal(shifted)).toMatchObject({ tail: 'torn', validLength: last?.offset });
  });

  it('takes a torn first batch for a torn tail where the journal is known to be ours', () => {
    const bytes = journal([{ entries: allEntries }]);
    bytes.fill(0xa5, 0, 90);

    // By its bytes alone it may be upstream's, with damage in front of intact entries.
    expect(scanJournal(bytes)).toMatchObject({ layout: 'plain', tail: 'interior' });
    expect(scanJournal(bytes, true)).toMatchObject({
      ...{ layout: 'framed', tail: 'torn', validLength: 0, entries: [] },
    });
    const behind = journal(three);
    behind.fill(0xa5, 0, 20);
    expect(scanJournal(behind, true).tail).toBe('interior');
    expect(scanJournal(concatBytes(allEntries), true)).toMatchObject({
      ...{ layout: 'plain', tail: 'clean' },
    });
  });

  it('reads the bare entries of the upstream layout', () => {
    const scan = scanJournal(concatBytes(allEntries));

    expect(scan).toMatchObject({ layout: 'plain', tail: 'clean' });
    expect(scan.entries).toEqual(allEntries);
  });

  it('tells a torn entry of the upstream layout from interior damage', () => {
    const bytes = concatBytes(allEntries);
    const torn = scanJournal(bytes.slice(0, bytes.length - 1));
    expect(torn.tail).toBe('torn');
    expect(torn.entries).toHaveLength(4);

    const damaged = bytes.slice();
    damaged[600] = (damaged[600] ?? 0) ^ 1;
    expect(scanJournal(damaged)).toMatchObject({ tail: 'interior' });
  });

  it('never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (bytes, withMagic) => {
        if (withMagic) bytes.set(text('IGB1').subarray(0, bytes.length));
        scanJournal(bytes);
        decodeBatch(bytes, 0);
      }),
    );
  });
});
