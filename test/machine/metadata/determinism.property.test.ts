import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrng } from '../../../src/base/index.js';
import { decodeSnapshot, encodeSnapshot } from '../../../src/wire/index.js';
import { MetadataHarness, newMachine, replay } from './metadata-harness.js';
import { runWorkload } from './metadata-workload.js';

const runs = { numRuns: Number(process.env['IGGYCTL_RUNS'] ?? 20) };
const seeds = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const noSessions = { live: [], retired: [] };

function reply(n: number): Uint8Array {
  return new Uint8Array(300).fill(n);
}

function contents(op: number) {
  const commitHeader = new Uint8Array(256).fill(7);
  const live = [
    {
      slot: 3,
      client: (1n << 127n) | 5n,
      epoch: 12,
      userId: 2,
      watermark: 9n,
      watermarkChecksum: 77n,
      origin: 4,
      replies: [reply(1), reply(2)],
    },
  ];
  const retired = [
    {
      client: 9n,
      userId: 1,
      watermark: 3n,
      watermarkChecksum: 0n,
      origin: 2,
      latestCommit: 8,
      reply: reply(3),
    },
    { client: 8n, userId: 1, watermark: 0n, watermarkChecksum: 0n, origin: 2, latestCommit: 9 },
  ];
  return { op, timestamp: 5_000, commitHeader, sessions: { live, retired } };
}

describe('the metadata machine', () => {
  test('05-S92 gives equal replies and an equal state for an equal log', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const primary = new MetadataHarness();
        runWorkload(primary, createPrng(seed), 150);

        const backup = newMachine();
        expect(replay(backup, primary.log)).toEqual(primary.replies);
        expect(backup.digest()).toBe(primary.machine.digest());
      }),
      runs,
    );
  });

  test('05-S91 continues from a snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 120 }), (seed, cut) => {
        const primary = new MetadataHarness();
        runWorkload(primary, createPrng(seed), 150);
        const early = newMachine();
        replay(early, primary.log.slice(0, cut));
        const payload = early.snapshots.encode(contents(cut));

        const restored = newMachine();
        restored.snapshots.restore(payload);

        expect(restored.snapshots.encode(contents(cut))).toEqual(payload);
        const rest = primary.log.slice(cut);
        expect(replay(restored, rest)).toEqual(replay(early, rest));
        expect(restored.digest()).toBe(primary.machine.digest());
      }),
      runs,
    );
  });

  test('does not depend on what was read, admitted or counted meanwhile', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const primary = new MetadataHarness();
        runWorkload(primary, createPrng(seed), 80);
        const before = primary.machine.digest();

        for (const { counters } of primary.machine.partitions()) {
          counters.set({ sizeBytes: 9, messages: 1, segments: 2, currentOffset: 1 });
        }
        for (const code of [13, 31, 32, 41, 200, 201, 300, 301, 600, 601, 606]) {
          primary.machine.read({ code, userId: 1, client: 1n, body: Uint8Array.of(1, 4, 0, 0, 0) });
        }
        primary.machine.tokenCleanup(primary.now);
        primary.machine.totals();
        primary.machine.takeChanges();

        expect(primary.machine.digest()).toBe(before);
      }),
      runs,
    );
  });

  test('never throws, whatever a body holds', () => {
    const operations = fc.constantFrom(
      ...[1, 3, 64, 65, 66, 67, 68, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139],
      ...[140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 160, 200],
    );
    fc.assert(
      fc.property(
        seeds,
        fc.array(fc.tuple(operations, fc.uint8Array({ maxLength: 80 }), fc.nat(5))),
        (seed, bodies) => {
          const primary = new MetadataHarness();
          runWorkload(primary, createPrng(seed), 40);
          const damaged = primary.log.slice(-20).map((entry, i) => {
            const body = entry.body.slice();
            if (body.length > 0) body[i % body.length] = 0xff;
            return [entry.operation, body, 0] as const;
          });
          for (const [operation, body, userId] of [...bodies, ...damaged]) {
            const op = primary.log.length + 1;
            const timestamp = primary.now + 1;
            const common = { operation, userId, client: 3n, timestamp, op, body };
            primary.machine.admissionStatus(operation, body);
            primary.machine.admit(common);
            const entry = { ...common, request: 1n };
            primary.machine.logged(entry);
            expect(primary.machine.apply(entry).body).toBeInstanceOf(Uint8Array);
            primary.machine.read({ code: operation, userId, client: 3n, body });
          }
        },
      ),
      runs,
    );
  });
});

