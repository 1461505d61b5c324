import { orNothing, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { topicDetails } from './topic-record.js';
import { topicTarget } from './topic-target.js';

export interface GetTopicRequest extends StructValue<typeof topicTarget> {}

/** Reads one topic; nothing when it or its stream does not exist. */
export const getTopic = command({
  code: 300,
  name: 'get_topic',
  dispatchName: 'topic.get',
  permission:
    'global: read_streams, manage_streams, manage_topics or read_topics; ' +
    'or stream: manage_stream, read_stream, manage_topics or read_topics; ' +
    'or topic: manage_topic or read_topic',
  request: struct('GetTopic', topicTarget),
  response: orNothing(topicDetails),
});
