import { field, restOf, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { streamRecord } from './stream-record.js';

const shape = () => ({ streams: field(restOf(streamRecord), 'All streams, no count.') }) as const;
export interface GetStreamsResponse extends StructValue<typeof shape> {}

/** Lists all streams. */
export const getStreams = command({
  code: 201,
  name: 'get_streams',
  dispatchName: 'stream.list',
  permission: 'global: manage_streams or read_streams',
  request: empty,
  response: struct('Streams', shape),
});
