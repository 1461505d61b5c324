export type {
  CreatePersonalAccessTokenRequest,
  CreatePersonalAccessTokenResponse,
} from './access-token/create-personal-access-token.js';
export type { DeletePersonalAccessTokenRequest } from './access-token/delete-personal-access-token.js';
export type {
  GetPersonalAccessTokensResponse,
  PersonalAccessTokenRecord,
} from './access-token/get-personal-access-tokens.js';
export type { LoginWithPersonalAccessTokenRequest } from './access-token/login-with-personal-access-token.js';
export type { CommandSpec, ReplyFraming } from './command.js';
export type { CreateConsumerGroupRequest } from './consumer-group/create-consumer-group.js';
export type { DeleteConsumerGroupRequest } from './consumer-group/delete-consumer-group.js';
export type { GetConsumerGroupRequest } from './consumer-group/get-consumer-group.js';
export type {
  GetConsumerGroupsRequest,
  GetConsumerGroupsResponse,
} from './consumer-group/get-consumer-groups.js';
export {
  type GroupDetails,
  type GroupMember,
  type GroupRecord,
  groupDetails,
  groupRecord,
} from './consumer-group/group-record.js';
export type { JoinConsumerGroupRequest } from './consumer-group/join-consumer-group.js';
export type { LeaveConsumerGroupRequest } from './consumer-group/leave-consumer-group.js';
export type {
  GroupAssignment,
  SyncConsumerGroupRequest,
} from './consumer-group/sync-consumer-group.js';
export type { DeleteConsumerOffsetRequest } from './consumer-offset/delete-consumer-offset.js';
export type {
  ConsumerOffset,
  GetConsumerOffsetRequest,
} from './consumer-offset/get-consumer-offset.js';
export type { StoreConsumerOffsetRequest } from './consumer-offset/store-consumer-offset.js';
export { empty } from './empty.js';
export {
  type CompleteConsumerGroupRevocation,
  completeConsumerGroupRevocation,
} from './internal/complete-consumer-group-revocation.js';
export {
  type CreatePartitionsWithAssignments,
  createPartitionsWithAssignments,
} from './internal/create-partitions-with-assignments.js';
export {
  type CreateTopicWithAssignments,
  createTopicWithAssignments,
  type PartitionAssignment,
} from './internal/create-topic-with-assignments.js';
export {
  type RemoveConsumerGroupMember,
  removeConsumerGroupMember,
} from './internal/remove-consumer-group-member.js';
export {
  type ReplicatedCreateAccessToken,
  type ReplicatedDeleteAccessToken,
  replicatedCreateAccessToken,
  replicatedDeleteAccessToken,
} from './internal/replicated-access-tokens.js';
export {
  type ReplicatedJoinConsumerGroup,
  type ReplicatedLeaveConsumerGroup,
  replicatedJoinConsumerGroup,
  replicatedLeaveConsumerGroup,
} from './internal/replicated-memberships.js';
export { type TruncatePartition, truncatePartition } from './internal/truncate-partition.js';
export { batchSize, encodeBatch, type NewMessage, writeBatch } from './message/batch-build.js';
export {
  type BatchStamp,
  checkBatchLayout,
  computeBatchChecksum,
  messageEnd,
  sealBatch,
  sealMessage,
  stampBatch,
  verifyBatch,
} from './message/batch-checksum.js';
export { type Batch, type BatchMessage, batch } from './message/batch-codec.js';
export {
  type BatchHeader,
  batchAt,
  batchHeaderSize,
  batchLengthAt,
  batchMessageCount,
  messageAt,
  messageHeaderSize,
  readBatchHeader,
} from './message/batch-layout.js';
export {
  forEachBatch,
  readAllMessages,
  readMessages,
  type StoredMessage,
} from './message/batch-read.js';
export { type BatchSlice, type SlicedBatch, sliceBatch } from './message/batch-slice.js';
export type { FlushUnsavedBufferRequest } from './message/flush-unsaved-buffer.js';
export { consumerKey, partitionIndexOfKey } from './message/message-key.js';
export {
  type PolledMessages,
  type PollHeader,
  type PollMessagesRequest,
  type PollMessagesResponse,
  pollHeaderSize,
  readPollReply,
  resyncPartition,
  writePollHeader,
} from './message/poll-messages.js';
export {
  encodeRouting,
  encodeSendMessages,
  readSendMessages,
  type SendConfirmation,
  type SendMessagesEnvelope,
  type SendMessagesRequest,
  type SendMessagesResponse,
  type SendTarget,
  verifySendMessages,
  wrapBatch,
} from './message/send-messages.js';
export type { CreatePartitionsRequest } from './partition/create-partitions.js';
export type { DeletePartitionsRequest } from './partition/delete-partitions.js';
export type { DeleteSegmentsRequest } from './partition/delete-segments.js';
export * from './primitives/index.js';
export * from './registry.js';
export * from './replicated.js';
export type { CreateStreamRequest } from './stream/create-stream.js';
export type { DeleteStreamRequest } from './stream/delete-stream.js';
export type { GetStreamRequest, StreamDetails } from './stream/get-stream.js';
export type { GetStreamsResponse } from './stream/get-streams.js';
export type { PurgeStreamRequest } from './stream/purge-stream.js';
export { type StreamRecord, streamRecord } from './stream/stream-record.js';
export type { UpdateStreamRequest } from './stream/update-stream.js';
export {
  type ClientDetails,
  type ClientRecord,
  clientDetails,
  clientRecord,
  type GroupMembership,
  noUser,
} from './system/client-record.js';
export type {
  DescribeOptionsRequest,
  DescribeOptionsResponse,
  OptionDescription,
} from './system/describe-options.js';
export type { GetClientRequest } from './system/get-client.js';
export type { GetClientsResponse } from './system/get-clients.js';
export type { ClusterMetadata, ClusterNode } from './system/get-cluster-metadata.js';
export type { GetSnapshotRequest, GetSnapshotResponse } from './system/get-snapshot.js';
export type { CacheMetrics, Stats } from './system/get-stats.js';
export type { CreateTopicRequest } from './topic/create-topic.js';
export type { DeleteTopicRequest } from './topic/delete-topic.js';
export type { GetTopicRequest } from './topic/get-topic.js';
export type { GetTopicsRequest, GetTopicsResponse } from './topic/get-topics.js';
export type { PurgeTopicRequest } from './topic/purge-topic.js';
export {
  type PartitionRecord,
  partitionRecord,
  type TopicDetails,
  type TopicRecord,
  topicDetails,
  topicRecord,
} from './topic/topic-record.js';
export type { UpdateTopicRequest } from './topic/update-topic.js';
export type { ChangePasswordRequest } from './user/change-password.js';
export type { CreateUserRequest } from './user/create-user.js';
export type { DeleteUserRequest } from './user/delete-user.js';
export type { GetUserRequest } from './user/get-user.js';
export type { GetUsersResponse } from './user/get-users.js';
export type { LoginRegisterRequest } from './user/login-register.js';
export type { LoginRegisterWithPatRequest } from './user/login-register-with-pat.js';
export { type LoginResponse, loginResponse } from './user/login-response.js';
export type { Identity, LoginUserRequest } from './user/login-user.js';
export type { UpdatePermissionsRequest } from './user/update-permissions.js';
export type { UpdateUserRequest } from './user/update-user.js';
export { type UserDetails, type UserRecord, userDetails, userRecord } from './user/user-record.js';
