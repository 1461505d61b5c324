import { Operation } from '../../frames/index.js';
import { field, name, type StructValue, secret, struct, u64 } from '../../schema/index.js';
import { command } from '../command.js';

const shape = () =>
  ({
    name: field(name, 'Name of the token.'),
    expiry: field(u64, 'Microseconds from now; 0 and 2^64-1 = never.'),
  }) as const;
export interface CreatePersonalAccessTokenRequest extends StructValue<typeof shape> {}

const responseShape = () =>
  ({ token: field(secret(name), 'The token; shown only here.') }) as const;
export interface CreatePersonalAccessTokenResponse extends StructValue<typeof responseShape> {}

/** Creates a token for the caller. */
export const createPersonalAccessToken = command({
  code: 42,
  name: 'create_personal_access_token',
  dispatchName: 'personal_access_token.create',
  operation: Operation.CreatePersonalAccessToken,
  permission: 'any logged-in user (own tokens)',
  request: struct('CreatePersonalAccessToken', shape),
  response: struct('CreatedPersonalAccessToken', responseShape),
  framing: 'result',
});
