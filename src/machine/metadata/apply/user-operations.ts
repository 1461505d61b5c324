import { utf8Length } from '../../../base/index.js';
import { commands, userStatuses } from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ApplyResult, LogEntry } from '../../log-entry.js';
import { ok, okWith, rejected } from '../../replies.js';
import { decodeRequest } from '../../requests.js';
import { passesGate } from '../access/gate.js';
import { grantsOf } from '../access/grants.js';
import { accessRules } from '../access/rules.js';
import type { MetadataState } from '../state/metadata-state.js';
import { rootUserId } from '../state/user-table.js';

/** Bytes of a username. @source Iggy server, user rules */
const usernameSize = { min: 3, max: 50 } as const;

// Permission comes before existence here, in contrast to streams: a caller without rights cannot
// learn which users there are. The exception is a change of password.

export function applyCreateUser(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.create_user, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  if (!mayManageUsers(state, entry)) return rejected(code.unauthorized);
  const { username, permissions } = request;
  if (!isUsername(username)) return rejected(code.invalidUsername);
  if (state.users.named(username) !== undefined) return rejected(code.userAlreadyExists);
  const user = state.users.create({
    username,
    createdAt: entry.timestamp,
    passwordHash: request.password,
    isActive: request.status !== userStatuses.inactive,
    grants: permissions === null ? undefined : grantsOf(permissions),
  });
  // Status and permissions are echoed as they were sent, not as they are stored.
  return okWith(commands.create_user.response, {
    id: user.id,
    created_at: BigInt(user.createdAt),
    status: request.status,
    username,
    options: [],
    permissions,
  });
}

export function applyUpdateUser(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.update_user, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  if (!mayManageUsers(state, entry)) return rejected(code.unauthorized);
  const user = state.users.find(request.user_id);
  if (user === undefined) return rejected(code.resourceNotFound);
  const { username, status } = request;
  if (username !== null) {
    if (!isUsername(username)) return rejected(code.invalidUsername);
    const holder = state.users.named(username);
    if (holder !== undefined && holder !== user) return rejected(code.userAlreadyExists);
    state.users.rename(user, username);
  }
  if (status === userStatuses.active) user.isActive = true;
  if (status !== userStatuses.inactive) return ok();
  user.isActive = false;
  return { endedUsers: [user.id], ...ok() };
}

export function applyDeleteUser(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.delete_user, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  if (!mayManageUsers(state, entry)) return rejected(code.unauthorized);
  const user = state.users.find(request.user_id);
  if (user === undefined) return rejected(code.resourceNotFound);
  if (user.id === rootUserId) return rejected(code.cannotDeleteUser);
  state.users.remove(user);
  return { endedUsers: [user.id], ...ok() };
}

/** The node that received it compared the current password; an empty new one says it was wrong. */
export function applyChangePassword(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.change_password, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const user = state.users.find(request.user_id);
  if (user === undefined) return rejected(code.resourceNotFound);
  if (user.id !== entry.userId && !mayManageUsers(state, entry)) {
    return rejected(code.unauthorized);
  }
  if (request.new_password === '') return rejected(code.invalidCredentials);
  user.passwordHash = request.new_password;
  return ok();
}

export function applyUpdatePermissions(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.update_permissions, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  if (!mayManageUsers(state, entry)) return rejected(code.unauthorized);
  const user = state.users.find(request.user_id);
  if (user === undefined) return rejected(code.resourceNotFound);
  if (user.id === rootUserId) return rejected(code.cannotChangePermissions);
  user.grants = request.permissions === null ? undefined : grantsOf(request.permissions);
  return ok();
}

function mayManageUsers(state: MetadataState, entry: LogEntry): boolean {
  return passesGate(state, entry.userId, accessRules.manageUsers);
}

function isUsername(name: string): boolean {
  const size = utf8Length(name);
  return size >= usernameSize.min && size <= usernameSize.max;
}
