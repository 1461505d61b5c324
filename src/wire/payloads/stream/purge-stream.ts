import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { identifier } from '../primitives/index.js';

const shape = () => ({ stream_id: field(identifier, 'Stream to empty.') }) as const;
export interface PurgeStreamRequest extends StructValue<typeof shape> {}

/** Empties every partition of every topic; offsets start at 0 again. */
export const purgeStream = command({
  code: 205,
  name: 'purge_stream',
  dispatchName: 'stream.purge',
  operation: Operation.PurgeStream,
  permission: 'global: manage_streams; or stream: manage_stream',
  request: struct('PurgeStream', shape),
  response: empty,
  framing: 'result',
});
