import { array, field, type StructValue, struct, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { identifier } from '../primitives/index.js';
import { topicRecord } from './topic-record.js';

const shape = () => ({ stream_id: field(identifier, 'Stream whose topics are listed.') }) as const;
export interface GetTopicsRequest extends StructValue<typeof shape> {}

const responseShape = () =>
  ({
    topics: field(array(u32, topicRecord), 'Topics; the only list with a count.'),
  }) as const;
export interface GetTopicsResponse extends StructValue<typeof responseShape> {}

/** Lists the topics of a stream; none when the stream does not exist. */
export const getTopics = command({
  code: 301,
  name: 'get_topics',
  dispatchName: 'topic.list',
  permission:
    'global: read_streams, manage_streams, manage_topics or read_topics; ' +
    'or stream: manage_stream, read_stream, manage_topics or read_topics',
  request: struct('GetTopics', shape),
  response: struct('Topics', responseShape),
});
