import { field, lengthPrefixed, type StructValue, struct, u32 } from '../../schema/index.js';
import { createPartitions } from '../partition/create-partitions.js';
import { partitionAssignments } from './create-topic-with-assignments.js';

const shape = () =>
  ({
    request: field(lengthPrefixed(u32, createPartitions.request), 'Request.'),
    partitions: field(
      partitionAssignments,
      'Partitions; ids count from the highest existing one plus one.',
    ),
  }) as const;
export interface CreatePartitionsWithAssignments extends StructValue<typeof shape> {}

/** create_partitions as it is replicated. @source Iggy consensus protocol, operation 65 */
export const createPartitionsWithAssignments = struct('CreatePartitionsWithAssignments', shape);
