import type { Credentials } from './credentials.js';
import type { ExchangeReport } from './effects.js';
import type { Endpoint } from './endpoint.js';
import type { SessionFailure } from './failure.js';
import type { AmbiguousRetry } from './options.js';
import type { RequestKind } from './request-kind.js';

/** Who asked for a request: the caller, or the session itself. */
type ExchangePurpose = 'call' | 'login' | 'logout' | 'roster' | 'ping';

/** One logical request, from the moment it was asked for to its outcome. */
export interface Exchange {
  /** Absent for requests of the session itself, and once the caller was answered. */
  call: number | undefined;
  readonly purpose: ExchangePurpose;
  readonly code: number;
  readonly operation: number;
  readonly kind: RequestKind;
  readonly body: Uint8Array;
  /** The caller left room for a header in front of the body. */
  readonly hasRoom: boolean;
  readonly linearizable: boolean;
  readonly retry: AmbiguousRetry;
  readonly evenUnbound: boolean;
  /** What a login proves itself with. */
  readonly credentials: Credentials | undefined;
  readonly startedAt: number;
  readonly deadline: number;

  /** Encoded once; every copy that is sent is this one. */
  frame: Uint8Array | undefined;
  request: bigint | undefined;
  /** The connection it was encoded for. */
  link: number;
  /** Identity and table entry it was numbered under. */
  clientId: bigint | undefined;
  generation: number;
  origin: bigint | undefined;

  /** The newest copy was sent and has no answer yet. */
  sent: boolean;
  /** When the next copy leaves, while it pauses on its connection. */
  resendAt: number | undefined;
  /** Until then a 58 is replayed in place. */
  leaderCheckAt: number;
  /** Why it is not known whether an earlier copy was applied; absent when it is. */
  doubt: SessionFailure | undefined;
  /** The last transient code; what the caller gets when time runs out. */
  transient: SessionFailure | undefined;
  /** Copies sent so far. */
  sends: number;
  /** Copies that were sent although an earlier one may have been applied. */
  doubtful: number;
  /** Copies sent because an answer was lost, or because a login was needed first. */
  resends: number;
  logins: number;
  endpoint: Endpoint | undefined;
  session: bigint | undefined;
  view: number | undefined;
}

/** What is asked for, before anything was done about it. */
export type ExchangeRequest = Pick<
  Exchange,
  'call' | 'purpose' | 'code' | 'operation' | 'kind' | 'body' | 'startedAt' | 'deadline'
> &
  Partial<Pick<Exchange, 'hasRoom' | 'linearizable' | 'retry' | 'evenUnbound' | 'credentials'>>;

/** Written out: a literal with a spread in it takes many times as long, and one is made per request. */
export function newExchange(request: ExchangeRequest): Exchange {
  return {
    call: request.call,
    purpose: request.purpose,
    code: request.code,
    operation: request.operation,
    kind: request.kind,
    body: request.body,
    hasRoom: request.hasRoom ?? false,
    linearizable: request.linearizable ?? false,
    retry: request.retry ?? 'never',
    evenUnbound: request.evenUnbound ?? false,
    credentials: request.credentials,
    startedAt: request.startedAt,
    deadline: request.deadline,
    frame: undefined,
    request: undefined,
    link: 0,
    clientId: undefined,
    generation: 0,
    origin: undefined,
    sent: false,
    resendAt: undefined,
    leaderCheckAt: 0,
    doubt: undefined,
    transient: undefined,
    sends: 0,
    doubtful: 0,
    resends: 0,
    logins: 0,
    endpoint: undefined,
    session: undefined,
    view: undefined,
  };
}

export function reportOf(exchange: Exchange): ExchangeReport {
  const { code, request, session, endpoint, view, sends, doubtful } = exchange;
  const report: Mutable<ExchangeReport> = { code, retries: Math.max(0, sends - 1) };
  if (request !== undefined) report.request = request;
  if (session !== undefined) report.session = session;
  if (endpoint !== undefined) report.endpoint = endpoint;
  if (view !== undefined) report.view = view;
  if (doubtful !== 0) report.doubtful = doubtful;
  return report;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
