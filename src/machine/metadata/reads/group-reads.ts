import { commands } from '../../../wire/index.js';
import { code } from '../../codes.js';
import { decodeRequest } from '../../requests.js';
import { accessRules, isAllowed } from '../access/rules.js';
import type { TopicRef } from '../access/target.js';
import type { ReadReply } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { Topic } from '../state/topic.js';
import type { ReadQuery } from './read-query.js';
import { found, nothing, refused } from './read-reply.js';
import { groupDetailsOf, groupRecordOf } from './records.js';

export function readGroup(state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.get_consumer_group, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const topic = readableTopic(state, query, request);
  if (typeof topic === 'number') return refused(topic);
  const group = topic.group(request.group_id);
  if (group === undefined) return nothing();
  return found(commands.get_consumer_group.response, groupDetailsOf(topic, group));
}

export function readGroups(state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.get_consumer_groups, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const topic = readableTopic(state, query, request);
  if (typeof topic === 'number') return refused(topic);
  const groups = Array.from(topic.groups.values(), (group) => groupRecordOf(topic, group));
  return found(commands.get_consumer_groups.response, { groups });
}

/** A member's pollable partitions; nothing for whoever is not a member. */
export function readAssignment(state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.sync_consumer_group, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const topic = state.streams.find(request.stream_id)?.topic(request.topic_id);
  const group = topic?.group(request.group_id);
  const member = group?.memberOf(query.client);
  if (group === undefined || member === undefined) return nothing();
  return found(commands.sync_consumer_group.response, {
    generation: BigInt(group.generation),
    partitions: member.pollable(),
  });
}

/** In contrast to other reads a missing stream or topic is an error here. */
function readableTopic(state: MetadataState, query: ReadQuery, ref: TopicRef): Topic | number {
  const stream = state.streams.find(ref.stream_id);
  if (stream === undefined) return code.streamNotFound;
  const topic = stream.topic(ref.topic_id);
  if (topic === undefined) return code.topicNotFound;
  const grants = state.users.get(query.userId)?.grants;
  const scope = { stream: stream.id, topic: topic.id };
  return isAllowed(grants, accessRules.getTopic, scope) ? topic : code.unauthorized;
}
