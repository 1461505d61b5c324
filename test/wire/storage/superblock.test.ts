import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIggyctlError, setU32, setU64, setU64Number, setU128 } from '../../../src/base/index.js';
import { xxh3 } from '../../../src/wire/checksum/index.js';
import {
  decodeSnapshotFile,
  decodeSuperblock,
  encodeSnapshotFile,
  encodeSuperblock,
  prepareIdentity,
  type SuperblockRecord,
} from '../../../src/wire/storage/index.js';

function header(op: number): Uint8Array {
  const bytes = new Uint8Array(256);
  setU32(bytes, 48, 256);
  bytes[60] = 6;
  setU64Number(bytes, 176, op);
  setU128(bytes, 0, prepareIdentity(bytes));
  return bytes;
}

const record: SuperblockRecord = {
  cluster: 0x1234_5678_9abc_def0_1122_3344_5566_7788n,
  replica: 2,
  replicaCount: 3,
  view: 7,
  logView: 5,
  commitMax: 1000,
  checkpointOp: 900,
  checkpointChecksum: 0xdead_beefn,
  offsetFrontier: 65_536,
  lostUpTo: 3,
  viewHeaders: [header(1002), header(1001), header(999)],
};

function reasonOf(file: Uint8Array): unknown {
  try {
    decodeSuperblock(file);
    return undefined;
  } catch (error) {
    return isIggyctlError(error) ? error.details['reason'] : error;
  }
}

/** Writes the checksum anew, so that only the tested rule is broken. */
function resealed(file: Uint8Array): Uint8Array {
  setU64(file, file.length - 8, xxh3(file, 0, file.length - 8));
  return file;
}

describe('superblock files', () => {
  it('give back the record that was written', () => {
    const file = encodeSuperblock({ sequence: 41, record });

    expect(decodeSuperblock(file)).toEqual({ sequence: 41, record });
    expect(file).toHaveLength(36 + 75 + 3 * 256);
  });

  it('have every field at the place of the format', () => {
    const file = encodeSuperblock({ sequence: 1, record });
    const view = new DataView(file.buffer, file.byteOffset, file.length);

    expect([...file.subarray(0, 4)]).toEqual([0x4b, 0x4c, 0x42, 0x53]);
    expect(view.getUint32(28 + 18, true)).toBe(7);
    expect(view.getUint32(28 + 22, true)).toBe(5);
    expect(view.getBigUint64(28 + 58, true)).toBe(65_536n);
    expect(view.getBigUint64(28 + 66, true)).toBe(3n);
    expect(file[28 + 74]).toBe(3);
  });

  it('are read in the official forms of 66 and 58 bytes', () => {
    const own = encodeSuperblock({ sequence: 9, record });
    for (const length of [66, 58]) {
      const file = new Uint8Array(36 + length);
      file.set(own.subarray(0, 28 + length));
      setU32(file, 24, length);
      const { record: read } = decodeSuperblock(resealed(file));

      expect(read.view).toBe(7);
      expect(read.offsetFrontier).toBe(length === 66 ? 65_536 : 0);
      expect(read.lostUpTo).toBeUndefined();
      expect(read.viewHeaders).toBeUndefined();
    }
  });

  it('are refused with the reason', () => {
    const file = encodeSuperblock({ sequence: 1, record });
    const changed = (change: (copy: Uint8Array) => void, seal = true) => {
      const copy = file.slice();
      change(copy);
      return reasonOf(seal ? resealed(copy) : copy);
    };

    expect(changed((copy) => setU32(copy, 0, 1))).toBe('magic');
    expect(changed((copy) => copy.set([2], 4))).toBe('version');
    expect(changed((copy) => copy.set([1], 60), false)).toBe('checksum');
    expect(changed((copy) => copy.set([8], 28 + 22))).toBe('view');
    expect(changed((copy) => copy.set([9], 28 + 75 + 130))).toBe('header');
    expect(changed((copy) => copy.set([2], 28 + 74))).toBe('length');
    expect(reasonOf(file.slice(0, 30))).toBe('length');
  });

  it('give a typed error for any damage', () => {
    const file = encodeSuperblock({ sequence: 1, record });
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = file.slice();
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(typeof reasonOf(damaged)).toBe('string');
      }),
    );
  });
});

describe('snapshot files', () => {
  it('give back the payload and its checksum', () => {
    const payload = new Uint8Array([1, 2, 3]);
    const file = encodeSnapshotFile(payload);

    expect(file).toHaveLength(23);
    expect([...file.subarray(3, 7)]).toEqual([0x50, 0x4e, 0x53, 0x49]);
    expect(decodeSnapshotFile(file)).toEqual({
      payload,
      checksum: xxh3(payload),
      hasTrailer: true,
    });
  });

  it('accept an old file without a trailer', () => {
    expect(decodeSnapshotFile(new Uint8Array(30))).toMatchObject({ hasTrailer: false });
  });

  it('refuse a payload that its trailer does not match', () => {
    const file = encodeSnapshotFile(new Uint8Array(100));
    file[50] = 1;

    expect(() => decodeSnapshotFile(file)).toThrow('does not match');
  });
});
