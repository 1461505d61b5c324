import type { ConsumerGroup, GroupMember } from './consumer-group.js';

/**
 * Deals all partitions anew, round robin by ascending member id. Forgets who owned what; work in
 * flight is delivered again to the new owner. Counts as a new generation even without members.
 */
export function rebalanceFully(group: ConsumerGroup, partitions: readonly number[]): void {
  group.generation += 1;
  const members = [...group.members.values()];
  for (const member of members) {
    member.partitions = [];
    member.pending = [];
  }
  dealRoundRobin(members, partitions, (member, partition) => member.partitions.push(partition));
}

/** What a join has to know beyond the state of the group. */
export interface JoinInput {
  /** Partition ids of the topic, in topic order. */
  readonly partitions: readonly number[];
  /** Partitions that were served to their owner beyond what the group has stored. */
  readonly inFlight: ReadonlySet<number>;
  /** Replicated time of the join, microseconds. */
  readonly timestamp: number;
}

/**
 * Gives new members their share and moves as little as possible: members at or below their share
 * keep what they hold. What is in flight stays with its owner as a pending move until it is
 * committed, everything else moves at once.
 */
export function rebalanceOnJoin(group: ConsumerGroup, input: JoinInput): void {
  group.generation += 1;
  if (input.partitions.length === 0) return;
  const members = [...group.members.values()];
  dealUnassigned(members, input.partitions);

  const idle = idleMembers(members);
  if (idle.length === 0) return;
  const excess = excessPartitions(members, input.partitions.length);
  dealRoundRobin(idle, excess, (target, { source, partition }) => {
    if (input.inFlight.has(partition)) {
      const createdAt = input.timestamp;
      source.pending.push({ partition, targetMember: target.id, createdAt });
    } else {
      movePartition(source, target, partition);
    }
  });
}

/** What became of a pending move whose source has caught up. */
export type Completion = 'stale' | 'moved';

/**
 * Ends a pending move: the partition changes its owner. When the member it was meant for is gone,
 * everything that is assigned is dealt anew.
 */
export function completeMove(
  group: ConsumerGroup,
  source: GroupMember | undefined,
  partition: number,
): Completion {
  const at = source?.pending.findIndex((move) => move.partition === partition) ?? -1;
  const move = source?.pending[at];
  if (source === undefined || move === undefined) return 'stale';
  source.pending.splice(at, 1);
  const target = group.members.get(move.targetMember);
  if (target === undefined) {
    rebalanceFully(group, assignedPartitions(group, partition));
    return 'moved';
  }
  movePartition(source, target, partition);
  group.generation += 1;
  return 'moved';
}

function dealUnassigned(members: readonly GroupMember[], partitions: readonly number[]): void {
  const assigned = new Set(members.flatMap((member) => member.partitions));
  const unassigned = partitions.filter((partition) => !assigned.has(partition));
  const empty = members.filter((member) => member.partitions.length === 0);
  dealRoundRobin(empty, unassigned, (member, partition) => member.partitions.push(partition));
}

/** Members that own nothing and wait for nothing. */
function idleMembers(members: readonly GroupMember[]): readonly GroupMember[] {
  const targets = new Set(
    members.flatMap((member) => member.pending.map((move) => move.targetMember)),
  );
  return members.filter((member) => member.partitions.length === 0 && !targets.has(member.id));
}

interface Excess {
  readonly source: GroupMember;
  readonly partition: number;
}

/** What members hold above their fair share, from the end of each member's list. */
function excessPartitions(members: readonly GroupMember[], partitions: number): readonly Excess[] {
  const fair = Math.floor(partitions / members.length);
  let larger = partitions % members.length;
  const excess: Excess[] = [];
  for (const source of members) {
    const effective = source.pollable();
    const allowed = larger > 0 ? fair + 1 : fair;
    // One of the larger shares is used up by whoever holds more than the smaller one.
    if (larger > 0 && effective.length > fair) larger -= 1;
    for (let i = effective.length - 1; i >= allowed; i--) {
      const partition = effective[i];
      if (partition !== undefined) excess.push({ source, partition });
    }
  }
  return excess;
}

function movePartition(source: GroupMember, target: GroupMember, partition: number): void {
  source.partitions = source.partitions.filter((each) => each !== partition);
  target.partitions.push(partition);
}

function assignedPartitions(group: ConsumerGroup, extra: number): readonly number[] {
  const assigned = new Set([extra]);
  for (const member of group.members.values()) {
    for (const partition of member.partitions) assigned.add(partition);
  }
  return [...assigned].sort((a, b) => a - b);
}

function dealRoundRobin<M, T>(
  members: readonly M[],
  items: readonly T[],
  give: (member: M, item: T) => void,
): void {
  if (members.length === 0) return;
  let turn = 0;
  for (const item of items) {
    const member = members[turn % members.length];
    if (member !== undefined) give(member, item);
    turn += 1;
  }
}
