import { commands } from '../../../wire/index.js';
import { code } from '../../codes.js';
import { decodeRequest } from '../../requests.js';
import { accessRules, isAllowed } from '../access/rules.js';
import type { ReadReply } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { ReadQuery } from './read-query.js';
import { found, nothing, refused } from './read-reply.js';
import { streamRecordOf, topicDetailsOf, topicRecordOf } from './records.js';

// Existence comes before permission: what is missing reads as nothing, for everybody.

export function readStream(state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.get_stream, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const stream = state.streams.find(request.stream_id);
  if (stream === undefined) return nothing();
  const grants = state.users.get(query.userId)?.grants;
  if (!isAllowed(grants, accessRules.getStream, { stream: stream.id })) {
    return refused(code.unauthorized);
  }
  return found(commands.get_stream.response, {
    topics: [...stream.topics.values()].map(topicRecordOf),
    ...streamRecordOf(stream),
  });
}

export function readStreams(state: MetadataState, query: ReadQuery): ReadReply {
  if (!isAllowed(state.users.get(query.userId)?.grants, accessRules.listStreams)) {
    return refused(code.unauthorized);
  }
  const streams = [...state.streams.values()].map(streamRecordOf);
  return found(commands.get_streams.response, { streams });
}

export function readTopic(state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.get_topic, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const stream = state.streams.find(request.stream_id);
  const topic = stream?.topic(request.topic_id);
  if (topic === undefined) return nothing();
  const grants = state.users.get(query.userId)?.grants;
  const scope = { stream: topic.streamId, topic: topic.id };
  if (!isAllowed(grants, accessRules.getTopic, scope)) return refused(code.unauthorized);
  return found(commands.get_topic.response, topicDetailsOf(topic));
}

/** The one list with a count; a missing stream is an empty list. */
export function readTopics(state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.get_topics, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const stream = state.streams.find(request.stream_id);
  if (stream === undefined) return found(commands.get_topics.response, { topics: [] });
  const grants = state.users.get(query.userId)?.grants;
  if (!isAllowed(grants, accessRules.listTopics, { stream: stream.id })) {
    return refused(code.unauthorized);
  }
  const topics = [...stream.topics.values()].map(topicRecordOf);
  return found(commands.get_topics.response, { topics });
}
