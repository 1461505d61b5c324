import { Operation } from '../../frames/index.js';
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
import { clientVersionFields } from '../primitives/index.js';
import { loginResponse } from './login-response.js';

const shape = () =>
  ({
    ...clientVersionFields(),
    username: field(name, 'User name; 3..50 bytes to be accepted.'),
    password: field(secret(text(u8)), 'Password in the clear; 3..100 bytes to be accepted.'),
    context: field(optionalText(u32), 'Free text about the client; not interpreted.'),
  }) as const;

export interface LoginRegisterRequest extends StructValue<typeof shape> {}

/** Logs in with a password and registers a session; sent as operation Register. */
export const loginRegister = command({
  code: 40,
  name: 'login_register',
  dispatchName: 'user.login_register',
  operation: Operation.Register,
  permission: 'none (this is the login)',
  request: struct('LoginRegister', shape),
  response: loginResponse,
  framing: 'result',
});
