import { field, orNothing, type StructValue, struct, u32 } from '../../schema/index.js';
import { command } from '../command.js';
import { clientDetails } from './client-record.js';

const shape = () => ({ client_id: field(u32, 'Connection number as in client records.') }) as const;
export interface GetClientRequest extends StructValue<typeof shape> {}

/** Reads one connected client; nothing when it is not connected. */
export const getClient = command({
  code: 21,
  name: 'get_client',
  dispatchName: 'client.get',
  permission: 'global: manage_servers or read_servers',
  request: struct('GetClient', shape, 4),
  response: orNothing(clientDetails),
});
