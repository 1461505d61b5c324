import { field } from '../../schema/index.js';
import { consumer, optionalPartition } from '../primitives/index.js';
import { topicTarget } from '../topic/topic-target.js';

/** First fields of every request about an offset; the consumer comes before the topic. */
export const offsetTarget = () =>
  ({
    consumer: field(consumer, 'Whose offset.'),
    ...topicTarget(),
    partition_id: field(optionalPartition, 'Partition.'),
  }) as const;

/** Who may use offsets, as text: the right to poll. */
export const pollPermission =
  'global: poll_messages, read_topics, manage_topics, read_streams or manage_streams; ' +
  'or stream: poll_messages, manage_stream, read_stream, manage_topics or read_topics; ' +
  'or topic: poll_messages, manage_topic or read_topic';
