import { commands, decode, encode, isWireError, type LoginResponse } from '../wire/index.js';
import { type Answer, readEntry } from './answer.js';
import type { Credentials } from './credentials.js';
import { type Exchange, newExchange } from './exchange.js';
import type { EvictedFailure, SessionFailure } from './failure.js';
import { hangUp } from './link.js';
import { CommandCode, kindOf, operationOf } from './request-kind.js';
import { resumeMutations } from './resume.js';
import type { LoginJob, SessionCore } from './session-core.js';
import { beginSettling } from './settle.js';
import { replayLater, transmit } from './transmit.js';

const sessionErrorReason = 12;
const staleClientReason = 13;
/** Our servers say so at the start of their version. */
const ourVersionPrefix = 'iggyctl/';

/** A login that nobody asked for just now. */
export function automaticLogin(core: SessionCore, credentials: Credentials): LoginJob {
  const deadline = core.now + core.options.requestTimeoutMillis;
  return newLogin(credentials, { call: undefined, startedAt: core.now, deadline });
}

export function newLogin(
  credentials: Credentials,
  asked: {
    readonly call: number | undefined;
    readonly startedAt: number;
    readonly deadline: number;
  },
): LoginJob {
  return { credentials, ...asked, begun: false, minted: false, result: undefined };
}

/** Sends the login frame on the open connection. */
export function sendLogin(core: SessionCore, job: LoginJob): void {
  if (!job.begun) core.identity.beginRegister();
  job.begun = true;
  const code = codeOf(job.credentials);
  const operation = operationOf(code);
  core.phase = 'authenticating';
  core.fresh = false;
  const { startedAt, deadline } = job;
  const body = loginBody(core, job.credentials);
  transmit(
    core,
    newExchange({
      call: undefined,
      ...{ purpose: 'login', code, operation, kind: kindOf(operation) },
      ...{ body, startedAt, deadline },
    }),
  );
}

function codeOf({ kind }: Credentials): number {
  return kind === 'token' ? CommandCode.loginRegisterWithToken : CommandCode.loginRegister;
}

function loginBody(core: SessionCore, credentials: Credentials): Uint8Array {
  const { sdkName, sdkVersion, protocolVersion, context } = core.options;
  const common = {
    protocol_version: protocolVersion,
    sdk_name: sdkName,
    sdk_version: sdkVersion,
    context: context === '' ? null : context,
  };
  if (credentials.kind === 'token') {
    const { token } = credentials;
    return encode(commands.login_register_with_pat.request, { token, ...common });
  }
  const { username, password } = credentials;
  return encode(commands.login_register.request, { username, password, ...common });
}

/** The answer to the login frame. Anything but malformed bytes. */
export function onLoginAnswer(
  core: SessionCore,
  exchange: Exchange,
  answer: Answer,
  frame: Uint8Array,
): void {
  const job = core.login;
  if (job === undefined) {
    core.release(exchange);
    core.phase = 'open';
    return;
  }
  switch (answer.kind) {
    case 'payload':
      core.release(exchange);
      accept(core, job, answer.payload, frame);
      return;
    case 'evicted':
      core.release(exchange);
      onRefusal(core, job, answer.failure);
      return;
    case 'code':
      onLoginCode(core, job, exchange, answer);
      return;
    case 'malformed':
      return;
  }
}

function onLoginCode(
  core: SessionCore,
  job: LoginJob,
  exchange: Exchange,
  { code, channel }: { readonly code: number; readonly channel: 'status' | 'result' },
): void {
  const failure: SessionFailure = { kind: 'server', code, channel };
  if (code === 57 || code === 58) job.refusal = failure;
  if (code === 57) {
    exchange.transient = failure;
    replayLater(core, exchange, 'the outcome of the login is not decided yet (57)');
  } else if (code === 58) {
    exchange.transient = failure;
    if (core.now >= exchange.leaderCheckAt && core.nodes.hasAlternative()) {
      // Nothing was committed, so any other node may be asked.
      core.nodes.leave();
      hangUp(core, 'the node cannot register a session (58)');
    } else replayLater(core, exchange, 'the login was not accepted (58)');
  } else {
    core.release(exchange);
    failLogin(core, job, failure);
  }
}

