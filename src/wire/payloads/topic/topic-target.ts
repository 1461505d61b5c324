import { field } from '../../schema/index.js';
import { identifier } from '../primitives/index.js';

/** First fields of every request about a topic. */
export const topicTarget = () =>
  ({
    stream_id: field(identifier, 'Stream of the topic.'),
    topic_id: field(identifier, 'Topic.'),
  }) as const;
