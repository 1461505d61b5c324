import { Args } from '@oclif/core';
import type { IggyClient } from '../../client/index.js';
import type { GroupDetails } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { groupNotFound } from '../not-found.js';
import { existingTopic } from '../topic/topic-lookup.js';
import { refuseMore, type TopicTarget, takeTopic, topicArgs } from '../topic/topic-target.js';
import { type Identifier, parseIdentifier } from '../values.js';

/** A consumer group by its place. */
export interface GroupTarget extends TopicTarget {
  readonly group_id: Identifier;
}

/** Positionals that name a group. */
export const groupArgs = {
  ...topicArgs,
  group: Args.string({ description: 'Consumer group, by name or id.' }),
};

/** Takes a group, written `S T G` or `S/T G`. @throws CliError E_USAGE */
export function takeGroup(words: readonly string[]): {
  readonly target: GroupTarget;
  readonly topic: TopicTarget;
  readonly label: string;
} {
  const { target, label, rest } = takeTopic(words);
  const [group, ...more] = rest;
  if (group === undefined) {
    throw usageError('a consumer group is needed', 'write STREAM TOPIC GROUP');
  }
  refuseMore(more);
  const group_id = parseIdentifier(group, 'GROUP');
  return { target: { ...target, group_id }, topic: target, label: `${group} of ${label}` };
}

/** A group that must be there. @throws CliError E_NOT_FOUND that says what is missing */
export async function existingGroup(
  client: IggyClient,
  { group_id, ...topic }: GroupTarget,
  signal: AbortSignal,
): Promise<GroupDetails> {
  const place = { stream: topic.stream_id, topic: topic.topic_id, group: group_id };
  const found = await client.groups.get(place, { signal });
  if (found !== null) return found;
  await existingTopic(client, topic, signal);
  throw groupNotFound(group_id, topic);
}
