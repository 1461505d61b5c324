/** What a member of a consumer group may poll. */
export interface Assignment {
  /** Grows with every rebalance. */
  readonly generation: bigint;
  readonly partitions: readonly number[];
}

interface CachedAssignment extends Assignment {
  cursor: number;
}

/**
 * What a client knows about its memberships. Servers never choose the partition of a group poll, so
 * the client goes round its assignment itself. Groups are told apart by a text of the caller's.
 *
 * @source Iggy client session layer: consumer-group state on the client side
 */
export class GroupStates {
  readonly #assignments = new Map<string, CachedAssignment>();
  readonly #joined = new Set<string>();

  /** Groups in which the last sync confirmed a membership. */
  get joined(): readonly string[] {
    return [...this.#joined];
  }

  isJoined(group: string): boolean {
    return this.#joined.has(group);
  }

  /** The assignment in the cache. */
  assignment(group: string): Assignment | undefined {
    return this.#assignments.get(group);
  }

  /** The answer to a sync; `null` = not a member. Only a new generation moves the cursor. */
  synced(group: string, assignment: Assignment | null): void {
    if (assignment === null) {
      this.forget(group);
      return;
    }
    this.#joined.add(group);
    const cached = this.#assignments.get(group);
    const cursor = cached?.generation === assignment.generation ? cached.cursor : 0;
    this.#assignments.set(group, { ...assignment, cursor });
  }

  /** The next partition to poll, in turn; nothing without an assignment. */
  next(group: string): number | undefined {
    const cached = this.#assignments.get(group);
    if (cached === undefined || cached.partitions.length === 0) return undefined;
    const partition = cached.partitions[cached.cursor % cached.partitions.length];
    cached.cursor = (cached.cursor + 1) % cached.partitions.length;
    return partition;
  }

  /** The assignment may have changed; the membership stands. */
  dropAssignment(group: string): void {
    this.#assignments.delete(group);
  }

  /** The membership has ended. */
  forget(group: string): void {
    this.#assignments.delete(group);
    this.#joined.delete(group);
  }

  /** The connection was lost: nothing is confirmed any more. */
  clear(): void {
    this.#assignments.clear();
    this.#joined.clear();
  }
}

/** What to do next for a poll of a group. */
export type GroupPollStep =
  | { readonly kind: 'sync' }
  | { readonly kind: 'poll'; readonly partition: number }
  /** ConsumerGroupMemberNotFound, 5006. */
  | { readonly kind: 'not-a-member' }
  /** A member may own nothing, and two fences in a row are a rebalance: no error. */
  | { readonly kind: 'nothing' };

const attemptsMax = 2;

/** One poll of a group, over a sync and a second attempt where they are needed. */
export class GroupPoll {
  readonly #states: GroupStates;
  readonly #group: string;
  #attempts = 0;
  #needsSync: boolean;

  constructor(states: GroupStates, group: string) {
    this.#states = states;
    this.#group = group;
    this.#needsSync = (states.assignment(group)?.partitions.length ?? 0) === 0;
  }

  next(): GroupPollStep {
    if (this.#needsSync) {
      this.#needsSync = false;
      return { kind: 'sync' };
    }
    if (this.#attempts >= attemptsMax) return { kind: 'nothing' };
    this.#attempts += 1;
    const partition = this.#states.next(this.#group);
    if (partition !== undefined) return { kind: 'poll', partition };
    return this.#states.isJoined(this.#group) ? { kind: 'nothing' } : { kind: 'not-a-member' };
  }

  /** The polled partition belongs to somebody else now. */
  fenced(): void {
    this.#states.dropAssignment(this.#group);
    this.#needsSync = true;
  }
}
