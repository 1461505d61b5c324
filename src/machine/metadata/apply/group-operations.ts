import {
  commands,
  completeConsumerGroupRevocation,
  replicatedJoinConsumerGroup,
  replicatedLeaveConsumerGroup,
} from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ApplyResult, LogEntry } from '../../log-entry.js';
import { ok, okWith, rejected } from '../../replies.js';
import { decodeBody, decodeRequest } from '../../requests.js';
import { accessRules } from '../access/rules.js';
import { groupTarget, topicTarget } from '../access/target.js';
import type { ConsumerGroup } from '../groups/consumer-group.js';
import { completeMove, rebalanceFully, rebalanceOnJoin } from '../groups/rebalance.js';
import { groupDetailsOf } from '../reads/records.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { Topic } from '../state/topic.js';

export function applyCreateGroup(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.create_consumer_group, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = topicTarget(state, entry, request, accessRules.getTopic);
  if (typeof found === 'number') return rejected(found);
  const { topic } = found;
  if (topic.group(request.name) !== undefined) return rejected(code.groupNameTaken);
  const group = topic.createGroup(request.name);
  return okWith(commands.create_consumer_group.response, groupDetailsOf(topic, group));
}

export function applyDeleteGroup(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.delete_consumer_group, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = groupTarget(state, entry, request, accessRules.getTopic);
  if (typeof found === 'number') return rejected(found);
  const { stream, topic, group } = found;
  state.memberships.removed(group);
  topic.removeGroup(group);
  state.bumpRevision();
  state.changed({ kind: 'group-removed', stream: stream.id, topic: topic.id, group: group.id });
  return ok();
}

export function applyJoinGroup(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeBody(replicatedJoinConsumerGroup, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = groupTarget(state, entry, request, accessRules.getTopic);
  if (typeof found === 'number') return rejected(found);
  const { topic, group } = found;
  const client = request.client_id;
  if (group.memberOf(client) !== undefined) return ok();
  group.addMember(client);
  state.memberships.joined(client, group);
  rebalanceOnJoin(group, {
    partitions: topic.partitionIds,
    inFlight: new Set(request.in_flight),
    timestamp: entry.timestamp,
  });
  state.memberships.assignmentChanged(group);
  return ok();
}

export function applyLeaveGroup(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeBody(replicatedLeaveConsumerGroup, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = groupTarget(state, entry, request, accessRules.getTopic);
  if (typeof found === 'number') return rejected(found);
  const { topic, group } = found;
  return removeMember(state, topic, group, request.client_id)
    ? ok()
    : rejected(code.memberNotFound);
}

/** Finishes a hand-over inside a group; a miss means that it is no longer wanted. */
export function applyCompleteRevocation(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeBody(completeConsumerGroupRevocation, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const topic = state.streams.find(request.stream_id)?.topic(request.topic_id);
  const group = topic?.group(Number(request.group_id));
  if (group === undefined) return ok();
  const source = group.memberOf(request.source_client_id);
  if (completeMove(group, source, request.partition_id) === 'moved') {
    state.memberships.assignmentChanged(group);
    state.bumpRevision();
  }
  return ok();
}

/** Takes a client out of every group it is in; its share is dealt to the others at once. */
export function removeClient(state: MetadataState, client: bigint): void {
  const groups = state.memberships.groupsOf(client);
  for (const group of groups) {
    const topic = state.streams.find(group.streamId)?.topic(group.topicId);
    if (topic !== undefined) removeMember(state, topic, group, client);
  }
  if (groups.length > 0) state.bumpRevision();
}

function removeMember(
  state: MetadataState,
  topic: Topic,
  group: ConsumerGroup,
  client: bigint,
): boolean {
  const member = group.memberOf(client);
  if (member === undefined) return false;
  group.removeMember(member);
  state.memberships.left(client, group);
  rebalanceFully(group, topic.partitionIds);
  state.memberships.assignmentChanged(group);
  return true;
}
