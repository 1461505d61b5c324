import { Operation } from '../../frames/index.js';
import { field, name, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { options } from '../primitives/index.js';
import { changeTopicPermission } from './change-topic-permission.js';
import { topicTarget } from './topic-target.js';

const shape = () =>
  ({
    ...topicTarget(),
    name: field(name, 'New name; send the current one to keep it.'),
    options: field(options, 'compression_algorithm, message_expiry and max_topic_size only.'),
  }) as const;
export interface UpdateTopicRequest extends StructValue<typeof shape> {}

/** Renames a topic and changes the options that are sent. */
export const updateTopic = command({
  code: 304,
  name: 'update_topic',
  dispatchName: 'topic.update',
  operation: Operation.UpdateTopic,
  permission: changeTopicPermission,
  request: struct('UpdateTopic', shape),
  response: empty,
  framing: 'result',
  trailing: 'rejected',
});
