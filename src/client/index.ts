/**
 * The SDK: a client with typed commands over one session, its options, events and errors.
 * @module
 */
export type { Dialer, DialHandler, DialledSocket, DialTls } from '../platform/index.js';
export {
  type AmbiguousRetry,
  type Assignment,
  type CallReply,
  type ConnectionState,
  type Endpoint,
  type ExchangeReport,
  type Framing,
  formatEndpoint,
  parseEndpoint,
  type RequestMode,
  type SessionStatus,
  type SignedIn,
} from '../session/index.js';
export type { CommandCaller, RawCaller, RawRequest } from './caller.js';
export type { ClientEventName, ClientEvents, FrameEvent } from './client-events.js';
export type { GroupCommands } from './commands/groups.js';
export type { MessageCommands, PollPlace, SendPlace } from './commands/messages.js';
export type { OffsetCommands, OffsetPlace, Reader } from './commands/offsets.js';
export type { StreamCommands } from './commands/streams.js';
export type { SnapshotSection, SystemCommands } from './commands/system.js';
export type { NewTopicSettings, TopicSettings } from './commands/topic-options.js';
export { topicOptions } from './commands/topic-options.js';
export type {
  NewTopic,
  PartitionCommands,
  SegmentCommands,
  TopicCommands,
} from './commands/topics.js';
export type { NewUser, TokenCommands, UserCommands, UserState } from './commands/users.js';
export { parseConnectionString } from './connection-string.js';
export {
  type CommitMode,
  Consumer,
  type ConsumerOptions,
  type ReceivedMessage,
} from './consumer.js';
export { parseDuration } from './duration.js';
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
export type { GroupPlace } from './group-place.js';
export { IggyClient } from './iggy-client.js';
export type { HeaderValue, MessageInput } from './message-input.js';
export type {
  CallOptions,
  ClientCredentials,
  ClientOptions,
  PasswordCredentials,
  ReconnectSettings,
  TokenCredentials,
} from './options.js';
export type { Partitioning } from './partitioning.js';
export type { PollStart } from './poll-start.js';
export { Producer, type ProducerOptions, type SendReport } from './producer.js';
export { RawConnection, type RawConnectionOptions } from './raw-connection.js';
export type { RawReply } from './raw-reply.js';
export { isTransient, type RetryPolicy } from './retry.js';
