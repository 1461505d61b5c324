import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { changeTopicPermission } from '../topic/change-topic-permission.js';
import { topicTarget } from '../topic/topic-target.js';

const shape = () =>
  ({
    ...topicTarget(),
    partition_id: field(u32, 'Partition; there is no presence byte.'),
    segments_count: field(u32, 'Sealed segments to remove, oldest first.'),
  }) as const;
export interface DeleteSegmentsRequest extends StructValue<typeof shape> {}

/** Removes sealed segments; replicated as TruncatePartition. */
export const deleteSegments = command({
  code: 503,
  name: 'delete_segments',
  dispatchName: 'segment.delete',
  operation: Operation.DeleteSegments,
  permission: changeTopicPermission,
  request: struct('DeleteSegments', shape),
  response: empty,
  framing: 'result',
});
