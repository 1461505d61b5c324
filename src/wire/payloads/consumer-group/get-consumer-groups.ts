import { field, restOf, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { topicTarget } from '../topic/topic-target.js';
import { groupRecord } from './group-record.js';
import { groupPermission } from './group-target.js';

export interface GetConsumerGroupsRequest extends StructValue<typeof topicTarget> {}

const responseShape = () => ({ groups: field(restOf(groupRecord), 'Groups, no count.') }) as const;
export interface GetConsumerGroupsResponse extends StructValue<typeof responseShape> {}

/** Lists the groups of a topic. */
export const getConsumerGroups = command({
  code: 601,
  name: 'get_consumer_groups',
  dispatchName: 'consumer_group.list',
  permission: groupPermission,
  request: struct('GetConsumerGroups', topicTarget),
  response: struct('ConsumerGroups', responseShape),
});
