import { isIggyctlError } from '../../base/index.js';
import type { IggyClient } from '../../client/index.js';
import type { TopicDetails } from '../../wire/index.js';
import { groupNotFound, partitionNotFound, streamNotFound, topicNotFound } from '../not-found.js';
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

/** Not found, without or with what: the second kind does not tell the name. */
const notFound = [20, 1009, 1010, 2010, 2011, 3007, 5000, 5003];

/**
 * Such a refusal does not tell what is missing in words that the user gave: looks, and gives the
 * error that does. Any other error stays as it is, and so does this one for users who may not look.
 */
export async function whatIsMissing(
  error: unknown,
  client: IggyClient,
  place: TopicTarget & {
    readonly partition?: number | undefined;
    readonly group?: number | string | undefined;
  },
): Promise<unknown> {
  if (!isIggyctlError(error) || !notFound.includes(Number(error.details['serverCode']))) {
    return error;
  }
  const { stream_id, topic_id, partition, group } = place;
  try {
    const stream = await client.streams.get(stream_id);
    if (stream === null) return streamNotFound(stream_id);
    const topic = await client.topics.get(stream_id, topic_id);
    if (topic === null) return topicNotFound(stream_id, topic_id);
    if (
      group !== undefined &&
      (await client.groups.get({ stream: stream_id, topic: topic_id, group })) === null
    ) {
      return groupNotFound(group, place);
    }
    const isThere = topic.partitions.some(({ id }) => id === partition);
    if (partition === undefined || isThere) return error;
    return partitionNotFound(`${stream_id}/${topic_id}/${partition}`, place);
  } catch {
    return error;
  }
}