describe('snapshots', () => {
  test('carry sessions, rings, retired ones and the commit header', () => {
    const { machine } = new MetadataHarness();

    const payload = machine.snapshots.encode(contents(17));

    expect(machine.snapshots.decode(payload)).toEqual(contents(17));
    const value = decodeSnapshot(payload);
    expect(value).toMatchObject({ sequence_number: 17n, created_at: 5_000n });
    expect(value.client_table?.entries[0]?.entry.reply).toEqual(reply(2));
  });

  test('are all or nothing: a bad one changes nothing', () => {
    const metadata = new MetadataHarness();
    metadata.createStream('kept');
    const before = metadata.machine.digest();
    const good = metadata.machine.snapshots.encode(contents(1));

    expect(() => metadata.machine.snapshots.restore(good.subarray(0, 40))).toThrow();
    const value = decodeSnapshot(good);
    const users = { ...value.users!, users: [] };
    const rootless = encodeSnapshot({ ...value, users });
    expect(() => metadata.machine.snapshots.restore(rootless)).toThrow(/root user/);

    expect(metadata.machine.digest()).toBe(before);
  });

  test('of an official server: one reply, no retired session, user ids go on', () => {
    const metadata = new MetadataHarness();
    metadata.createUser('alice');
    const value = decodeSnapshot(metadata.machine.snapshots.encode(contents(2)));
    const official = encodeSnapshot({ ...value, extension: null });

    const machine = newMachine();
    const restored = machine.snapshots.restore(official);

    expect(restored.sessions).toMatchObject({
      live: [{ slot: 3, epoch: 12, origin: 12, replies: [reply(2)] }],
      retired: [],
    });
    expect(restored.commitHeader).toBeUndefined();
    expect(decodeSnapshot(machine.snapshots.encode(contents(2))).extension?.next_user_id).toBe(2);
  });

  test('hold zero counters, and a restored machine says that everything is new', () => {
    const metadata = new MetadataHarness();
    metadata.createStream('s');
    metadata.createTopic('s', 't', 1);
    const counters = metadata.machine.partition(0, 0, 0)?.counters;
    counters?.set({ sizeBytes: 700, messages: 3, segments: 1, currentOffset: 2 });

    const payload = metadata.machine.snapshots.encode({
      op: 2,
      timestamp: 1,
      sessions: noSessions,
    });
    const machine = newMachine();
    machine.snapshots.restore(payload);

    expect(machine.totals()).toMatchObject({ messages: 0, sizeBytes: 0, segments: 1 });
    expect(machine.takeChanges()).toEqual([{ kind: 'restored' }]);
    expect(machine.userByName('iggy')?.id).toBe(0);
  });

  test('keep the ids that were given: the next user, group and consensus group are new', () => {
    const metadata = new MetadataHarness();
    metadata.createStream('s');
    metadata.createTopic('s', 't', 2);
    metadata.createGroup('s', 't', 'g');
    metadata.send('delete_consumer_group', { stream_id: 's', topic_id: 't', group_id: 'g' });
    metadata.createUser('alice');
    metadata.send('delete_user', { user_id: 'alice' });
    const payload = metadata.machine.snapshots.encode({
      op: 6,
      timestamp: 1,
      sessions: noSessions,
    });

    metadata.machine.snapshots.restore(payload);

    expect(metadata.createUser('bob')).toMatchObject({ value: { id: 2 } });
    expect(metadata.createGroup('s', 't', 'g')).toMatchObject({ value: { id: 1 } });
    metadata.createTopic('s', 'u', 1);
    expect(metadata.machine.partition(0, 1, 0)?.consensusGroup).toBe(3);
  });
});
