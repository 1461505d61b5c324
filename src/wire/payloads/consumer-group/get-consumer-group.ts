import { orNothing, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { groupDetails } from './group-record.js';
import { groupPermission, groupTarget } from './group-target.js';

export interface GetConsumerGroupRequest extends StructValue<typeof groupTarget> {}

/** Reads one group and its members; nothing when the group does not exist. */
export const getConsumerGroup = command({
  code: 600,
  name: 'get_consumer_group',
  dispatchName: 'consumer_group.get',
  permission: groupPermission,
  request: struct('GetConsumerGroup', groupTarget),
  response: orNothing(groupDetails),
});