/** An eviction in place of a login reply. */
function onRefusal(core: SessionCore, job: LoginJob, failure: EvictedFailure): void {
  if (failure.reason === staleClientReason) {
    // It was meant for what this connection was before; the login goes on over another one.
    core.nodes.forgive();
    hangUp(core, 'the server dropped the session as stale');
    return;
  }
  const { identity } = core;
  const ownedByAnother = failure.reason === sessionErrorReason && identity.everBound;
  if (ownedByAnother && !job.minted && !identity.pinned) {
    identity.resetIdentity();
    identity.beginRegister();
    job.minted = true;
    core.phase = 'open';
    return;
  }
  failLogin(core, job, failure);
}

function accept(core: SessionCore, job: LoginJob, payload: Uint8Array, frame: Uint8Array): void {
  const response = readLoginResponse(payload);
  const { identity, link } = core;
  if (response === undefined || response.session === 0n || link === undefined) {
    const reason = 'the login reply cannot be read';
    failLogin(core, job, { kind: 'protocol', code: 3, reason });
    hangUp(core, reason);
    return;
  }
  const entry = core.options.framing === 'vsr' ? readEntry(frame) : undefined;
  const sameEntry = entry === undefined || entry.origin === identity.origin;
  const resumed = identity.everBound && sameEntry;
  identity.unbind();
  identity.bind(response.session);
  core.credentials = job.credentials;
  core.refusal = undefined;
  core.held = undefined;
  core.server = {
    version: response.server_version,
    protocolVersion: response.server_protocol_version,
    userId: response.user_id,
    isOurs: response.server_version.startsWith(ourVersionPrefix),
  };
  job.result = {
    endpoint: link.endpoint,
    clientId: identity.clientId,
    session: response.session,
    userId: response.user_id,
    serverProtocolVersion: response.server_protocol_version,
    serverVersion: response.server_version,
    resumed,
    ...(entry === undefined ? {} : { entry }),
  };
  resumeMutations(core, entry);
  core.notice({ kind: 'signed-in', ...job.result });
  beginSettling(core);
}

function readLoginResponse(payload: Uint8Array): LoginResponse | undefined {
  try {
    return decode(commands.login_register.response, payload, { allowTrailing: true });
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}

/** The login is over, without a session. */
export function failLogin(core: SessionCore, job: LoginJob, failure: SessionFailure): void {
  core.login = undefined;
  core.phase = 'open';
  core.identity.unbind();
  if (job.call === undefined && mayPass(failure)) {
    // Whoever waits has a time limit of its own; until then it is tried again.
    core.fresh = core.isBusy;
    return;
  }
  const report = { code: codeOf(job.credentials), retries: 0 };
  core.settle(job.call, { ok: false, failure, report });
  const { connects } = core;
  core.connects = [];
  for (const { call } of connects) core.settle(call, { ok: false, failure, report });
  if (job.call !== undefined) return;
  // The credentials were refused, and would be refused again.
  core.refusal = failure;
  const { waiting } = core;
  core.waiting = [];
  for (const exchange of waiting) {
    if (exchange.purpose !== 'call') core.waiting.push(exchange);
    else if (exchange.doubt !== undefined) core.failInDoubt(exchange, exchange.doubt);
    else core.fail(exchange, failure);
  }
}

/** True for failures that say nothing about the credentials. */
function mayPass(failure: SessionFailure): boolean {
  if (failure.kind === 'server') return failure.code === 57 || failure.code === 58;
  return failure.kind === 'timeout' || failure.kind === 'connection';
}
