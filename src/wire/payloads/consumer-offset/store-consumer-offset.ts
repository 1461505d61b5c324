import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct, u64 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { ackLevel } from '../primitives/index.js';
import { offsetTarget, pollPermission } from './offset-target.js';

const shape = () =>
  ({
    ...offsetTarget(),
    offset: field(u64, 'Last offset that was processed.'),
    ack: field(ackLevel, 'When to answer.'),
  }) as const;
export interface StoreConsumerOffsetRequest extends StructValue<typeof shape> {}

/** Stores how far a consumer or group has read. */
export const storeConsumerOffset = command({
  code: 121,
  name: 'store_consumer_offset',
  dispatchName: 'consumer_offset.store',
  operation: Operation.StoreConsumerOffset,
  permission: pollPermission,
  request: struct('StoreConsumerOffset', shape),
  response: empty,
  framing: 'result',
});
