import { array, field, orNothing, type StructValue, struct, u32, u64 } from '../../schema/index.js';
import { command } from '../command.js';
import { groupTarget } from './group-target.js';

export interface SyncConsumerGroupRequest extends StructValue<typeof groupTarget> {}

const responseShape = () =>
  ({
    generation: field(u64, 'Grows with every rebalance.'),
    partitions: field(array(u32, u32), 'Partitions the caller may poll now.'),
  }) as const;

/** What a member may poll. */
export interface GroupAssignment extends StructValue<typeof responseShape> {}

/** Reads the caller's assignment; nothing for whoever is not a member. */
export const syncConsumerGroup = command({
  code: 606,
  name: 'sync_consumer_group',
  dispatchName: 'consumer_group.sync',
  permission: 'any logged-in user (own assignment)',
  request: struct('SyncConsumerGroup', groupTarget),
  response: orNothing(struct('GroupAssignment', responseShape)),
});
