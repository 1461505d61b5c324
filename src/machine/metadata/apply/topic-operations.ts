import { commands } from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ApplyResult, LogEntry } from '../../log-entry.js';
import { ok, okWith, rejected } from '../../replies.js';
import { decodeRequest } from '../../requests.js';
import { accessRules } from '../access/rules.js';
import { streamTarget, topicTarget } from '../access/target.js';
import { assignedTopicIn } from '../admission/assigned-topic.js';
import { effectiveOptions, limitChanges } from '../options/resolve-topic-options.js';
import { newTopicDetailsOf } from '../reads/records.js';
import type { MetadataState } from '../state/metadata-state.js';
import { idCeilings } from '../state/stream-table.js';
import type { TopicFields } from '../state/topic.js';
import { addPartitions, assignmentProblem } from './partition-assignment.js';
import { purgeTopicPartitions, removeTopicContents } from './topic-contents.js';

export function applyCreateTopic(state: MetadataState, entry: LogEntry): ApplyResult {
  const body = assignedTopicIn(entry.body);
  if (body === undefined) return rejected(code.invalidCommand);
  const { request } = body;
  const stream = streamTarget(state, entry, request, accessRules.createTopic);
  if (typeof stream === 'number') return rejected(stream);
  if (stream.topic(request.name) !== undefined) return rejected(code.topicNameTaken);
  if (stream.topics.nextId >= idCeilings.topics) return rejected(code.tooManyTopics);
  const problem = assignmentProblem(body.partitions, 0);
  if (problem !== code.ok) return rejected(problem);
  const effective = effectiveOptions(request.options, body.derived_options);
  if (effective === undefined) return rejected(code.invalidOptionValue);

  const { options, settings, compression } = effective;
  const limits: TopicFields['limits'] = {
    compression,
    messageExpiry: settings.messageExpiry,
    maxTopicSize: settings.maxTopicSize,
  };
  const createdAt = entry.timestamp;
  const topic = stream.createTopic({
    name: request.name,
    createdAt,
    limits,
    options,
    storage: settings,
  });
  addPartitions(state, topic, { assignments: body.partitions, firstId: 0, createdAt });
  return okWith(commands.create_topic.response, newTopicDetailsOf(topic));
}

export function applyUpdateTopic(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.update_topic, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = topicTarget(state, entry, request, accessRules.manageTopic);
  if (typeof found === 'number') return rejected(found);
  const { stream, topic } = found;
  const holder = stream.topic(request.name);
  if (holder !== undefined && holder !== topic) return rejected(code.topicNameTaken);
  stream.renameTopic(topic, request.name);
  // The values are stored as they were sent, a "server default" too, which changes no setting.
  topic.options = topic.options.merge(request.options);
  topic.limits = { ...topic.limits, ...limitChanges(request.options) };
  if (request.options.length > 0) {
    state.changed({ kind: 'settings', stream: stream.id, topic: topic.id });
  }
  return ok();
}

export function applyDeleteTopic(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.delete_topic, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = topicTarget(state, entry, request, accessRules.manageTopic);
  if (typeof found === 'number') return rejected(found);
  removeTopicContents(state, found.topic);
  found.stream.removeTopic(found.topic);
  state.bumpRevision();
  return ok();
}

export function applyPurgeTopic(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.purge_topic, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = topicTarget(state, entry, request, accessRules.manageTopic);
  if (typeof found === 'number') return rejected(found);
  if (purgeTopicPartitions(state, found.topic) > 0) state.bumpRevision();
  return ok();
}
