import { bool8, field, type StructValue, struct, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { topicTarget } from '../topic/topic-target.js';

const shape = () =>
  ({
    ...topicTarget(),
    partition_id: field(u32, 'Partition; there is no presence byte.'),
    fsync: field(bool8, 'Whether to wait for the disk.'),
  }) as const;
export interface FlushUnsavedBufferRequest extends StructValue<typeof shape> {}

/** Asked older servers to write to disk; today always refused. */
export const flushUnsavedBuffer = command({
  code: 102,
  name: 'flush_unsaved_buffer',
  dispatchName: 'message.flush_unsaved_buffer',
  permission: 'any logged-in user (always answered with error 5)',
  request: struct('FlushUnsavedBuffer', shape),
  response: empty,
});
