import { getU128, utf8Length } from '../../base/index.js';
import {
  EvictionReason,
  isCompatibleVersion,
  oldestCompatible,
  protocolVersion,
} from '../../wire/index.js';
import { answer, evict } from '../core/answer.js';
import type { Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { evictionFrame } from '../core/reply-frames.js';
import type { Request } from '../core/request.js';
import { requestAt, requestBody } from '../core/request-header.js';
import type { UserView } from '../machine-view.js';
import { areLengthsAcceptable, checkToken } from './credentials.js';
import type { Login } from './login.js';
import { connectionAccount } from './login-attempts.js';
import {
  announcesResume,
  type LoginForm,
  parseLoginForms,
  parseLoginPrefix,
} from './login-body.js';
import { completeLogin } from './register.js';

/** A little longer than backups wait for news of what was committed. */
const lookAgain = { ticks: 5, times: 12 } as const;

/**
 * First phase of a login: version gate, then credentials against the users this node has applied.
 * Nothing here is replicated.
 *
 * @source Iggy session protocol, login algorithm
 */
export function beginLogin(core: Core, request: Request): Done {
  const clientId = getU128(request.frame, requestAt.client);
  const body = requestBody(request.frame);
  const sdk = parseLoginPrefix(body);
  if (sdk === undefined) return evict(core, request, clientId, EvictionReason.MalformedLogin);
  if (!isCompatibleVersion(sdk.protocolVersion)) {
    const window = { max: protocolVersion, min: oldestCompatible() };
    const reason = EvictionReason.IncompatibleProtocol;
    const to = { cluster: core.config.cluster, client: clientId };
    return answer(core, request, evictionFrame(to, reason, window));
  }
  const forms = [...parseLoginForms(body)];
  const accounts = accountsOf(request.connection, forms);
  const more = { rejected: false, compared: undefined, looks: 0, userId: 0 };
  const login: Login = { request, clientId, sdk, accounts, forms, ...more, announcedResume: false };
  const { timers, attempts } = core;
  const ticks = attempts.delay(accounts, timers.tick);
  if (ticks === 0) return tryNextForm(core, login);
  core.log('warn', 'LoginDelayed', { connection: request.connection.id, ticks });
  timers.after(ticks, { kind: 'login', login });
}

/** An attempt has waited for its turn. */
export function resumeLogin(core: Core, login: Login): Done {
  if (!login.request.connection.gone) tryNextForm(core, login);
}

/** Guesses are counted by connection, and by name and address without port. */
function accountsOf(connection: Connection, forms: readonly LoginForm[]): readonly string[] {
  const host = connection.address.slice(0, connection.address.lastIndexOf(':'));
  const names = forms.map(({ credentials }) =>
    credentials.kind === 'password' ? `name ${host} ${credentials.username}` : `token ${host}`,
  );
  return [connectionAccount(connection.id), ...names];
}

function refuse(core: Core, login: Login, reason: number): Done {
  core.attempts.failed(login.accounts, core.timers.tick);
  evict(core, login.request, login.clientId, reason);
}

/** A password was compared; the account may have changed meanwhile and is looked at again. */
export function onPasswordVerified(
  core: Core,
  from: {
    readonly login: Login;
    readonly userId: number | undefined;
    readonly hash: string;
    readonly matches: boolean;
  },
): Done {
  const { login, userId, hash } = from;
  const user = userId === undefined ? undefined : core.deps.metadata.user(userId);
  const [form] = login.forms;
  const isAccepted = from.matches && user?.isActive === true && user.passwordHash === hash;
  if (isAccepted && form !== undefined) return accept(core, login, form, user.id);
  login.compared = accountState(hash, user);
  rejectPassword(core, login);
}

/** The password is wrong for the account as it is here, which may not be the last word. */
function rejectPassword(core: Core, login: Login): Done {
  if (mayLag(core, login)) return lookLater(core, login);
  login.compared = undefined;
  login.forms.shift();
  login.rejected = true;
  tryNextForm(core, login);
}

/** What a comparison depends on besides the password. */
function accountState(hash: string, user: UserView | undefined): string {
  return `${user?.isActive === true} ${hash}`;
}

function tryNextForm(core: Core, login: Login): Done {
  const [form] = login.forms;
  if (form === undefined) {
    const { InvalidCredentials, MalformedLogin } = EvictionReason;
    const reason = login.rejected ? InvalidCredentials : MalformedLogin;
    return refuse(core, login, reason);
  }
  const { credentials } = form;
  if (credentials.kind === 'password') {
    return verifyPassword(core, login, credentials.username, credentials.password);
  }
  const check = checkToken(core, credentials.token);
  if (check.kind === 'user') return accept(core, login, form, check.userId);
  if (check.reason === EvictionReason.InvalidToken && mayLag(core, login)) {
    return lookLater(core, login);
  }
  login.forms.shift();
  refuse(core, login, check.reason);
}

/** A backup may not have applied yet what the primary has answered already. */
function mayLag(core: Core, login: Login): boolean {
  return !core.deps.consensus.status.isActingPrimary && login.looks < lookAgain.times;
}

function lookLater(core: Core, login: Login): Done {
  login.looks += 1;
  core.timers.after(lookAgain.ticks, { kind: 'login', login });
}

/**
 * Compared once, and again only when the account has changed.
 * Unknown users cost one verification as well, so that the time to answer tells nothing.
 */
function verifyPassword(core: Core, login: Login, username: string, password: Uint8Array): Done {
  if (!areLengthsAcceptable(utf8Length(username), password.length)) {
    login.forms.shift();
    login.rejected = true;
    return tryNextForm(core, login);
  }
  const user = core.deps.metadata.userByName(username);
  const hash = user?.passwordHash ?? core.config.dummyPasswordHash;
  if (login.compared === accountState(hash, user)) return rejectPassword(core, login);
  core.passwords.verify({ kind: 'login', login, userId: user?.id, hash }, password, hash, core.out);
}

function accept(core: Core, login: Login, form: LoginForm, userId: number): Done {
  core.attempts.forget(login.accounts);
  login.userId = userId;
  login.announcedResume = announcesResume(form.context);
  completeLogin(core, login);
}
