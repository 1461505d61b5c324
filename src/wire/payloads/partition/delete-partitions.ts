import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { changeTopicPermission } from '../topic/change-topic-permission.js';
import { topicTarget } from '../topic/topic-target.js';

const shape = () =>
  ({
    ...topicTarget(),
    partitions_count: field(u32, 'Partitions to remove, highest id first, 1..1000.'),
  }) as const;
export interface DeletePartitionsRequest extends StructValue<typeof shape> {}

/** Removes the partitions with the highest ids. */
export const deletePartitions = command({
  code: 403,
  name: 'delete_partitions',
  dispatchName: 'partition.delete',
  operation: Operation.DeletePartitions,
  permission: changeTopicPermission,
  request: struct('DeletePartitions', shape),
  response: empty,
  framing: 'result',
});
