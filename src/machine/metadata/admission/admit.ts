import { emptyBytes } from '../../../base/index.js';
import {
  type Codec,
  commands,
  completeConsumerGroupRevocation,
  createPartitionsWithAssignments,
  createTopicWithAssignments,
  encode,
  Operation,
  type PartitionAssignment,
  replicatedCreateAccessToken,
  replicatedDeleteAccessToken,
  replicatedJoinConsumerGroup,
  replicatedLeaveConsumerGroup,
  truncatePartition,
} from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { AdmissionInput, AdmissionResult } from '../../log-entry.js';
import { decodeBody, decodeRequest } from '../../requests.js';
import { resolveTopicOptions } from '../options/resolve-topic-options.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { GroupIdAllocator } from './group-id-allocator.js';
import { checkClientRequest, partitionsPerRequest } from './static-checks.js';

/** Eviction reason for operations that clients must not send. */
const invalidRequestOperation = 4;

/** Bodies that reach the primary in another form than clients send them. */
const replicatedForms: ReadonlyMap<number, Codec<unknown>> = new Map<number, Codec<unknown>>([
  [Operation.CreatePersonalAccessToken, replicatedCreateAccessToken],
  [Operation.DeletePersonalAccessToken, replicatedDeleteAccessToken],
  [Operation.JoinConsumerGroup, replicatedJoinConsumerGroup],
  [Operation.LeaveConsumerGroup, replicatedLeaveConsumerGroup],
  [Operation.CompleteConsumerGroupRevocation, completeConsumerGroupRevocation],
  [Operation.TruncatePartition, truncatePartition],
]);

/**
 * The primary's last look at a request and the decisions only it may take: replicas apply what is
 * decided here, whatever their own settings are.
 */
export function admitMetadata(
  state: MetadataState,
  groupIds: GroupIdAllocator,
  request: AdmissionInput,
): AdmissionResult {
  const { body } = request;
  const form = replicatedForms.get(request.operation);
  if (form !== undefined) {
    return decodeBody(form, body) === undefined ? deny(code.invalidCommand) : accept(request);
  }
  switch (request.operation) {
    case Operation.Register:
    case Operation.Logout:
      return { kind: 'accept', operation: request.operation, body: emptyBytes };
    case Operation.CreateTopic:
      return admitCreateTopic(groupIds, body);
    case Operation.CreatePartitions:
      return admitCreatePartitions(groupIds, body);
    case Operation.DeleteSegments:
    case Operation.CreateTopicWithAssignments:
    case Operation.CreatePartitionsWithAssignments:
    case Operation.RemoveConsumerGroupMember:
      return { kind: 'evict', reason: invalidRequestOperation };
    default: {
      const status = checkClientRequest(state, request.operation, body);
      return status === code.ok ? accept(request) : deny(status);
    }
  }
}

function admitCreateTopic(groupIds: GroupIdAllocator, body: Uint8Array): AdmissionResult {
  const request = decodeRequest(commands.create_topic, body);
  if (request === undefined) return deny(code.invalidCommand);
  const count = request.partitions_count;
  const resolved = resolveTopicOptions(request.options, count, partitionsPerRequest);
  if (typeof resolved === 'number') return deny(resolved);
  return {
    kind: 'accept',
    operation: Operation.CreateTopicWithAssignments,
    body: encode(createTopicWithAssignments, {
      request: { ...request, options: resolved.explicit },
      derived_options: resolved.derived,
      partitions: assign(groupIds, count),
    }),
  };
}

function admitCreatePartitions(groupIds: GroupIdAllocator, body: Uint8Array): AdmissionResult {
  const request = decodeRequest(commands.create_partitions, body);
  if (request === undefined) return deny(code.invalidCommand);
  const count = request.partitions_count;
  if (count < 1 || count > partitionsPerRequest) return deny(code.tooManyPartitions);
  return {
    kind: 'accept',
    operation: Operation.CreatePartitionsWithAssignments,
    body: encode(createPartitionsWithAssignments, {
      request,
      partitions: assign(groupIds, count),
    }),
  };
}

function assign(groupIds: GroupIdAllocator, count: number): readonly PartitionAssignment[] {
  const assigned: PartitionAssignment[] = [];
  for (let partition_id = 0; partition_id < count; partition_id++) {
    assigned.push({ partition_id, consensus_group_id: BigInt(groupIds.next()) });
  }
  return assigned;
}

function accept(request: AdmissionInput): AdmissionResult {
  return { kind: 'accept', operation: request.operation, body: request.body };
}

function deny(status: number): AdmissionResult {
  return { kind: 'deny', status };
}
