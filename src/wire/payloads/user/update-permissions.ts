import { Operation } from '../../frames/index.js';
import {
  field,
  flag8,
  lengthPrefixed,
  optional,
  type StructValue,
  struct,
  u32,
} from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';
import { identifier, permissions } from '../primitives/index.js';

const shape = () =>
  ({
    user_id: field(identifier, 'User to change.'),
    permissions: field(
      optional(lengthPrefixed(u32, permissions), flag8),
      'Replaces all permissions; none takes them away.',
    ),
  }) as const;
export interface UpdatePermissionsRequest extends StructValue<typeof shape> {}

/** Replaces what a user may do. */
export const updatePermissions = command({
  code: 36,
  name: 'update_permissions',
  dispatchName: 'user.permissions',
  operation: Operation.UpdatePermissions,
  permission: 'global: manage_users',
  request: struct('UpdatePermissions', shape),
  response: empty,
  framing: 'result',
});
