import { field } from '../../schema/index.js';
import { identifier } from '../primitives/index.js';
import { topicTarget } from '../topic/topic-target.js';

/** First fields of every request about a consumer group. */
export const groupTarget = () =>
  ({
    ...topicTarget(),
    group_id: field(identifier, 'Consumer group.'),
  }) as const;

/** Who may use consumer groups, as text: reading the topic is enough for everything. */
export const groupPermission =
  'global: read_streams, manage_streams, manage_topics or read_topics; ' +
  'or stream: manage_stream, read_stream, manage_topics or read_topics; ' +
  'or topic: manage_topic or read_topic';
