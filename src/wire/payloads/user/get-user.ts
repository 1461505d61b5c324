import { field, orNothing, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { identifier } from '../primitives/index.js';
import { userDetails } from './user-record.js';

const shape = () => ({ user_id: field(identifier, 'User to read.') }) as const;
export interface GetUserRequest extends StructValue<typeof shape> {}

/** Reads one user; nothing when it does not exist. */
export const getUser = command({
  code: 31,
  name: 'get_user',
  dispatchName: 'user.get',
  permission: 'self, or global: manage_users or read_users',
  request: struct('GetUser', shape),
  response: orNothing(userDetails),
});
