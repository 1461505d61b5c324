import { Operation } from '../../frames/index.js';
import { field, name, type StructValue, struct, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { identifier, options } from '../primitives/index.js';
import { topicDetails } from './topic-record.js';

const shape = () =>
  ({
    stream_id: field(identifier, 'Stream of the new topic.'),
    partitions_count: field(u32, 'Partitions to create, 0..1000.'),
    name: field(name, 'Name of the new topic; the server chooses the id.'),
    options: field(options, 'Settings that differ from the defaults.'),
  }) as const;
export interface CreateTopicRequest extends StructValue<typeof shape> {}

/** Creates a topic; replicated as CreateTopicWithAssignments. */
export const createTopic = command({
  code: 302,
  name: 'create_topic',
  dispatchName: 'topic.create',
  operation: Operation.CreateTopic,
  permission: 'global: manage_streams or manage_topics; or stream: manage_stream or manage_topics',
  request: struct('CreateTopic', shape),
  response: topicDetails,
  framing: 'result',
  trailing: 'rejected',
});
