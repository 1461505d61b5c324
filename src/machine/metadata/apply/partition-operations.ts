import {
  commands,
  createPartitionsWithAssignments,
  truncatePartition,
} from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ApplyResult, LogEntry } from '../../log-entry.js';
import { ok, rejected } from '../../replies.js';
import { decodeBody, decodeRequest } from '../../requests.js';
import { accessRules } from '../access/rules.js';
import { topicTarget } from '../access/target.js';
import type { MetadataState } from '../state/metadata-state.js';
import { addPartitions, assignmentProblem } from './partition-assignment.js';
import { addressOf, rebalanceAllGroups } from './topic-contents.js';

export function applyCreatePartitions(state: MetadataState, entry: LogEntry): ApplyResult {
  const body = decodeBody(createPartitionsWithAssignments, entry.body);
  if (body === undefined) return rejected(code.invalidCommand);
  const found = topicTarget(state, entry, body.request, accessRules.manageTopic);
  if (typeof found === 'number') return rejected(found);
  const { stream, topic } = found;
  const firstId = topic.nextPartitionId;
  const problem = assignmentProblem(body.partitions, firstId);
  if (problem !== code.ok) return rejected(problem);
  const { partitions: assignments } = body;
  addPartitions(state, topic, { assignments, firstId, createdAt: entry.timestamp });
  rebalanceAllGroups(state, topic);
  state.changed({ kind: 'settings', stream: stream.id, topic: topic.id });
  return ok();
}

export function applyDeletePartitions(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.delete_partitions, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = topicTarget(state, entry, request, accessRules.manageTopic);
  if (typeof found === 'number') return rejected(found);
  const { stream, topic } = found;
  const count = request.partitions_count;
  if (count > topic.partitions.length) return rejected(code.invalidPartitionsCount);
  for (let i = 0; i < count; i++) {
    const partition = topic.removeLastPartition();
    if (partition === undefined) break;
    state.changed({ kind: 'removed', partition: addressOf(topic, partition) });
  }
  rebalanceAllGroups(state, topic);
  if (count > 0) state.bumpRevision();
  state.changed({ kind: 'settings', stream: stream.id, topic: topic.id });
  return ok();
}

/** Raises the offset up to which sealed segments shall go; the files follow later. */
export function applyTruncatePartition(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeBody(truncatePartition, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const found = topicTarget(state, entry, request, accessRules.manageTopic);
  if (typeof found === 'number') return rejected(found);
  const partition = found.topic.partition(request.partition_id);
  if (partition === undefined) return rejected(code.partitionNotFound);
  const upToOffset = Math.min(Number(request.up_to_offset), Number.MAX_SAFE_INTEGER);
  if (upToOffset > partition.deletedUpToOffset) partition.deletedUpToOffset = upToOffset;
  state.bumpRevision();
  state.changed({
    kind: 'truncated',
    partition: addressOf(found.topic, partition),
    upToOffset: partition.deletedUpToOffset,
  });
  return ok();
}
