import {
  array,
  field,
  lengthPrefixed,
  type StructValue,
  struct,
  u32,
  u64,
} from '../../schema/index.js';
import { prefixedOptions } from '../primitives/index.js';
import { createTopic } from '../topic/create-topic.js';

const assignmentShape = () =>
  ({
    partition_id: field(u32, 'Partition id, or its place among the new ones.'),
    consensus_group_id: field(u64, 'Consensus group that replicates the partition.'),
  }) as const;

/** A new partition and the consensus group it belongs to. */
export interface PartitionAssignment extends StructValue<typeof assignmentShape> {}
export const partitionAssignments = array(u32, struct('PartitionAssignment', assignmentShape, 12));

const shape = () =>
  ({
    request: field(lengthPrefixed(u32, createTopic.request), 'Request, explicit options only.'),
    derived_options: field(prefixedOptions, 'Defaults of all other options.'),
    partitions: field(partitionAssignments, 'Partitions, numbered from 0.'),
  }) as const;
export interface CreateTopicWithAssignments extends StructValue<typeof shape> {}

/** create_topic as it is replicated. @source Iggy consensus protocol, operation 64 */
export const createTopicWithAssignments = struct('CreateTopicWithAssignments', shape);
