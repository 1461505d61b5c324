import type { PersonalAccessTokenRecord } from '../../wire/index.js';
import type { Fields, ListColumn } from '../output/result.js';
import { shortTime, timeOrNull } from '../output/wire-values.js';

/** A token as it is shown; `stored` says where its value is kept on this machine. */
export function tokenFields(token: PersonalAccessTokenRecord, stored: string | null) {
  return {
    name: token.name,
    expires_at: timeOrNull(token.expiry_at),
    expired: isExpired(token),
    stored,
  } satisfies Fields;
}

/** True when the time of a token is over. */
export function isExpired({ expiry_at: at }: PersonalAccessTokenRecord): boolean {
  return at > 0n && at <= BigInt(Date.now()) * 1000n;
}

type TokenFields = ReturnType<typeof tokenFields>;

export const tokenColumns: readonly ListColumn<TokenFields>[] = [
  { key: 'name', title: 'Name' },
  {
    key: 'expires_at',
    title: 'Expires',
    cell: ({ expires_at: at }) => (at === null ? 'never' : shortTime(at)),
  },
  { key: 'stored', title: 'Stored locally', cell: ({ stored }) => stored ?? '-' },
  { key: 'expired', title: 'Expired', cell: ({ expired }) => (expired ? 'yes' : 'no') },
];
