import { Operation } from '../../frames/index.js';
import { type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { groupPermission, groupTarget } from './group-target.js';

export interface JoinConsumerGroupRequest extends StructValue<typeof groupTarget> {}

/** Makes the session a member; joining again changes nothing. */
export const joinConsumerGroup = command({
  code: 604,
  name: 'join_consumer_group',
  dispatchName: 'consumer_group.join',
  operation: Operation.JoinConsumerGroup,
  permission: groupPermission,
  request: struct('JoinConsumerGroup', groupTarget),
  response: empty,
  framing: 'result',
});
