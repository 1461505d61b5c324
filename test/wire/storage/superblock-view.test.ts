import { describe, expect, it } from 'vitest';
import { setU32, setU64, toHex } from '../../../src/base/index.js';
import {
  annotate,
  decode,
  encode,
  encodeBatchFrame,
  encodeSuperblock,
  journalFrame,
  leafSpans,
  superblockFile,
  xxh3,
} from '../../../src/wire/index.js';

const record = {
  cluster: 5n,
  replica: 1,
  replicaCount: 3,
  view: 4,
  logView: 3,
  commitMax: 77,
  checkpointOp: 70,
  checkpointChecksum: 9n,
  offsetFrontier: 0,
};

/** A superblock whose payload is cut to the given size, as official servers write it. */
function official(size: number): Uint8Array {
  const ours = encodeSuperblock({ sequence: 6, record });
  const file = ours.slice(0, 28 + size + 8);
  setU32(file, 24, size);
  setU64(file, 28 + size, xxh3(file, 0, 28 + size));
  return file;
}

describe('a superblock as it is shown', () => {
  it('has the fields of our longer record', () => {
    const bytes = encodeSuperblock({ sequence: 6, record: { ...record, lostUpTo: 12 } });

    expect(decode(superblockFile, bytes)).toMatchObject({
      sequence: 6n,
      payload: { view: 4, log_view: 3, commit_max: 77n, lost_up_to: 12n, view_headers: [] },
    });
    expect(toHex(encode(superblockFile, decode(superblockFile, bytes)))).toBe(toHex(bytes));
  });

  it('has what official records have', () => {
    const { payload } = decode(superblockFile, official(66));
    const { payload: oldest } = decode(superblockFile, official(58));

    expect(payload).toMatchObject({ commit_max: 77n, offset_frontier: 0n });
    expect(payload).not.toHaveProperty('lost_up_to');
    expect(oldest).not.toHaveProperty('offset_frontier');
    for (const size of [58, 66]) {
      const bytes = official(size);
      expect(toHex(encode(superblockFile, decode(superblockFile, bytes)))).toBe(toHex(bytes));
    }
  });

  it('is shown as far as possible when it is damaged', () => {
    const bytes = encodeSuperblock({ sequence: 6, record });
    bytes[0] = 0;
    const { ok, spans } = annotate(superblockFile, bytes);

    expect(ok).toBe(false);
    expect(leafSpans(spans).at(-1)?.path).toBe('checksum');
  });

  it('names a log view above the view', () => {
    const bytes = encodeSuperblock({ sequence: 6, record: { ...record, logView: 9 } });
    const result = annotate(superblockFile, bytes);

    expect(result.ok ? '' : result.error.message).toMatch(/log view/);
  });
});

describe('a journal frame as it is shown', () => {
  it('has the fields in front of a batch', () => {
    const entry = new Uint8Array(256);
    const frame = encodeBatchFrame({ kind: 'entries', number: 3, offset: 0 }, [entry]);

    expect(decode(journalFrame, frame)).toMatchObject({
      kind: 1,
      entries: 1,
      number: 3n,
      length: 256n,
    });
  });
});
