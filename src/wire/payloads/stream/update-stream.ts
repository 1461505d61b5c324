import { Operation } from '../../frames/index.js';
import { field, name, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { identifier, options } from '../primitives/index.js';

const shape = () =>
  ({
    stream_id: field(identifier, 'Stream to change.'),
    name: field(name, 'New name; send the current one to keep it.'),
    options: field(options, 'No key is accepted today.'),
  }) as const;
export interface UpdateStreamRequest extends StructValue<typeof shape> {}

/** Renames a stream. */
export const updateStream = command({
  code: 204,
  name: 'update_stream',
  dispatchName: 'stream.update',
  operation: Operation.UpdateStream,
  permission: 'global: manage_streams; or stream: manage_stream',
  request: struct('UpdateStream', shape),
  response: empty,
  framing: 'result',
  trailing: 'rejected',
});
