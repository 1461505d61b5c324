import { type ErrorDetails, IggyctlError } from '../base/index.js';

/** What was being asked when an error occurred. */
export interface RequestContext {
  /** Command code. */
  readonly code: number;
  /** Name of the command, or `unknown`. */
  readonly command: string;
  /** Request number in the header; absent when nothing was encoded. */
  readonly request?: bigint;
  readonly session?: bigint;
  /** Node that was asked, `host:port`. */
  readonly node?: string;
  /** View named by the reply. */
  readonly view?: number;
  /** How often the request was sent again. */
  readonly retries: number;
}

/** Codes of the errors of the SDK; stable. */
export type ClientErrorCode =
  | 'SERVER_ERROR'
  | 'SESSION_EVICTED'
  | 'OUTCOME_UNKNOWN'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'CONNECTION_FAILED'
  | 'CONNECTION_LOST'
  | 'NOT_CONNECTED'
  | 'CLIENT_CLOSED'
  | 'UNAUTHENTICATED'
  | 'PROTOCOL_VIOLATION'
  | 'UNSUPPORTED'
  | 'INVALID_ARGUMENT'
  | 'CONNECTION_STRING_INVALID';

/** What every error of the SDK carries besides its code. */
export interface ClientErrorOptions {
  /** Number in the protocol's error table that official clients report for the same case. */
  readonly protocolCode?: number;
  readonly request?: RequestContext;
  readonly cause?: unknown;
}

/** The base of the errors of the SDK. */
export abstract class ClientError<
  Code extends ClientErrorCode = ClientErrorCode,
> extends IggyctlError<Code> {
  readonly protocolCode: number | undefined;
  readonly request: RequestContext | undefined;

  constructor(
    code: Code,
    message: string,
    details: ErrorDetails,
    { protocolCode, request, cause }: ClientErrorOptions = {},
  ) {
    super(code, message, details, cause === undefined ? undefined : { cause });
    this.protocolCode = protocolCode;
    this.request = request;
  }
}

/** The server answered with an error code. */
export class ServerError extends ClientError<'SERVER_ERROR'> {
  /** Number in the protocol's error table. */
  readonly serverCode: number;
  /** Name in that table, such as `stream_name_already_exists`; `unknown_error` if it has none. */
  readonly serverName: string;
  /** Where the code was: the header (refused before replication) or the body. */
  readonly channel: 'status' | 'result';

  constructor(
    message: string,
    facts: {
      readonly serverCode: number;
      readonly serverName: string;
      readonly channel: 'status' | 'result';
    },
    options: ClientErrorOptions = {},
  ) {
    super('SERVER_ERROR', message, { ...facts }, { protocolCode: facts.serverCode, ...options });
    this.serverCode = facts.serverCode;
    this.serverName = facts.serverName;
    this.channel = facts.channel;
  }
}

/** The server ended the session or refused the login, with an Eviction frame. */
export class EvictedError extends ClientError<'SESSION_EVICTED'> {
  readonly reason: number;
  /** Such as `SessionTooLow`; `unknown(200)` for reasons without a name. */
  readonly reasonName: string;
  /** Accepted protocol versions in dotted form; on IncompatibleProtocol only. */
  readonly window: { readonly min: string; readonly max: string } | undefined;

  constructor(
    message: string,
    facts: {
      readonly reason: number;
      readonly reasonName: string;
      readonly window?: { readonly min: string; readonly max: string };
    },
    options: ClientErrorOptions = {},
  ) {
    super('SESSION_EVICTED', message, { ...facts }, options);
    this.reason = facts.reason;
    this.reasonName = facts.reasonName;
    this.window = facts.window;
  }
}

/** A mutation may have been applied or not; it is never sent again without being asked to. */
export class OutcomeUnknownError extends ClientError<'OUTCOME_UNKNOWN'> {
  readonly clientId: bigint;
  /** Its number within the session. */
  readonly requestNumber: bigint;
  /** True when it was applied and only the result is lost; otherwise nothing is known. */
  readonly applied: true | undefined;

  constructor(
    message: string,
    facts: {
      readonly clientId: bigint;
      readonly requestNumber: bigint;
      readonly applied: true | undefined;
    },
    options: ClientErrorOptions = {},
  ) {
    super('OUTCOME_UNKNOWN', message, { ...facts }, { protocolCode: 8, ...options });
    this.clientId = facts.clientId;
    this.requestNumber = facts.requestNumber;
    this.applied = facts.applied;
  }
}

/** The time limit of a call ran out. */
export class TimeoutError extends ClientError<'TIMEOUT'> {
  /** `waiting`: nothing was sent. `sent`: a mutation may have been applied. */
  readonly stage: 'waiting' | 'sent';

  constructor(
    message: string,
    facts: { readonly afterMillis: number; readonly stage: 'waiting' | 'sent' },
    options: ClientErrorOptions = {},
  ) {
    super('TIMEOUT', message, { ...facts }, { protocolCode: 8, ...options });
    this.stage = facts.stage;
  }
}

/** The caller gave up on a call, through its AbortSignal. */
export class CancelledError extends ClientError<'CANCELLED'> {
  /** `waiting`: nothing was sent. `sent`: a mutation may have been applied. */
  readonly stage: 'waiting' | 'sent';

  constructor(
    message: string,
    facts: { readonly stage: 'waiting' | 'sent' },
    options: ClientErrorOptions = {},
  ) {
    super('CANCELLED', message, { ...facts }, options);
    this.stage = facts.stage;
  }
}

/** There is no connection: it cannot be made, was lost, was never asked for, or was closed. */
export class ConnectionError extends ClientError<
  'CONNECTION_FAILED' | 'CONNECTION_LOST' | 'NOT_CONNECTED' | 'CLIENT_CLOSED'
> {}

/** A command that needs a login, on a client that has none. Nothing was sent. */
export class UnauthenticatedError extends ClientError<'UNAUTHENTICATED'> {}

/** The server sent bytes that are not an answer; the connection is closed. */
export class ProtocolError extends ClientError<'PROTOCOL_VIOLATION'> {}

/** The server or the chosen framing cannot do what was asked. Nothing was sent. */
export class UnsupportedError extends ClientError<'UNSUPPORTED'> {}

/** An argument is outside what the protocol can say. Nothing was sent. */
export class InvalidArgumentError extends ClientError<'INVALID_ARGUMENT'> {}

/** A connection string that cannot be used: 8000, or 84 for text in place of a number. */
export class ConnectionStringError extends ClientError<'CONNECTION_STRING_INVALID'> {
  constructor(problem: string, part: 'string' | 'number' = 'string') {
    super(
      'CONNECTION_STRING_INVALID',
      `invalid connection string: ${problem}`,
      { problem },
      { protocolCode: part === 'number' ? 84 : 8000 },
    );
  }
}
