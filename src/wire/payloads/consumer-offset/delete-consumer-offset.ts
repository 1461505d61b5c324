import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { ackLevel } from '../primitives/index.js';
import { offsetTarget, pollPermission } from './offset-target.js';

const shape = () => ({ ...offsetTarget(), ack: field(ackLevel, 'When to answer.') }) as const;
export interface DeleteConsumerOffsetRequest extends StructValue<typeof shape> {}

/** Forgets a stored offset. */
export const deleteConsumerOffset = command({
  code: 122,
  name: 'delete_consumer_offset',
  dispatchName: 'consumer_offset.delete',
  operation: Operation.DeleteConsumerOffset,
  permission: pollPermission,
  request: struct('DeleteConsumerOffset', shape),
  response: empty,
  framing: 'result',
});
