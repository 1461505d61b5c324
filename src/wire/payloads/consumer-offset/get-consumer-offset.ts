import { field, orNothing, type StructValue, struct, u32, u64 } from '../../schema/index.js';
import { command } from '../command.js';
import { offsetTarget, pollPermission } from './offset-target.js';

export interface GetConsumerOffsetRequest extends StructValue<typeof offsetTarget> {}

const responseShape = () =>
  ({
    partition_id: field(u32, 'Partition.'),
    current_offset: field(u64, 'Offset of the last committed message.'),
    stored_offset: field(u64, 'Offset the consumer has stored.'),
  }) as const;
export interface ConsumerOffset extends StructValue<typeof responseShape> {}

/** Reads a stored offset; nothing when none is stored or the target does not exist. */
export const getConsumerOffset = command({
  code: 120,
  name: 'get_consumer_offset',
  dispatchName: 'consumer_offset.get',
  permission: pollPermission,
  request: struct('GetConsumerOffset', offsetTarget),
  response: orNothing(struct('ConsumerOffset', responseShape, 20)),
});
