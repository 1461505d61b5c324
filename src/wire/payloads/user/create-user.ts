import { Operation } from '../../frames/index.js';
import {
  field,
  flag8,
  lengthPrefixed,
  name,
  optional,
  type StructValue,
  secret,
  struct,
  text,
  u8,
  u32,
} from '../../schema/index.js';
import { command } from '../command.js';
import { options, permissions, userStatus } from '../primitives/index.js';
import { userDetails } from './user-record.js';

const shape = () =>
  ({
    username: field(name, 'User name; 3..50 bytes to be accepted.'),
    password: field(secret(text(u8)), 'Password in the clear; its hash in the replicated form.'),
    status: field(userStatus, '1 active, 2 inactive; anything else is stored as active.'),
    permissions: field(
      optional(lengthPrefixed(u32, permissions), flag8),
      'What the user may do; none = nothing.',
    ),
    options: field(options, 'No key is accepted today.'),
  }) as const;
export interface CreateUserRequest extends StructValue<typeof shape> {}

/** Creates a user. */
export const createUser = command({
  code: 33,
  name: 'create_user',
  dispatchName: 'user.create',
  operation: Operation.CreateUser,
  permission: 'global: manage_users',
  request: struct('CreateUser', shape),
  response: userDetails,
  framing: 'result',
  trailing: 'rejected',
});
