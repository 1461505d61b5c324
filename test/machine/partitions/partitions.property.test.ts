import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrng, type Prng } from '../../../src/base/index.js';
import type { StateMachine } from '../../../src/consensus/index.js';
import type { PartitionView } from '../../../src/server/index.js';
import { newMessages, PartitionHarness, sendBody } from './partition-harness.js';

const runs = { numRuns: Number(process.env['IGGYCTL_RUNS'] ?? 15) };
const seeds = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const settings = { segmentSize: 1_048_576, messagesRequiredToSave: 7 };

type Action = (partition: PartitionHarness, prng: Prng) => unknown;

const actions: readonly Action[] = [
  (p, r) => p.send(1 + r.below(5), r.below(40)),
  (p, r) => p.send(1 + r.below(3), r.chance(0.2) ? 200_000 : 10),
  (p, r) => p.storeOffset(r.below(40), r.below(3)),
  (p, r) => p.storeOffset(r.below(40), r.below(3), 2),
  (p, r) => p.delete(r.below(3)),
  (p, r) => p.poll('next', 0, 1 + r.below(9), { consumer: r.below(3), autoCommit: r.chance(0.5) }),
  (p, r) => p.poll('offset', r.below(30), 1 + r.below(9), { group: r.below(2) }),
  (p, r) => r.chance(0.2) && p.purge(),
  (p) => p.machine.flush(),
  (p) => p.settle(),
];

function run(partition: PartitionHarness, prng: Prng, steps: number): void {
  for (let step = 0; step < steps; step++) prng.pick(actions)(partition, prng);
}

describe('partitions', () => {
  test('05-S92 equal logs give equal messages, offsets, segments and replies', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const prng = createPrng(seed);
        const primary = new PartitionHarness({ settings });
        run(primary, prng.fork('actions'), 60);
        const backup = new PartitionHarness({
          settings: { ...settings, messagesRequiredToSave: 1 + prng.below(20) },
        });
        const replies = primary.log.map((entry) => {
          if (prng.chance(0.1)) backup.machine.flush();
          return backup.commit(entry);
        });

        expect(replies).toEqual(primary.replies);
        expect(backup.all()).toEqual(primary.all());
        expect(backup.machine.digest()).toBe(primary.machine.digest());
        for (const each of [primary, backup]) {
          each.machine.flush();
          each.settle();
        }
        expect(backup.segmentStarts()).toEqual(primary.segmentStarts());
      }),
      runs,
    );
  });

  test('05-S91 a power cut at any moment loses nothing that was applied', () => {
    fc.assert(
      fc.property(seeds, fc.nat(10), (seed, kept) => {
        const prng = createPrng(seed);
        const partition = new PartitionHarness({ settings, manual: true });
        run(partition, prng.fork('actions'), 60);
        const before = { messages: partition.all(), digest: partition.machine.digest() };

        partition.store.crash((unsynced) => Math.floor((unsynced * kept) / 10));
        partition.restart();

        expect(partition.all()).toEqual(before.messages);
        expect(partition.machine.digest()).toBe(before.digest);
        const sent = partition.send(1);
        expect(sent).toEqual({ confirmed: { partition: 0, base: before.messages.length } });
      }),
      runs,
    );
  });

  test('a poll from anywhere gives the messages in order and without a gap', () => {
    fc.assert(
      fc.property(seeds, fc.nat(60), fc.integer({ min: 1, max: 40 }), (seed, from, count) => {
        const partition = new PartitionHarness({ settings, cacheBytes: 2_000 });
        run(partition, createPrng(seed), 50);
        const all = partition.offsets('first', 0, 100_000);

        expect(all).toEqual(all.map((_, i) => i));
        expect(partition.offsets('offset', from, count)).toEqual(all.slice(from, from + count));
      }),
      runs,
    );
  });

  test('never throw, whatever a body holds', () => {
    const operations = fc.constantFrom(128, 160, 161, 162, 255);
    const clients = fc.constantFrom(5n, (1n << 128n) - 1n, (1n << 128n) - 2n);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(operations, clients, fc.uint8Array({ maxLength: 400 }), fc.nat())),
        (bodies) => {
          const partition = new PartitionHarness({ settings });
          partition.send(3);
          const good = sendBody(newMessages(2));
          for (const [operation, client, random, at] of bodies) {
            const flipped = good.slice();
            flipped[at % flipped.length]! ^= 0x55;
            for (const body of [random, flipped]) {
              partition.machine.admissionStatus(operation, body);
              partition.machine.applyLocally(operation, body);
              const op = partition.log.length + 1;
              const common = { operation, userId: 0, client, timestamp: 9, op, body };
              partition.machine.admit(common);
              partition.machine.verifyBody({ ...common, request: 1n }, 1n);
              partition.machine.logged({ ...common, request: 1n });
              partition.machine.unlogged(op);
              partition.machine.apply({ ...common, request: 1n });
            }
          }
          partition.settle();
        },
      ),
      runs,
    );
  });
});

test('a partition is what consensus replicates and what the server reads', () => {
  const { machine } = new PartitionHarness();
  const replicated: StateMachine = machine;
  const view: Omit<PartitionView, 'status' | 'cluster' | 'replica'> = machine;

  expect(replicated).toBe(view);
});
