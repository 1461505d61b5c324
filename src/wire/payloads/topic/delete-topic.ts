import { Operation } from '../../frames/index.js';
import { type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { changeTopicPermission } from './change-topic-permission.js';
import { topicTarget } from './topic-target.js';

export interface DeleteTopicRequest extends StructValue<typeof topicTarget> {}

/** Deletes a topic. The official Node.js client appends four bytes, which servers ignore. */
export const deleteTopic = command({
  code: 303,
  name: 'delete_topic',
  dispatchName: 'topic.delete',
  operation: Operation.DeleteTopic,
  permission: changeTopicPermission,
  request: struct('DeleteTopic', topicTarget),
  response: empty,
  framing: 'result',
});
