import { Operation } from '../../frames/index.js';
import {
  field,
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
    token: field(secret(text(u8)), 'Personal access token.'),
    context: field(optionalText(u32), 'Free text about the client; not interpreted.'),
  }) as const;

export interface LoginRegisterWithPatRequest extends StructValue<typeof shape> {}

/**
 * Logs in with an access token and registers a session. The frame is the same as for a password:
 * the server tells the two bodies apart by trying both.
 */
export const loginRegisterWithPat = command({
  code: 45,
  name: 'login_register_with_pat',
  dispatchName: 'user.login_register_with_pat',
  operation: Operation.Register,
  permission: 'none (this is the login)',
  request: struct('LoginRegisterWithPat', shape),
  response: loginResponse,
  framing: 'result',
});
