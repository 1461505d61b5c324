import { Operation } from '../../frames/index.js';
import { field, name, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { topicTarget } from '../topic/topic-target.js';
import { groupDetails } from './group-record.js';
import { groupPermission } from './group-target.js';

const shape = () => ({ ...topicTarget(), name: field(name, 'Name of the new group.') }) as const;
export interface CreateConsumerGroupRequest extends StructValue<typeof shape> {}

/** Creates a consumer group. */
export const createConsumerGroup = command({
  code: 602,
  name: 'create_consumer_group',
  dispatchName: 'consumer_group.create',
  operation: Operation.CreateConsumerGroup,
  permission: groupPermission,
  request: struct('CreateConsumerGroup', shape),
  response: groupDetails,
  framing: 'result',
});
