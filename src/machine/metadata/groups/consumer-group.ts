import { IdSlab } from '../state/id-slab.js';

/** A partition that its owner may still commit but no longer poll: it moves to another member. */
export interface PendingMove {
  readonly partition: number;
  readonly targetMember: number;
  /** Replicated time of the join that caused it, microseconds. */
  readonly createdAt: number;
}

/** One client in a consumer group. */
export class GroupMember {
  readonly id: number;
  readonly clientId: bigint;
  /** Owned partitions in assignment order, those about to move included. */
  partitions: number[] = [];
  pending: PendingMove[] = [];

  constructor(id: number, clientId: bigint) {
    this.id = id;
    this.clientId = clientId;
  }

  owns(partition: number): boolean {
    return this.partitions.includes(partition);
  }

  isMoving(partition: number): boolean {
    return this.pending.some((move) => move.partition === partition);
  }

  /** What the member may poll, in assignment order. */
  pollable(): readonly number[] {
    if (this.pending.length === 0) return this.partitions;
    return this.partitions.filter((partition) => !this.isMoving(partition));
  }
}

/** A consumer group of a topic. Ids of groups are never given twice, those of members are. */
export class ConsumerGroup {
  readonly id: number;
  readonly name: string;
  readonly streamId: number;
  readonly topicId: number;
  /** Grows with every change of the assignment. */
  generation = 0;
  readonly members = new IdSlab<GroupMember>();
  readonly #byClient = new Map<bigint, GroupMember>();

  constructor(id: number, name: string, place: { stream: number; topic: number }) {
    this.id = id;
    this.name = name;
    this.streamId = place.stream;
    this.topicId = place.topic;
  }

  memberOf(client: bigint): GroupMember | undefined {
    return this.#byClient.get(client);
  }

  clients(): Iterable<bigint> {
    return this.#byClient.keys();
  }

  addMember(client: bigint): GroupMember {
    const member = this.members.add((id) => new GroupMember(id, client));
    this.#byClient.set(client, member);
    return member;
  }

  restoreMember(member: GroupMember): void {
    this.members.restore(member.id, member);
    this.#byClient.set(member.clientId, member);
  }

  removeMember(member: GroupMember): void {
    this.members.remove(member.id);
    this.#byClient.delete(member.clientId);
  }

  /** Number of partitions on their way to another member. */
  pendingMoves(): number {
    let count = 0;
    for (const member of this.members.values()) count += member.pending.length;
    return count;
  }
}
