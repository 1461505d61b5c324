import { field, type StructValue, struct, u32, u64, u128 } from '../../schema/index.js';
import { topicTarget } from '../topic/topic-target.js';

const shape = () =>
  ({
    ...topicTarget(),
    group_id: field(u64, 'Numeric id of the group.'),
    source_client_id: field(u128, 'Session client that gives the partition up.'),
    partition_id: field(u32, 'Partition that moves.'),
  }) as const;
export interface CompleteConsumerGroupRevocation extends StructValue<typeof shape> {}

/** Finishes a pending hand-over. @source Iggy consensus protocol, operation 67 */
export const completeConsumerGroupRevocation = struct('CompleteConsumerGroupRevocation', shape);
