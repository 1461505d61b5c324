import type { ExchangeReport, SessionFailure } from '../session/index.js';
import { formatEndpoint } from '../session/index.js';
import {
  commandByCode,
  EvictionReason,
  evictionReasonInfo,
  formatVersion,
  protocolVersion,
  serverErrorByCode,
} from '../wire/index.js';
import { connectFailureText } from './connect-failure.js';
import {
  CancelledError,
  type ClientError,
  ConnectionError,
  EvictedError,
  InvalidArgumentError,
  OutcomeUnknownError,
  ProtocolError,
  type RequestContext,
  ServerError,
  TimeoutError,
  UnauthenticatedError,
  UnsupportedError,
} from './errors.js';

/** The error for a failure of the session, with what was being asked. */
export function toError(
  failure: SessionFailure,
  report: ExchangeReport,
  reason?: unknown,
): ClientError {
  const request = contextOf(report);
  const what = request.code === 0 ? 'the login' : request.command;
  const inner = 'cause' in failure ? failure.cause : undefined;
  const cause = inner === undefined ? reason : toError(inner, report);
  const options = { protocolCode: failure.code, request, cause };
  switch (failure.kind) {
    case 'server':
      return serverError(failure, what, options);
    case 'evicted':
      return evictedError(failure, options);
    case 'outcome-unknown':
      return outcomeUnknown(failure, what, options);
    case 'timeout': {
      const { afterMillis, stage } = failure;
      const sent = stage === 'sent' ? 'no answer came' : 'it could not be sent';
      const text = `${what} timed out after ${afterMillis} ms: ${sent}; raise the time limit or check the server`;
      return new TimeoutError(text, { afterMillis, stage }, options);
    }
    case 'connection':
      return connectionError(failure, options);
    case 'local':
      return localError(failure, what, options);
    case 'protocol':
      return new ProtocolError(
        'PROTOCOL_VIOLATION',
        `the server broke the protocol: ${failure.reason}; is it an Iggy server of this version?`,
        { reason: failure.reason },
        options,
      );
    case 'cancelled': {
      const { stage } = failure;
      const effect = stage === 'sent' ? 'it was sent and may have an effect' : 'nothing was sent';
      return new CancelledError(`${what} was cancelled: ${effect}`, { stage }, options);
    }
  }
}

type Options = {
  readonly protocolCode: number;
  readonly request: RequestContext;
  readonly cause: unknown;
};
type FailureOf<K extends SessionFailure['kind']> = Extract<SessionFailure, { readonly kind: K }>;

/** What helps with errors that have one common reason. */
const advice: Readonly<Record<number, string>> = {
  40: 'log in first',
  57: 'its outcome was not decided within the time limit; the cluster may have no quorum',
  58: 'no node accepted it within the time limit; the cluster may be electing a leader',
  59: 'it was applied before and its reply is gone',
};

function serverError(
  { code, channel }: FailureOf<'server'>,
  what: string,
  options: Options,
): ServerError {
  const info = serverErrorByCode(code);
  const serverName = info?.name ?? 'unknown_error';
  const meaning = info === undefined ? `unknown error ${code}` : lowerFirst(info.meaning);
  const hint = adviceFor(code, options.request.code);
  const text = `${what} was refused: ${meaning} [${serverName} ${code}]${hint}`;
  return new ServerError(text, { serverCode: code, serverName, channel }, options);
}

function adviceFor(serverCode: number, commandCode: number): string {
  if (serverCode !== 41) return advice[serverCode] === undefined ? '' : `; ${advice[serverCode]}`;
  const permission = commandByCode(commandCode)?.permission;
  return permission === undefined
    ? '; ask for the permission, or use another user'
    : `; it needs the permission ${permission}`;
}

function evictedError(failure: FailureOf<'evicted'>, options: Options): EvictedError {
  const { reason } = failure;
  const info = evictionReasonInfo(reason);
  const reasonName = info?.name ?? `unknown(${reason})`;
  const meaning = info?.meaning ?? 'for a reason this client does not know';
  const window = failure.window && {
    min: formatVersion(failure.window.min),
    max: formatVersion(failure.window.max),
  };
  const own = formatVersion(protocolVersion);
  const detail =
    reason === EvictionReason.IncompatibleProtocol && window !== undefined
      ? `; it accepts ${window.min} to ${window.max}, this client speaks ${own}`
      : '';
  const text = `the server ended the session: ${meaning} [${reasonName} ${reason}]${detail}`;
  return new EvictedError(text, { reason, reasonName, ...(window && { window }) }, options);
}

function outcomeUnknown(
  failure: FailureOf<'outcome-unknown'>,
  what: string,
  options: Options,
): OutcomeUnknownError {
  const { clientId, request: requestNumber, applied } = failure;
  const text = applied
    ? `${what} was applied, but its result is lost; read the state to learn it`
    : `it is not known whether ${what} was applied (request ${requestNumber}); read the state ` +
      'before doing it again';
  return new OutcomeUnknownError(text, { clientId, requestNumber, applied }, options);
}

function connectionError(failure: FailureOf<'connection'>, options: Options): ConnectionError {
  const { code, reason, endpoint, attempts } = failure;
  const where = endpoint === undefined ? 'any server' : formatEndpoint(endpoint);
  const details = { reason, ...(endpoint && { node: where }), ...(attempts && { attempts }) };
  switch (code) {
    case 8: {
      const text = `the connection to ${where} was lost: ${reason}`;
      return new ConnectionError('CONNECTION_LOST', text, details, options);
    }
    case 9: {
      const text = connectFailureText(where, reason, attempts);
      return new ConnectionError('CONNECTION_FAILED', text, details, options);
    }
    case 61:
      return new ConnectionError(
        'NOT_CONNECTED',
        'not connected: call connect first',
        details,
        options,
      );
    case 63:
      return new ConnectionError('CLIENT_CLOSED', 'the client was closed', details, options);
  }
}

function localError(failure: FailureOf<'local'>, what: string, options: Options): ClientError {
  const { code, reason } = failure;
  const details = { reason };
  if (code === 40) {
    const text = `${what} needs a login: ${reason}; call login or give credentials`;
    return new UnauthenticatedError('UNAUTHENTICATED', text, details, options);
  }
  if (code === 5) return new UnsupportedError('UNSUPPORTED', reason, details, options);
  return new InvalidArgumentError('INVALID_ARGUMENT', reason, details, options);
}

function contextOf({ endpoint, code, ...report }: ExchangeReport): RequestContext {
  return {
    ...report,
    code,
    command: commandByCode(code)?.dispatchName ?? `command ${code}`,
    ...(endpoint === undefined ? {} : { node: formatEndpoint(endpoint) }),
  };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
