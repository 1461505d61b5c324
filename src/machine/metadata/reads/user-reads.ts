import { commands } from '../../../wire/index.js';
import { code } from '../../codes.js';
import { decodeRequest } from '../../requests.js';
import { permissionsOf } from '../access/grants.js';
import { accessRules, isAllowed } from '../access/rules.js';
import type { ReadReply } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';
import { compareText } from '../state/user-table.js';
import type { ReadQuery } from './read-query.js';
import { found, nothing, refused } from './read-reply.js';
import { userRecordOf } from './records.js';

/** Reading oneself needs no right; a missing user is nothing, also to callers without rights. */
export function readUser(state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.get_user, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const user = state.users.find(request.user_id);
  if (user === undefined) return nothing();
  const grants = state.users.get(query.userId)?.grants;
  if (user.id !== query.userId && !isAllowed(grants, accessRules.readUsers)) {
    return refused(code.unauthorized);
  }
  return found(commands.get_user.response, {
    ...userRecordOf(user),
    permissions: user.grants === undefined ? null : permissionsOf(user.grants),
  });
}

export function readUsers(state: MetadataState, query: ReadQuery): ReadReply {
  if (!isAllowed(state.users.get(query.userId)?.grants, accessRules.readUsers)) {
    return refused(code.unauthorized);
  }
  const users = [...state.users.values()].map(userRecordOf);
  return found(commands.get_users.response, { users });
}

/** The caller's own tokens by name, expired ones that were not cleaned yet included. */
export function readTokens(state: MetadataState, query: ReadQuery): ReadReply {
  const tokens = [...(state.users.get(query.userId)?.tokens.values() ?? [])]
    .sort((a, b) => compareText(a.name, b.name))
    .map(({ name, expiryAt }) => ({ name, expiry_at: expiryAt }));
  return found(commands.get_personal_access_tokens.response, { tokens });
}
