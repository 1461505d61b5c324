/**
 * The SDK: a client with typed commands over one session, its options, events and errors.
 * @module
 */
export type { CommandCaller } from './caller.js';
export type { ClientEventName, ClientEvents, FrameEvent } from './client-events.js';
export type { StreamCommands } from './commands/streams.js';
export type { SystemCommands } from './commands/system.js';
export { parseConnectionString } from './connection-string.js';
export {
  CancelledError,
  ClientError,
  type ClientErrorCode,
  ConnectionError,
  ConnectionStringError,
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
export { IggyClient } from './iggy-client.js';
export type {
  CallOptions,
  ClientCredentials,
  ClientOptions,
  PasswordCredentials,
  ReconnectSettings,
  TokenCredentials,
} from './options.js';
export type { RawReply } from './raw-reply.js';
