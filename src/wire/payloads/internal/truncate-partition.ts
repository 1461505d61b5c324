import { field, type StructValue, struct, u32, u64 } from '../../schema/index.js';
import { topicTarget } from '../topic/topic-target.js';

const shape = () =>
  ({
    ...topicTarget(),
    partition_id: field(u32, 'Partition.'),
    up_to_offset: field(u64, 'Sealed segments that end here or earlier may go; 0 = none.'),
  }) as const;
export interface TruncatePartition extends StructValue<typeof shape> {}

/** delete_segments as it is replicated. @source Iggy consensus protocol, operation 68 */
export const truncatePartition = struct('TruncatePartition', shape);
