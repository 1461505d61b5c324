import { Operation } from '../../frames/index.js';
import { field, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { identifier } from '../primitives/index.js';

const shape = () => ({ user_id: field(identifier, 'User to delete, with its tokens.') }) as const;
export interface DeleteUserRequest extends StructValue<typeof shape> {}

/** Deletes a user. */
export const deleteUser = command({
  code: 34,
  name: 'delete_user',
  dispatchName: 'user.delete',
  operation: Operation.DeleteUser,
  permission: 'global: manage_users',
  request: struct('DeleteUser', shape),
  response: empty,
  framing: 'result',
});
