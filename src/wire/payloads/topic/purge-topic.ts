import { Operation } from '../../frames/index.js';
import { type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { changeTopicPermission } from './change-topic-permission.js';
import { topicTarget } from './topic-target.js';

export interface PurgeTopicRequest extends StructValue<typeof topicTarget> {}

/** Empties every partition of a topic; offsets start at 0 again. */
export const purgeTopic = command({
  code: 305,
  name: 'purge_topic',
  dispatchName: 'topic.purge',
  operation: Operation.PurgeTopic,
  permission: changeTopicPermission,
  request: struct('PurgeTopic', topicTarget),
  response: empty,
  framing: 'result',
});
