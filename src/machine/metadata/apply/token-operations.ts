import { replicatedCreateAccessToken, replicatedDeleteAccessToken } from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ApplyResult, LogEntry } from '../../log-entry.js';
import { ok, rejected } from '../../replies.js';
import { decodeBody } from '../../requests.js';
import type { MetadataState } from '../state/metadata-state.js';
import { isExpired } from '../state/user-table.js';

const never = 0xffff_ffff_ffff_ffffn;

/** The raw token never gets here; the node that made it adds it to the reply. */
export function applyCreateToken(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeBody(replicatedCreateAccessToken, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const { name, token_hash: hash } = request;
  const user = state.users.get(request.user_id);
  if (user === undefined) return rejected(code.resourceNotFound);
  if (user.tokens.has(name)) return rejected(code.tokenAlreadyExists);
  const expiryAt = expiryOf(request.expiry, entry.timestamp);
  if (expiryAt === undefined) return rejected(code.invalidTokenExpiry);
  state.users.addToken(user, { userId: user.id, name, hash, expiryAt });
  return ok();
}

/** The cleaner's form succeeds without effect when the token is gone or valid again. */
export function applyDeleteToken(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeBody(replicatedDeleteAccessToken, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const user = state.users.get(request.user_id);
  const token = user?.tokens.get(request.name);
  if (user === undefined || token === undefined) {
    return request.only_if_expired ? ok() : rejected(code.resourceNotFound);
  }
  if (!request.only_if_expired || isExpired(token, entry.timestamp)) {
    state.users.removeToken(user, token.name);
  }
  return ok();
}

/** 0 = never; `undefined` when the sum overflows into the past. */
function expiryOf(lifetime: bigint, timestamp: number): bigint | undefined {
  if (lifetime === 0n || lifetime === never) return 0n;
  const now = BigInt(timestamp);
  const expiryAt = BigInt.asUintN(64, now + lifetime);
  return expiryAt <= now ? undefined : expiryAt;
}
