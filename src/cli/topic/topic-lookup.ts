import type { IggyClient } from '../../client/index.js';
import type { TopicDetails } from '../../wire/index.js';
import { streamNotFound, topicNotFound } from '../not-found.js';
import type { TopicTarget } from './topic-target.js';

/** A topic that must be there. @throws CliError E_NOT_FOUND that says whether its stream is */
export async function existingTopic(
  client: IggyClient,
  target: TopicTarget,
  signal: AbortSignal,
): Promise<TopicDetails> {
  const found = await client.topics.get(target.stream_id, target.topic_id, { signal });
  if (found !== null) return found;
  const stream = await client.streams.get(target.stream_id, { signal });
  throw stream === null
    ? streamNotFound(target.stream_id)
    : topicNotFound(target.stream_id, target.topic_id);
}
