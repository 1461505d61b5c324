import { field, name, restOf, type StructValue, struct, u64 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';

const tokenShape = () =>
  ({
    name: field(name, 'Name of the token.'),
    expiry_at: field(u64, 'When it expires, microseconds since 1970; 0 = never.'),
  }) as const;

/** A token without its secret. */
export interface PersonalAccessTokenRecord extends StructValue<typeof tokenShape> {}

const shape = () =>
  ({
    tokens: field(restOf(struct('PersonalAccessToken', tokenShape)), 'Own tokens, no count.'),
  }) as const;
export interface GetPersonalAccessTokensResponse extends StructValue<typeof shape> {}

/** Lists the caller's tokens. */
export const getPersonalAccessTokens = command({
  code: 41,
  name: 'get_personal_access_tokens',
  dispatchName: 'personal_access_token.list',
  permission: 'any logged-in user (own tokens)',
  request: empty,
  response: struct('PersonalAccessTokens', shape),
});
