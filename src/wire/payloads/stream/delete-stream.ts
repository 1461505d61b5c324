import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { identifier } from '../primitives/index.js';

const shape = () =>
  ({ stream_id: field(identifier, 'Stream to delete, with all it holds.') }) as const;
export interface DeleteStreamRequest extends StructValue<typeof shape> {}

/** Deletes a stream. */
export const deleteStream = command({
  code: 203,
  name: 'delete_stream',
  dispatchName: 'stream.delete',
  operation: Operation.DeleteStream,
  permission: 'global: manage_streams; or stream: manage_stream',
  request: struct('DeleteStream', shape),
  response: empty,
  framing: 'result',
});
