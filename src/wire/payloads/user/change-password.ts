import { Operation } from '../../frames/index.js';
import { field, type StructValue, secret, struct, text, u8 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { identifier } from '../primitives/index.js';

const shape = () =>
  ({
    user_id: field(identifier, 'User whose password changes.'),
    current_password: field(secret(text(u8)), 'Current password; empty in the replicated form.'),
    new_password: field(
      secret(text(u8)),
      'New password; in the replicated form its hash, or empty when the current one was wrong.',
    ),
  }) as const;
export interface ChangePasswordRequest extends StructValue<typeof shape> {}

/** Changes a password. */
export const changePassword = command({
  code: 37,
  name: 'change_password',
  dispatchName: 'user.password',
  operation: Operation.ChangePassword,
  permission: 'self, or global: manage_users',
  request: struct('ChangePassword', shape),
  response: empty,
  framing: 'result',
});
