import { encodeUtf8, getU32 } from '../../base/index.js';
import {
  commands,
  encode,
  headerSize,
  replicatedCreateAccessToken,
  replicatedDeleteAccessToken,
} from '../../wire/index.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import { decodeBody } from '../core/decode-body.js';
import { sessionReply } from '../core/reply-frames.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { hashToken } from '../login/credentials.js';
import { isRecorded } from '../sessions/session-checks.js';
import { toBase64 } from './base64.js';

/** Random bytes behind a personal access token. */
const tokenEntropy = 50;

/** What is proposed instead of a client's body, or the status the request is denied with. */
export type Rewrite =
  | { readonly body: Uint8Array; readonly rawToken?: string; readonly status?: undefined }
  | { readonly status: number };

/**
 * The secret of a new token is drawn here and only its hash is replicated. The limit is a rule of
 * the node that is asked and comes before every other test of a request that was not decided yet.
 */
export function rewriteCreateToken(core: Core, request: Request, binding: Binding): Rewrite {
  const asked = decodeBody(commands.create_personal_access_token, requestBody(request.frame));
  if (asked === undefined) return { status: statusCode.invalidCommand };
  const { userId } = binding;
  const isFull = core.deps.metadata.tokenCount(userId) >= core.config.maxTokensPerUser;
  if (isFull && !isRecorded(core, request, binding)) {
    return { status: statusCode.tokenLimitReached };
  }
  const rawToken = toBase64(core.deps.entropy.bytes(tokenEntropy));
  const body = encode(replicatedCreateAccessToken, {
    user_id: userId,
    name: asked.name,
    expiry: asked.expiry,
    token_hash: hashToken(encodeUtf8(rawToken)),
  });
  return { body, rawToken };
}

/** Only the caller's own tokens can be named. */
export function rewriteDeleteToken(request: Request, binding: Binding): Rewrite {
  const asked = decodeBody(commands.delete_personal_access_token, requestBody(request.frame));
  if (asked === undefined) return { status: statusCode.invalidCommand };
  const { name } = asked;
  const value = { user_id: binding.userId, name, only_if_expired: false };
  return { body: encode(replicatedDeleteAccessToken, value) };
}

/** Puts the secret into a reply, provided that the token was really created. */
export function spliceToken(
  request: Request,
  binding: Binding,
  from: { readonly rawToken: string; readonly reply: Uint8Array; readonly op: number },
): Uint8Array {
  const { reply, rawToken, op } = from;
  const isSuccess = reply.length >= headerSize + 4 && getU32(reply, headerSize) === 0;
  if (!isSuccess) return reply;
  const body = new Uint8Array(5 + rawToken.length);
  body[4] = rawToken.length;
  body.set(encodeUtf8(rawToken), 5);
  const { clientId, session } = binding;
  return sessionReply(request.frame, { clientId, session, commit: op, status: 0, body });
}
