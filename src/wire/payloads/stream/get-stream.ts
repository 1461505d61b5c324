import { counted, field, orNothing, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { identifier } from '../primitives/index.js';
import { type TopicRecord, topicRecord } from '../topic/topic-record.js';
import { type StreamRecord, streamRecordShape } from './stream-record.js';

const shape = () => ({ stream_id: field(identifier, 'Stream to read.') }) as const;
export interface GetStreamRequest extends StructValue<typeof shape> {}

/** A stream and its topics. */
export interface StreamDetails extends StreamRecord {
  readonly topics: readonly TopicRecord[];
}

/** Reads one stream; nothing when it does not exist. */
export const getStream = command({
  code: 200,
  name: 'get_stream',
  dispatchName: 'stream.get',
  permission: 'global: manage_streams or read_streams; or stream: manage_stream or read_stream',
  request: struct('GetStream', shape),
  response: orNothing(
    counted('StreamDetails', streamRecordShape, {
      count: 'topics_count',
      name: 'topics',
      item: topicRecord,
      doc: 'Topics of the stream, without their partitions.',
    }),
  ),
});
