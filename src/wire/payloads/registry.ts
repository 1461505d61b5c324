import type { Codec } from '../schema/index.js';
import { createPersonalAccessToken } from './access-token/create-personal-access-token.js';
import { deletePersonalAccessToken } from './access-token/delete-personal-access-token.js';
import { getPersonalAccessTokens } from './access-token/get-personal-access-tokens.js';
import { loginWithPersonalAccessToken } from './access-token/login-with-personal-access-token.js';
import type { CommandSpec } from './command.js';
import { createConsumerGroup } from './consumer-group/create-consumer-group.js';
import { deleteConsumerGroup } from './consumer-group/delete-consumer-group.js';
import { getConsumerGroup } from './consumer-group/get-consumer-group.js';
import { getConsumerGroups } from './consumer-group/get-consumer-groups.js';
import { joinConsumerGroup } from './consumer-group/join-consumer-group.js';
import { leaveConsumerGroup } from './consumer-group/leave-consumer-group.js';
import { syncConsumerGroup } from './consumer-group/sync-consumer-group.js';
import { deleteConsumerOffset } from './consumer-offset/delete-consumer-offset.js';
import { getConsumerOffset } from './consumer-offset/get-consumer-offset.js';
import { storeConsumerOffset } from './consumer-offset/store-consumer-offset.js';
import { flushUnsavedBuffer } from './message/flush-unsaved-buffer.js';
import { pollMessages } from './message/poll-messages.js';
import { sendMessages } from './message/send-messages.js';
import { createPartitions } from './partition/create-partitions.js';
import { deletePartitions } from './partition/delete-partitions.js';
import { deleteSegments } from './partition/delete-segments.js';
import { createStream } from './stream/create-stream.js';
import { deleteStream } from './stream/delete-stream.js';
import { getStream } from './stream/get-stream.js';
import { getStreams } from './stream/get-streams.js';
import { purgeStream } from './stream/purge-stream.js';
import { updateStream } from './stream/update-stream.js';
import { describeOptions } from './system/describe-options.js';
import { getClient } from './system/get-client.js';
import { getClients } from './system/get-clients.js';
import { getClusterMetadata } from './system/get-cluster-metadata.js';
import { getMe } from './system/get-me.js';
import { getSnapshot } from './system/get-snapshot.js';
import { getStats } from './system/get-stats.js';
import { ping } from './system/ping.js';
import { createTopic } from './topic/create-topic.js';
import { deleteTopic } from './topic/delete-topic.js';
import { getTopic } from './topic/get-topic.js';
import { getTopics } from './topic/get-topics.js';
import { purgeTopic } from './topic/purge-topic.js';
import { updateTopic } from './topic/update-topic.js';
import { changePassword } from './user/change-password.js';
import { createUser } from './user/create-user.js';
import { deleteUser } from './user/delete-user.js';
import { getUser } from './user/get-user.js';
import { getUsers } from './user/get-users.js';
import { loginRegister } from './user/login-register.js';
import { loginRegisterWithPat } from './user/login-register-with-pat.js';
import { loginUser } from './user/login-user.js';
import { logoutUser } from './user/logout-user.js';
import { updatePermissions } from './user/update-permissions.js';
import { updateUser } from './user/update-user.js';

/** Every command a client can send, by its name and in the order of the codes. */
export const commands = {
  ping,
  get_stats: getStats,
  get_snapshot: getSnapshot,
  get_cluster_metadata: getClusterMetadata,
  describe_options: describeOptions,
  get_me: getMe,
  get_client: getClient,
  get_clients: getClients,
  get_user: getUser,
  get_users: getUsers,
  create_user: createUser,
  delete_user: deleteUser,
  update_user: updateUser,
  update_permissions: updatePermissions,
  change_password: changePassword,
  login_user: loginUser,
  logout_user: logoutUser,
  login_register: loginRegister,
  get_personal_access_tokens: getPersonalAccessTokens,
  create_personal_access_token: createPersonalAccessToken,
  delete_personal_access_token: deletePersonalAccessToken,
  login_with_personal_access_token: loginWithPersonalAccessToken,
  login_register_with_pat: loginRegisterWithPat,
  poll_messages: pollMessages,
  send_messages: sendMessages,
  flush_unsaved_buffer: flushUnsavedBuffer,
  get_consumer_offset: getConsumerOffset,
  store_consumer_offset: storeConsumerOffset,
  delete_consumer_offset: deleteConsumerOffset,
  get_stream: getStream,
  get_streams: getStreams,
  create_stream: createStream,
  delete_stream: deleteStream,
  update_stream: updateStream,
  purge_stream: purgeStream,
  get_topic: getTopic,
  get_topics: getTopics,
  create_topic: createTopic,
  delete_topic: deleteTopic,
  update_topic: updateTopic,
  purge_topic: purgeTopic,
  create_partitions: createPartitions,
  delete_partitions: deletePartitions,
  delete_segments: deleteSegments,
  get_consumer_group: getConsumerGroup,
  get_consumer_groups: getConsumerGroups,
  create_consumer_group: createConsumerGroup,
  delete_consumer_group: deleteConsumerGroup,
  join_consumer_group: joinConsumerGroup,
  leave_consumer_group: leaveConsumerGroup,
  sync_consumer_group: syncConsumerGroup,
} as const;

type Commands = typeof commands;
/** Names of commands, such as `create_stream`. */
export type CommandKey = keyof Commands;
/** Codes of commands. */
export type CommandCode = Commands[CommandKey]['code'];
/** The value type of a command's request body. */
export type RequestOf<K extends CommandKey> =
  Commands[K]['request'] extends Codec<infer T> ? T : never;
/** The value type of a command's reply payload. */
export type ResponseOf<K extends CommandKey> =
  Commands[K]['response'] extends Codec<infer T> ? T : never;

/** All commands, by ascending code. */
export const commandList: readonly CommandSpec[] = Object.values(commands);

const byCode: ReadonlyMap<number, CommandSpec> = new Map(
  commandList.map((each) => [each.code, each]),
);

/** The command with this code, or nothing. */
export function commandByCode(code: number): CommandSpec | undefined {
  return byCode.get(code);
}

/** The request body of the command with this code, or nothing. */
export function requestCodec(code: number): Codec<unknown> | undefined {
  return byCode.get(code)?.request;
}

/** The reply payload of the command with this code, or nothing. */
export function responseCodec(code: number): Codec<unknown> | undefined {
  return byCode.get(code)?.response;
}
