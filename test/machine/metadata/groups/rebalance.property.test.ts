import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConsumerGroup } from '../../../../src/machine/metadata/groups/consumer-group.js';
import {
  completeMove,
  rebalanceFully,
  rebalanceOnJoin,
} from '../../../../src/machine/metadata/groups/rebalance.js';

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('join' as const), busy: fc.array(fc.nat(7)) }),
    fc.record({ kind: fc.constant('leave' as const), member: fc.nat(6) }),
    fc.record({ kind: fc.constant('complete' as const) }),
  ),
  { maxLength: 30 },
);

type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never;

function perform(group: ConsumerGroup, step: Step, client: bigint, partitions: number[]): void {
  const member = step.kind === 'leave' ? group.members.get(step.member) : undefined;
  if (step.kind === 'join') {
    group.addMember(client);
    rebalanceOnJoin(group, { partitions, inFlight: new Set(step.busy), timestamp: 1 });
  } else if (member !== undefined) {
    group.removeMember(member);
    rebalanceFully(group, partitions);
  } else if (step.kind === 'complete') completeAll(group);
}

function completeAll(group: ConsumerGroup): void {
  for (const member of group.members.values()) {
    for (const move of [...member.pending]) completeMove(group, member, move.partition);
  }
}

test('every partition has one owner, and every pending move a source and a target', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), steps, (count, history) => {
      const partitions = Array.from({ length: count }, (_, i) => i);
      const group = new ConsumerGroup(0, 'g', { stream: 0, topic: 0 });
      for (const [i, step] of history.entries()) {
        perform(group, step, BigInt(i + 1), partitions);
        const members = [...group.members.values()];
        const owned = members.flatMap((member) => member.partitions).sort((a, b) => a - b);
        expect(owned).toEqual(members.length === 0 ? [] : partitions);
        for (const { partitions: own, pending } of members) {
          for (const move of pending) {
            expect(own).toContain(move.partition);
            expect(group.members.get(move.targetMember)).toBeDefined();
          }
        }
      }
      completeAll(group);
      expect(group.pendingMoves()).toBe(0);
    }),
  );
});

test('a join moves nothing from members at or below their share', () => {
  const group = new ConsumerGroup(0, 'g', { stream: 0, topic: 0 });
  const partitions = [0, 1, 2, 3, 4];
  for (const client of [1n, 2n]) {
    group.addMember(client);
    rebalanceOnJoin(group, { partitions, inFlight: new Set(), timestamp: 1 });
  }
  expect(group.memberOf(1n)?.partitions).toEqual([0, 1, 2]);
  expect(group.memberOf(2n)?.partitions).toEqual([4, 3]);

  group.addMember(3n);
  rebalanceOnJoin(group, { partitions, inFlight: new Set(), timestamp: 1 });

  expect(group.memberOf(1n)?.partitions).toEqual([0, 1]);
  expect(group.memberOf(2n)?.partitions).toEqual([4, 3]);
  expect(group.memberOf(3n)?.partitions).toEqual([2]);
});
