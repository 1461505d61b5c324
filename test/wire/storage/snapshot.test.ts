// The library @msgpack/msgpack is the second opinion: what it reads from our bytes, and that we
// read what it writes.
import { encode as pack, decode as unpack } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/base/index.js';
import {
  annotate,
  decodeSnapshot,
  encodeSnapshot,
  isWireError,
  leafSpans,
  type Snapshot,
  snapshot,
  valueKinds,
} from '../../../src/wire/index.js';
import { fullSnapshot, header, never, reply } from '../helpers/snapshot-sample.js';

const official: Snapshot = { ...fullSnapshot, extension: null };
const empty: Snapshot = {
  version: 3,
  created_at: 0n,
  sequence_number: 0n,
  users: null,
  streams: null,
  client_table: null,
  writer_release: 0,
  extension: null,
};

/** Keys of maps are arrays here; the library turns them into text for us. */
const options = {
  useBigInt64: true,
  mapKeyConverter: (key: unknown) => (typeof key === 'string' ? key : JSON.stringify(key)),
};

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isWireError(error)) return error.message;
    throw error;
  }
  return 'none';
}

describe('a metadata snapshot', () => {
  it('is read back as it was written', () => {
    for (const value of [fullSnapshot, official, empty]) {
      expect(decodeSnapshot(encodeSnapshot(value))).toEqual(value);
    }
  });

  it('has 8 elements with our additions and 7 without', () => {
    expect(unpack(encodeSnapshot(fullSnapshot), options)).toHaveLength(8);
    expect(unpack(encodeSnapshot(official), options)).toHaveLength(7);
  });

  it('means the same to another MessagePack implementation', () => {
    const [version, created, sequence, users, streams, table, release, ours] = unpack(
      encodeSnapshot(fullSnapshot),
      options,
    ) as readonly unknown[];
    const id = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const zeros = [0, 0, 0];

    expect([version, created, sequence, release]).toEqual([
      3,
      1_755_770_400_123_456n,
      70_000,
      9000,
    ]);
    const rights = { 300: [true, false, true, false] };
    const granted = [
      Array(10).fill(true),
      { 70000: [false, true, false, false, true, false, rights] },
    ];
    expect(users).toEqual([
      [[7, [7, 'żółw', '$argon2id$…', 'inactive', 300, granted, {}]]],
      [[7, [['ci', [7, 'ci', 'ab'.repeat(32), null]]]]],
      [[], [], [], [], [], []],
    ]);
    const settings = {
      '["string","ZW5mb3JjZV9mc3luYw=="]': [['bool', 'AQ=='], true],
      '["string","c2VnbWVudF9zaXpl"]': [['uint64', 'AAAAQAAAAAA='], false],
    };
    const member = [0, id, [0, 2], [[2, 1, 77]]];
    const groups = [[4, [4, 8, 'workers', [[0, member]]]]];
    const partition = [0, 1n << 40n, 2, 9, 0, 1];
    const topic = [1, 'orders', 2, never, 'none', never, zeros, [partition], groups, 5, settings];
    expect(streams).toEqual([[[0, [0, 'first', 1, zeros, [[1, topic]], {}]]], 12]);
    const stamp = Uint8Array.from({ length: 16 }, (_, i) => [0xab, 0xcd][i - 14] ?? 0);
    expect(table).toEqual([[[3, [id, 41, 7, 6, stamp, reply]]]]);
    expect(ours).toMatchObject({
      next_user_id: 8,
      commit_header: header,
      sessions: [[3, 40, [reply, reply]]],
    });
  });

  it('is written in the shortest forms', () => {
    const value = unpack(encodeSnapshot(empty), options);

    expect(toHex(encodeSnapshot(empty))).toBe(toHex(pack(value)));
  });

  it('is read in longer forms too', () => {
    const { bytes } = { bytes: encodeSnapshot(empty) };
    const longer = new Uint8Array([0xdc, 0, 7, 0xcd, 0, 3, ...bytes.subarray(2)]);

    expect(decodeSnapshot(longer)).toEqual(empty);
  });

  it('writes the keys of our additions in their fixed order', () => {
    const ours = (unpack(encodeSnapshot(fullSnapshot), options) as readonly object[])[7] ?? {};

    expect(Object.keys(ours)).toEqual(['next_user_id', 'commit_header', 'sessions', 'retired']);
  });

  it('leaves out a commit header that is not there', () => {
    const extension =
      fullSnapshot.extension === null ? null : { ...fullSnapshot.extension, commit_header: null };
    const value: Snapshot = { ...fullSnapshot, extension };

    expect(decodeSnapshot(encodeSnapshot(value))).toEqual(value);
  });

  it('ignores additions it does not know', () => {
    const known = { next_user_id: 8, sessions: [], retired: [] };
    const unknown = { later: [1, { deep: [new Uint8Array(40), 'x'.repeat(300), -5, 1.5, null] }] };
    const bytes = pack([3, 0, 0, null, null, null, 0, { ...known, ...unknown }]);

    expect(decodeSnapshot(bytes).extension).toEqual({ ...known, commit_header: null });
  });

  it('puts options in the byte order of their keys', () => {
    const unordered = ['b', 'aa', 'c', 'a'].map((key) => ({
      key,
      kind: valueKinds.string,
      value: key,
      explicit: true,
    }));
    const streams = structuredClone(fullSnapshot.streams);
    const [item] = streams?.streams ?? [];
    const value = {
      ...fullSnapshot,
      streams: {
        revision: 0n,
        streams: [{ id: 0, stream: { ...item!.stream, options: unordered } }],
      },
    };
    const keysOf = (bytes: Uint8Array) =>
      decodeSnapshot(bytes).streams?.streams[0]?.stream.options.map((each) => each.key);
    const bytes = encodeSnapshot(value);

    expect(keysOf(bytes)).toEqual(['a', 'aa', 'b', 'c']);
    // Another writer's order: `e` stands where `a` did.
    const other = Buffer.from(bytes).toString('latin1').replaceAll('YQ==', 'ZQ==');
    expect(keysOf(Buffer.from(other, 'latin1'))).toEqual(['aa', 'b', 'c', 'e']);
  });

  it('refuses another version, another length and bytes at the end', () => {
    const bytes = encodeSnapshot(empty);

    expect(
      reasonOf(() => decodeSnapshot(new Uint8Array([bytes[0]!, 4, ...bytes.subarray(2)]))),
    ).toMatch(/version 4/);
    expect(reasonOf(() => decodeSnapshot(pack([3, 0, 0])))).toMatch(/7 or 8/);
    expect(reasonOf(() => decodeSnapshot(new Uint8Array([...bytes, 0])))).toMatch(/left over/);
    expect(reasonOf(() => encodeSnapshot({ ...empty, version: 2 }))).toMatch(/version 2/);
  });

  it('gives a typed error for every cut and for hostile lengths', () => {
    const bytes = encodeSnapshot(fullSnapshot);

    for (let size = 0; size < bytes.length; size++) {
      expect(reasonOf(() => decodeSnapshot(bytes.subarray(0, size)))).not.toBe('none');
    }
    const hostile = new Uint8Array([0x97, 3, 0, 0, 0x93, 0xdd, 0xff, 0xff, 0xff, 0xff]);
    expect(reasonOf(() => decodeSnapshot(hostile))).toMatch(/needs 1 bytes/);
  });

  it('answers damaged bytes with a value or a typed error', () => {
    const bytes = encodeSnapshot(fullSnapshot);

    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [0x00, 0x80, 0x90, 0xc0, 0xc1, 0xcf, 0xdd, 0xdf, 0xff]) {
        const damaged = bytes.slice();
        damaged[at] = byte;
        // Anything but a WireError fails the test from inside.
        reasonOf(() => decodeSnapshot(damaged));
      }
    }
  });

  it('says what every byte means and hides password hashes', () => {
    const bytes = encodeSnapshot(fullSnapshot);
    const { ok, spans } = annotate(snapshot, bytes);

    expect(ok).toBe(true);
    let at = 0;
    for (const span of leafSpans(spans)) {
      expect(span.offset).toBe(at);
      at += span.size;
    }
    expect(at).toBe(bytes.length);
    const hash = spans.find((span) => span.path === 'users.users[0].user.password_hash');
    expect(hash?.secret).toBe(true);
  });
});
