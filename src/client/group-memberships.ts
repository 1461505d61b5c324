import { type Assignment, GroupStates } from '../session/index.js';
import type { CommandCaller } from './caller.js';
import { type GroupPlace, groupKey, groupTarget } from './group-place.js';
import type { CallOptions } from './options.js';

/** The memberships of one client in consumer groups, and what they allow it to poll. */
export class GroupMemberships {
  readonly states = new GroupStates();
  readonly #caller: CommandCaller;
  readonly #places = new Map<string, GroupPlace>();
  #isSyncing = false;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  async join(place: GroupPlace, options?: CallOptions): Promise<void> {
    await this.#caller.call('join_consumer_group', groupTarget(place), options);
    const key = groupKey(place);
    this.#places.set(key, place);
    this.states.dropAssignment(key);
  }

  async leave(place: GroupPlace, options?: CallOptions): Promise<void> {
    await this.#caller.call('leave_consumer_group', groupTarget(place), options);
    const key = groupKey(place);
    this.#places.delete(key);
    this.states.forget(key);
  }

  async sync(place: GroupPlace, options?: CallOptions): Promise<Assignment | null> {
    const assignment = await this.#caller.call('sync_consumer_group', groupTarget(place), options);
    const key = groupKey(place);
    if (assignment !== null) this.#places.set(key, place);
    this.states.synced(key, assignment);
    return assignment;
  }

  /** Reads all assignments anew; runs after every successful ping. Failures wait for the next one. */
  async syncAll(): Promise<void> {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    try {
      for (const key of this.states.joined) {
        const place = this.#places.get(key);
        if (place !== undefined) await this.sync(place).catch(() => undefined);
      }
    } finally {
      this.#isSyncing = false;
    }
  }
}
