import type { GroupDetails, GroupRecord, Identifier } from '../../wire/index.js';
import type { CommandCaller } from '../caller.js';
import type { GroupMemberships } from '../group-memberships.js';
import { type GroupPlace, groupTarget } from '../group-place.js';
import type { CallOptions } from '../options.js';
import { target } from './topics.js';

/** Commands on consumer groups. Memberships belong to the session, so to this client. */
export class GroupCommands {
  readonly #caller: CommandCaller;
  readonly #memberships: GroupMemberships;

  constructor(caller: CommandCaller, memberships: GroupMemberships) {
    this.#caller = caller;
    this.#memberships = memberships;
  }

  async list(
    stream: Identifier,
    topic: Identifier,
    options?: CallOptions,
  ): Promise<readonly GroupRecord[]> {
    const { groups } = await this.#caller.call(
      'get_consumer_groups',
      target(stream, topic),
      options,
    );
    return groups;
  }

  /** One group and its members; `null` when there is none. */
  get(place: GroupPlace, options?: CallOptions): Promise<GroupDetails | null> {
    return this.#caller.call('get_consumer_group', groupTarget(place), options);
  }

  create(
    stream: Identifier,
    topic: Identifier,
    name: string,
    options?: CallOptions,
  ): Promise<GroupDetails> {
    return this.#caller.call('create_consumer_group', { ...target(stream, topic), name }, options);
  }

  async delete(place: GroupPlace, options?: CallOptions): Promise<void> {
    await this.#caller.call('delete_consumer_group', groupTarget(place), options);
  }

  /** Makes this client a member; joining again changes nothing. */
  join(place: GroupPlace, options?: CallOptions): Promise<void> {
    return this.#memberships.join(place, options);
  }

  leave(place: GroupPlace, options?: CallOptions): Promise<void> {
    return this.#memberships.leave(place, options);
  }

  /** The partitions this client may poll now; `null` when it is not a member. */
  sync(
    place: GroupPlace,
    options?: CallOptions,
  ): Promise<{ readonly generation: bigint; readonly partitions: readonly number[] } | null> {
    return this.#memberships.sync(place, options);
  }
}
