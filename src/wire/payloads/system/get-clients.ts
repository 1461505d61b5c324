import { field, restOf, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { clientRecord } from './client-record.js';

const shape = () =>
  ({ clients: field(restOf(clientRecord), 'Connected clients, no count.') }) as const;
export interface GetClientsResponse extends StructValue<typeof shape> {}

/** Lists the connected clients of one node. */
export const getClients = command({
  code: 22,
  name: 'get_clients',
  dispatchName: 'client.list',
  permission: 'global: manage_servers or read_servers',
  request: empty,
  response: struct('Clients', shape),
});
