import { Operation } from '../../frames/index.js';
import { type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { groupPermission, groupTarget } from './group-target.js';

export interface DeleteConsumerGroupRequest extends StructValue<typeof groupTarget> {}

/** Deletes a consumer group. */
export const deleteConsumerGroup = command({
  code: 603,
  name: 'delete_consumer_group',
  dispatchName: 'consumer_group.delete',
  operation: Operation.DeleteConsumerGroup,
  permission: groupPermission,
  request: struct('DeleteConsumerGroup', groupTarget),
  response: empty,
  framing: 'result',
});
