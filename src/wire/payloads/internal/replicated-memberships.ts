import { array, field, type StructValue, struct, u32, u128 } from '../../schema/index.js';
import { groupTarget } from '../consumer-group/group-target.js';

const leaveShape = () =>
  ({
    ...groupTarget(),
    client_id: field(u128, 'Session client.'),
  }) as const;
export interface ReplicatedLeaveConsumerGroup extends StructValue<typeof leaveShape> {}

/** leave_consumer_group as it is replicated. */
export const replicatedLeaveConsumerGroup = struct('LeaveConsumerGroup', leaveShape);

const joinShape = () =>
  ({
    ...leaveShape(),
    in_flight: field(array(u32, u32), 'Partitions polled beyond what the group has stored.'),
  }) as const;
export interface ReplicatedJoinConsumerGroup extends StructValue<typeof joinShape> {}

/** join_consumer_group as it is replicated. */
export const replicatedJoinConsumerGroup = struct('JoinConsumerGroup', joinShape);
