import {
  field,
  name,
  optionalText,
  type StructValue,
  secret,
  struct,
  text,
  u8,
  u32,
} from '../../schema/index.js';
import { command } from '../command.js';

const shape = () =>
  ({
    username: field(name, 'User name.'),
    password: field(secret(text(u8)), 'Password in the clear.'),
    version: field(optionalText(u32), 'Version of the client.'),
    context: field(optionalText(u32), 'Free text about the client.'),
  }) as const;
export interface LoginUserRequest extends StructValue<typeof shape> {}

const identityShape = () => ({ user_id: field(u32, 'User that logged in.') }) as const;
export interface Identity extends StructValue<typeof identityShape> {}
export const identity = struct('Identity', identityShape, 4);

/** The login of servers without consensus; refused today. */
export const loginUser = command({
  code: 38,
  name: 'login_user',
  dispatchName: 'user.login',
  permission: 'legacy; always refused',
  request: struct('LoginUser', shape),
  response: identity,
});
