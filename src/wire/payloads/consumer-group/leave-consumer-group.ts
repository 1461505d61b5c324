import { Operation } from '../../frames/index.js';
import { type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { groupPermission, groupTarget } from './group-target.js';

export interface LeaveConsumerGroupRequest extends StructValue<typeof groupTarget> {}

/** Ends the session's membership. */
export const leaveConsumerGroup = command({
  code: 605,
  name: 'leave_consumer_group',
  dispatchName: 'consumer_group.leave',
  operation: Operation.LeaveConsumerGroup,
  permission: groupPermission,
  request: struct('LeaveConsumerGroup', groupTarget),
  response: empty,
  framing: 'result',
});
