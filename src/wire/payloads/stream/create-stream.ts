import { Operation } from '../../frames/index.js';
import { field, name, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { options } from '../primitives/index.js';
import { streamRecord } from './stream-record.js';

const shape = () =>
  ({
    name: field(name, 'Name of the new stream; the server chooses the id.'),
    options: field(options, 'No key is accepted today.'),
  }) as const;
export interface CreateStreamRequest extends StructValue<typeof shape> {}

/** Creates a stream. */
export const createStream = command({
  code: 202,
  name: 'create_stream',
  dispatchName: 'stream.create',
  operation: Operation.CreateStream,
  permission: 'global: manage_streams',
  request: struct('CreateStream', shape),
  response: streamRecord,
  framing: 'result',
  trailing: 'rejected',
});
