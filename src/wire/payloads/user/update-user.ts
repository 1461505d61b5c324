import { Operation } from '../../frames/index.js';
import { field, flag8, name, optional, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { identifier, options, userStatus } from '../primitives/index.js';

const shape = () =>
  ({
    user_id: field(identifier, 'User to change.'),
    username: field(optional(name, flag8), 'New name; none = unchanged.'),
    status: field(optional(userStatus, flag8), 'New status; none or undefined = unchanged.'),
    options: field(options, 'No key is accepted today.'),
  }) as const;
export interface UpdateUserRequest extends StructValue<typeof shape> {}

/** Renames a user or changes its status. */
export const updateUser = command({
  code: 35,
  name: 'update_user',
  dispatchName: 'user.update',
  operation: Operation.UpdateUser,
  permission: 'global: manage_users',
  request: struct('UpdateUser', shape),
  response: empty,
  framing: 'result',
  trailing: 'rejected',
});
