import type { ConsumerGroup } from './consumer-group.js';

/** Finds groups by what would otherwise need a walk over all topics. */
export class GroupIndex {
  readonly #byClient = new Map<bigint, Set<ConsumerGroup>>();
  readonly #withPending = new Set<ConsumerGroup>();

  /** The groups a client is a member of, in the order it joined them. */
  groupsOf(client: bigint): readonly ConsumerGroup[] {
    return [...(this.#byClient.get(client) ?? [])];
  }

  isMember(client: bigint): boolean {
    return this.#byClient.has(client);
  }

  /** Groups in which a partition waits to change its owner. */
  pendingGroups(): Iterable<ConsumerGroup> {
    return this.#withPending;
  }

  joined(client: bigint, group: ConsumerGroup): void {
    const groups = this.#byClient.get(client);
    if (groups === undefined) this.#byClient.set(client, new Set([group]));
    else groups.add(group);
  }

  left(client: bigint, group: ConsumerGroup): void {
    const groups = this.#byClient.get(client);
    if (groups?.delete(group) === true && groups.size === 0) this.#byClient.delete(client);
  }

  /** To be called after every change of an assignment. */
  assignmentChanged(group: ConsumerGroup): void {
    if (group.pendingMoves() > 0) this.#withPending.add(group);
    else this.#withPending.delete(group);
  }

  /** Adds a group of a snapshot. */
  restored(group: ConsumerGroup): void {
    for (const client of group.clients()) this.joined(client, group);
    this.assignmentChanged(group);
  }

  /** The group is gone, and with it all memberships. */
  removed(group: ConsumerGroup): void {
    for (const client of group.clients()) this.left(client, group);
    this.#withPending.delete(group);
  }
}
