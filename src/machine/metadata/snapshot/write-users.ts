import { emptyPermissioner, type SnapshotUsers } from '../../../wire/index.js';
import { permissionsOf } from '../access/grants.js';
import type { MetadataState } from '../state/metadata-state.js';
import { compareText, type User } from '../state/user-table.js';

type UserItem = SnapshotUsers['users'][number];
type UserTokens = SnapshotUsers['tokens'][number];

/** Users by id and tokens by owner and name. */
export function writeUsers(state: MetadataState): SnapshotUsers {
  const users: UserItem[] = [];
  const tokens: UserTokens[] = [];
  for (const user of state.users.values()) {
    users.push(userItem(user));
    if (user.tokens.size > 0) tokens.push(userTokens(user));
  }
  return { users, tokens, permissioner: emptyPermissioner };
}

function userItem(user: User): UserItem {
  return {
    id: user.id,
    user: {
      id: user.id,
      username: user.username,
      password_hash: user.passwordHash,
      status: user.isActive ? 'active' : 'inactive',
      created_at: BigInt(user.createdAt),
      permissions: user.grants === undefined ? null : permissionsOf(user.grants),
      options: [],
    },
  };
}

function userTokens(user: User): UserTokens {
  const tokens = [...user.tokens.values()].sort((a, b) => compareText(a.name, b.name));
  return {
    user_id: user.id,
    tokens: tokens.map(({ name, hash, expiryAt }) => ({
      name,
      token: {
        user_id: user.id,
        name,
        hash,
        expiry_at: expiryAt === 0n ? null : expiryAt,
      },
    })),
  };
}
