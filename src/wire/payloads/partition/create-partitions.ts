import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { changeTopicPermission } from '../topic/change-topic-permission.js';
import { topicTarget } from '../topic/topic-target.js';

const shape = () =>
  ({
    ...topicTarget(),
    partitions_count: field(u32, 'Partitions to add, 1..1000.'),
  }) as const;
export interface CreatePartitionsRequest extends StructValue<typeof shape> {}

/** Adds partitions; replicated as CreatePartitionsWithAssignments. */
export const createPartitions = command({
  code: 402,
  name: 'create_partitions',
  dispatchName: 'partition.create',
  operation: Operation.CreatePartitions,
  permission: changeTopicPermission,
  request: struct('CreatePartitions', shape),
  response: empty,
  framing: 'result',
});
