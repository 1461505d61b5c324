import { Operation } from '../../frames/index.js';
import { field, name, type StructValue, struct } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';

const shape = () => ({ name: field(name, 'Name of the token.') }) as const;
export interface DeletePersonalAccessTokenRequest extends StructValue<typeof shape> {}

/** Deletes one of the caller's tokens. */
export const deletePersonalAccessToken = command({
  code: 43,
  name: 'delete_personal_access_token',
  dispatchName: 'personal_access_token.delete',
  operation: Operation.DeletePersonalAccessToken,
  permission: 'any logged-in user (own tokens)',
  request: struct('DeletePersonalAccessToken', shape),
  response: empty,
  framing: 'result',
});
