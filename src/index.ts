/**
 * The SDK of iggyctl: a client for replicated Apache Iggy clusters.
 *
 * ```ts
 * const client = await IggyClient.connect('iggy://iggy:iggy@127.0.0.1:8090');
 * await client.streams.create('orders');
 * await client.close();
 * ```
 * @module
 */
export { IggyctlError, isIggyctlError } from './base/index.js';
export * from './client/index.js';
export { version } from './version.js';
export type {
  ClientDetails,
  ClientRecord,
  ClusterMetadata,
  ClusterNode,
  CommandKey,
  ConsumerOffset,
  GroupDetails,
  GroupMember,
  GroupRecord,
  Identifier,
  Option,
  OptionDescription,
  PartitionRecord,
  Permissions,
  PersonalAccessTokenRecord,
  PolledMessages,
  RequestOf,
  ResponseOf,
  SendConfirmation,
  Stats,
  StoredMessage,
  StreamDetails,
  StreamRecord,
  TopicDetails,
  TopicRecord,
  UserDetails,
  UserHeader,
  UserRecord,
} from './wire/index.js';
export { decodeUserHeaders, serverErrorByCode, valueKinds } from './wire/index.js';
