import type { SnapshotUsers } from '../../../wire/index.js';
import { grantsOf } from '../access/grants.js';
import type { MetadataState } from '../state/metadata-state.js';
import { User } from '../state/user-table.js';
import { byId, mustBeFree, SnapshotError, smallNumber } from './snapshot-error.js';

/** Adds the users and tokens of a snapshot to an empty state. @throws SNAPSHOT_INVALID */
export function readUsers(state: MetadataState, { users, tokens }: SnapshotUsers): void {
  for (const { user } of byId(users)) {
    mustBeFree(state.users.named(user.username), 'users', user.username);
    state.users.insert(
      new User({
        id: user.id,
        createdAt: smallNumber(user.created_at, 'created_at'),
        username: user.username,
        passwordHash: user.password_hash,
        isActive: user.status === 'active',
        grants: user.permissions === null ? undefined : grantsOf(user.permissions),
      }),
    );
  }
  for (const { user_id: id, tokens: owned } of tokens) {
    const user = state.users.get(id);
    // Official servers can store a token of a user that is gone; nobody can use it.
    if (user === undefined) continue;
    for (const { token } of owned) {
      if (user.tokens.has(token.name)) {
        throw new SnapshotError(`user ${id} has two tokens named ${token.name}`, { id });
      }
      const { name, hash } = token;
      state.users.addToken(user, { userId: id, name, hash, expiryAt: token.expiry_at ?? 0n });
    }
  }
}
