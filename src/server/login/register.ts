import { setU32, setU64Number, writeUtf8 } from '../../base/index.js';
import type { ProposalOutcome } from '../../consensus/index.js';
import { EvictionReason, protocolVersion } from '../../wire/index.js';
import { abandon, answer, evict, reject } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { refusalCode } from '../core/refusal.js';
import { loginReply } from '../core/reply-frames.js';
import { endSession } from '../sessions/logout.js';
import { isForgotten, isSuperseded } from '../sessions/session-checks.js';
import { disconnectRequest, submitLogout, submitRegister } from '../sessions/submit.js';
import type { Login } from './login.js';

/** Client ids with these upper bits belong to the servers themselves. */
const reservedHigh = 0xffff_ffff_ffff_ffffn;

/**
 * Second phase of a login: the credentials were accepted, the session is registered through
 * consensus unless the connection already speaks for exactly this user and client id.
 *
 * @source Iggy session protocol, completion of a login
 */
export function completeLogin(core: Core, login: Login): Done {
  const { request, clientId } = login;
  const { connection } = request;
  if (clientId >> 64n === reservedHigh) {
    return evict(core, request, clientId, EvictionReason.SessionError);
  }
  const binding = connection.binding;
  if (binding === undefined) return register(core, login);
  const isOver = isSuperseded(core, binding) || isForgotten(core, binding);
  const isSame = binding.userId === login.userId && binding.clientId === clientId;
  // A session that a late logout may still end is no answer; a new one stands behind that in the log.
  if (binding.lost || isOver || (isSame && binding.mayEnd)) {
    core.sessions.unbind(connection);
    return register(core, login);
  }
  if (isSame) {
    const entry = core.deps.consensus.session(clientId);
    const isCurrent = entry?.epoch === binding.session;
    return succeed(core, login, binding.session, isCurrent ? entryContext(entry) : 0n);
  }
  endFormerSession(core, login, binding);
}

/** The session the connection had under another identity is over, or could not be ended. */
export function onFormerSessionEnded(core: Core, login: Login, outcome: ProposalOutcome): Done {
  const { connection } = login.request;
  if (outcome.kind !== 'logged-out') {
    if (connection.binding !== undefined) connection.binding.mayEnd = true;
    return reject(core, login.request, refusalCode(outcome));
  }
  core.sessions.unbind(connection);
  register(core, login);
}

/** The Register was decided. */
export function onRegistered(core: Core, login: Login, outcome: ProposalOutcome): Done {
  const { request, clientId } = login;
  switch (outcome.kind) {
    case 'registered':
      return bind(core, login, outcome);
    case 'owned-by-another-user':
      return evict(core, request, clientId, EvictionReason.SessionError);
    case 'evicted':
      return evict(core, request, clientId, outcome.reason);
    default:
      return reject(core, request, refusalCode(outcome));
  }
}

function endFormerSession(core: Core, login: Login, binding: Binding): Done {
  const { clientId, session } = binding;
  const pending = { kind: 'implicit-logout', login } as const;
  const from = { clientId, session, request: disconnectRequest };
  const refusal = submitLogout(core, pending, from);
  if (refusal === 0) login.request.connection.proposals += 1;
  else reject(core, login.request, refusal);
}

function register(core: Core, login: Login): Done {
  const { request, clientId, userId } = login;
  // A socket that is gone needs no session; registering would only leave an entry behind.
  if (request.connection.gone) return abandon(request);
  const refusal = submitRegister(core, { kind: 'register', login }, { clientId, userId });
  if (refusal === 0) request.connection.proposals += 1;
  else reject(core, request, refusal);
}

function bind(
  core: Core,
  login: Login,
  entry: { readonly session: number; readonly watermark: bigint; readonly origin: number },
): Done {
  const { request, clientId, userId } = login;
  const { connection } = request;
  const { session } = entry;
  if (connection.gone) {
    // The entry is committed and must not be undone locally; ending it is a Logout like any other.
    const pending = { kind: 'disconnect', clientId, session } as const;
    submitLogout(core, pending, { clientId, session, request: disconnectRequest });
    return abandon(request);
  }
  const reason = reasonToRefuse(core, login);
  if (reason !== undefined) {
    // Deleted or set inactive since the credentials were accepted: sessions of before have ended already.
    endSession(core, clientId, session);
    return evict(core, request, clientId, reason);
  }
  core.sessions.bind(connection, userId, clientId, session);
  core.graces.delete(clientId);
  core.log('info', 'SessionBound', { connection: connection.id, user: userId, session });
  succeed(core, login, session, entryContext(entry));
}

/** What the user would be told who logged in with the same credentials now; nothing if let in. */
function reasonToRefuse(core: Core, { forms, userId }: Login): EvictionReason | undefined {
  const user = core.deps.metadata.user(userId);
  if (user?.isActive === true) return undefined;
  const { InvalidCredentials, InvalidToken, UserInactive } = EvictionReason;
  if (forms[0]?.credentials.kind === 'password') return InvalidCredentials;
  return user === undefined ? InvalidToken : UserInactive;
}

function succeed(core: Core, login: Login, session: number, context: bigint): Done {
  const { request, userId } = login;
  const { connection } = request;
  connection.sdk = login.sdk;
  // Correlated frames name no client id, so nobody can come back to a session of theirs.
  connection.announcedResume = login.announcedResume && connection.framing === 'consensus';
  const body = loginBody(userId, session, core.config.serverVersion);
  const commit = core.deps.consensus.status.commitMax;
  answer(core, request, loginReply(request.frame, { session, commit, body, context }));
}

/** Watermark and origin in the form of the login reply; 0 = not known. */
function entryContext(entry: { readonly watermark: bigint; readonly origin: number }): bigint {
  if (entry.origin === 0) return 0n;
  return (BigInt(entry.origin) << 64n) | BigInt.asUintN(64, entry.watermark + 1n);
}

/** Result section without entries, then the login response. */
function loginBody(userId: number, session: number, serverVersion: string): Uint8Array {
  const body = new Uint8Array(21 + serverVersion.length);
  setU32(body, 4, userId);
  setU64Number(body, 8, session);
  setU32(body, 16, protocolVersion);
  body[20] = serverVersion.length;
  writeUtf8(body, 21, serverVersion);
  return body;
}
