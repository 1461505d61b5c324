import type { Endpoint } from './endpoint.js';

/**
 * Why a call did not succeed, as data. `code` is the number of the protocol's error table that
 * official clients report for the same case.
 */
export type SessionFailure =
  | ServerFailure
  | EvictedFailure
  | OutcomeUnknownFailure
  | TimeoutFailure
  | ConnectionFailure
  | LocalFailure
  | ProtocolFailure
  | CancelledFailure;

/** The server answered with an error code. */
export interface ServerFailure {
  readonly kind: 'server';
  readonly code: number;
  /** Header field, for refusals before replication, or result section of the body. */
  readonly channel: 'status' | 'result';
}

/** The server ended the session, or refused the login. */
export interface EvictedFailure {
  readonly kind: 'evicted';
  readonly reason: number;
  readonly code: number;
  /** Accepted protocol versions, packed; on incompatible versions only. */
  readonly window?: { readonly min: number; readonly max: number };
}

/** A mutation may or may not have been applied. Never retried by the session itself. */
export interface OutcomeUnknownFailure {
  readonly kind: 'outcome-unknown';
  readonly code: 8;
  readonly clientId: bigint;
  readonly request: bigint;
  /** True when it was applied and only its result is lost. */
  readonly applied: true | undefined;
  readonly cause: SessionFailure;
}

/** The time limit of a call ran out. */
export interface TimeoutFailure {
  readonly kind: 'timeout';
  readonly code: 8;
  readonly afterMillis: number;
  /** Where the call was then. `waiting`: nothing was sent. */
  readonly stage: 'waiting' | 'sent';
}

/** There is no connection to send on. */
export interface ConnectionFailure {
  readonly kind: 'connection';
  /** 8 lost, 9 cannot be made, 61 not connected, 63 client closed. */
  readonly code: 8 | 9 | 61 | 63;
  readonly reason: string;
  readonly endpoint?: Endpoint;
  /** Dials that failed, when connecting was given up. */
  readonly attempts?: number;
}

/** Refused on this side; nothing was sent. */
export interface LocalFailure {
  readonly kind: 'local';
  readonly code: 3 | 5 | 40;
  readonly reason: string;
  readonly cause?: SessionFailure;
}

/** The server sent something that is no answer. The connection is closed. */
export interface ProtocolFailure {
  readonly kind: 'protocol';
  readonly code: 3;
  readonly reason: string;
}

/** The caller gave up. */
export interface CancelledFailure {
  readonly kind: 'cancelled';
  readonly code: 8;
  readonly stage: 'waiting' | 'sent';
}
