import { field, name, type StructValue, secret, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { identity } from '../user/login-user.js';

const shape = () => ({ token: field(secret(name), 'Personal access token.') }) as const;
export interface LoginWithPersonalAccessTokenRequest extends StructValue<typeof shape> {}

/** The token login of servers without consensus; refused today. */
export const loginWithPersonalAccessToken = command({
  code: 44,
  name: 'login_with_personal_access_token',
  dispatchName: 'personal_access_token.login',
  permission: 'legacy; always refused',
  request: struct('LoginWithPersonalAccessToken', shape),
  response: identity,
});
