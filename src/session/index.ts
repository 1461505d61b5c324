/**
 * The client's side of a session: identity, numbering, replay, resume, failover. Pure and
 * synchronous: events in, effects out.
 * @module
 */
export { ClientSession, type SessionStatus } from './client-session.js';
export { ConsensusSession } from './consensus-session.js';
export type { Credentials } from './credentials.js';
export type {
  CallOutcome,
  CallReply,
  ConnectionState,
  ExchangeReport,
  SessionEffect,
  SessionNotice,
  SignedIn,
} from './effects.js';
export { type Endpoint, formatEndpoint, parseEndpoint, sameEndpoint } from './endpoint.js';
export type { CallRequest, SessionEvent } from './events.js';
export type {
  CancelledFailure,
  ConnectionFailure,
  EvictedFailure,
  LocalFailure,
  OutcomeUnknownFailure,
  ProtocolFailure,
  ServerFailure,
  SessionFailure,
  TimeoutFailure,
} from './failure.js';
export {
  type Assignment,
  GroupPoll,
  type GroupPollStep,
  GroupStates,
} from './group-states.js';
export { namedView } from './named-view.js';
export {
  type AmbiguousRetry,
  defaultSessionOptions,
  type Framing,
  frameSizeLimit,
  maxOutstanding,
  type ReconnectOptions,
  type RequestMode,
  resumeContext,
  type SessionEntropy,
  type SessionOptions,
  sessionTiming,
} from './options.js';
export { ProducerRoutes } from './producer-routes.js';
export { SessionError } from './session-error.js';
