import { field, restOf, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { userRecord } from './user-record.js';

const shape = () => ({ users: field(restOf(userRecord), 'All users, no count.') }) as const;
export interface GetUsersResponse extends StructValue<typeof shape> {}

/** Lists all users. */
export const getUsers = command({
  code: 32,
  name: 'get_users',
  dispatchName: 'user.list',
  permission: 'global: manage_users or read_users',
  request: empty,
  response: struct('Users', shape),
});
