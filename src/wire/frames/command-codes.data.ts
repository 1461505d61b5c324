import { Operation } from './operation.js';

/** One command code: what a client asks for, independent of how it is framed. */
export interface CommandCodeInfo {
  readonly code: number;
  /** Name of the command, such as `create_stream`. */
  readonly name: string;
  /** Name under which servers dispatch and log it, such as `stream.create`. */
  readonly dispatchName: string;
  /** Name of the constant in the protocol. */
  readonly constant: string;
  /** The operation a request header carries for it. */
  readonly operation: Operation;
}

type Row = readonly [
  code: number,
  name: string,
  dispatchName: string,
  constant: string,
  operation: Operation,
];

const rows: readonly Row[] = [
  [1, 'ping', 'ping', 'PING', Operation.NonReplicated],
  [10, 'get_stats', 'stats', 'GET_STATS', Operation.NonReplicated],
  [11, 'get_snapshot', 'snapshot', 'GET_SNAPSHOT_FILE', Operation.NonReplicated],
  [12, 'get_cluster_metadata', 'cluster.metadata', 'GET_CLUSTER_METADATA', Operation.NonReplicated],
  [13, 'describe_options', 'options.describe', 'DESCRIBE_OPTIONS', Operation.NonReplicated],
  [20, 'get_me', 'me', 'GET_ME', Operation.NonReplicated],
  [21, 'get_client', 'client.get', 'GET_CLIENT', Operation.NonReplicated],
  [22, 'get_clients', 'client.list', 'GET_CLIENTS', Operation.NonReplicated],
  [31, 'get_user', 'user.get', 'GET_USER', Operation.NonReplicated],
  [32, 'get_users', 'user.list', 'GET_USERS', Operation.NonReplicated],
  [33, 'create_user', 'user.create', 'CREATE_USER', Operation.CreateUser],
  [34, 'delete_user', 'user.delete', 'DELETE_USER', Operation.DeleteUser],
  [35, 'update_user', 'user.update', 'UPDATE_USER', Operation.UpdateUser],
  [36, 'update_permissions', 'user.permissions', 'UPDATE_PERMISSIONS', Operation.UpdatePermissions],
  [37, 'change_password', 'user.password', 'CHANGE_PASSWORD', Operation.ChangePassword],
  [38, 'login_user', 'user.login', 'LOGIN_USER', Operation.NonReplicated],
  [39, 'logout_user', 'user.logout', 'LOGOUT_USER', Operation.Logout],
  [40, 'login_register', 'user.login_register', 'LOGIN_REGISTER', Operation.Register],
  [
    41,
    'get_personal_access_tokens',
    'personal_access_token.list',
    'GET_PERSONAL_ACCESS_TOKENS',
    Operation.NonReplicated,
  ],
  [
    42,
    'create_personal_access_token',
    'personal_access_token.create',
    'CREATE_PERSONAL_ACCESS_TOKEN',
    Operation.CreatePersonalAccessToken,
  ],
  [
    43,
    'delete_personal_access_token',
    'personal_access_token.delete',
    'DELETE_PERSONAL_ACCESS_TOKEN',
    Operation.DeletePersonalAccessToken,
  ],
  [
    44,
    'login_with_personal_access_token',
    'personal_access_token.login',
    'LOGIN_WITH_PERSONAL_ACCESS_TOKEN',
    Operation.NonReplicated,
  ],
  [
    45,
    'login_register_with_pat',
    'user.login_register_with_pat',
    'LOGIN_REGISTER_WITH_PAT',
    Operation.Register,
  ],
  [100, 'poll_messages', 'message.poll', 'POLL_MESSAGES', Operation.NonReplicated],
  [101, 'send_messages', 'message.send', 'SEND_MESSAGES', Operation.SendMessages],
  [
    102,
    'flush_unsaved_buffer',
    'message.flush_unsaved_buffer',
    'FLUSH_UNSAVED_BUFFER',
    Operation.NonReplicated,
  ],
  [
    120,
    'get_consumer_offset',
    'consumer_offset.get',
    'GET_CONSUMER_OFFSET',
    Operation.NonReplicated,
  ],
  [
    121,
    'store_consumer_offset',
    'consumer_offset.store',
    'STORE_CONSUMER_OFFSET',
    Operation.StoreConsumerOffset,
  ],
  [
    122,
    'delete_consumer_offset',
    'consumer_offset.delete',
    'DELETE_CONSUMER_OFFSET',
    Operation.DeleteConsumerOffset,
  ],
  [200, 'get_stream', 'stream.get', 'GET_STREAM', Operation.NonReplicated],
  [201, 'get_streams', 'stream.list', 'GET_STREAMS', Operation.NonReplicated],
  [202, 'create_stream', 'stream.create', 'CREATE_STREAM', Operation.CreateStream],
  [203, 'delete_stream', 'stream.delete', 'DELETE_STREAM', Operation.DeleteStream],
  [204, 'update_stream', 'stream.update', 'UPDATE_STREAM', Operation.UpdateStream],
  [205, 'purge_stream', 'stream.purge', 'PURGE_STREAM', Operation.PurgeStream],
  [300, 'get_topic', 'topic.get', 'GET_TOPIC', Operation.NonReplicated],
  [301, 'get_topics', 'topic.list', 'GET_TOPICS', Operation.NonReplicated],
  [302, 'create_topic', 'topic.create', 'CREATE_TOPIC', Operation.CreateTopic],
  [303, 'delete_topic', 'topic.delete', 'DELETE_TOPIC', Operation.DeleteTopic],
  [304, 'update_topic', 'topic.update', 'UPDATE_TOPIC', Operation.UpdateTopic],
  [305, 'purge_topic', 'topic.purge', 'PURGE_TOPIC', Operation.PurgeTopic],
  [402, 'create_partitions', 'partition.create', 'CREATE_PARTITIONS', Operation.CreatePartitions],
  [403, 'delete_partitions', 'partition.delete', 'DELETE_PARTITIONS', Operation.DeletePartitions],
  [503, 'delete_segments', 'segment.delete', 'DELETE_SEGMENTS', Operation.DeleteSegments],
  [600, 'get_consumer_group', 'consumer_group.get', 'GET_CONSUMER_GROUP', Operation.NonReplicated],
  [
    601,
    'get_consumer_groups',
    'consumer_group.list',
    'GET_CONSUMER_GROUPS',
    Operation.NonReplicated,
  ],
  [
    602,
    'create_consumer_group',
    'consumer_group.create',
    'CREATE_CONSUMER_GROUP',
    Operation.CreateConsumerGroup,
  ],
  [
    603,
    'delete_consumer_group',
    'consumer_group.delete',
    'DELETE_CONSUMER_GROUP',
    Operation.DeleteConsumerGroup,
  ],
  [
    604,
    'join_consumer_group',
    'consumer_group.join',
    'JOIN_CONSUMER_GROUP',
    Operation.JoinConsumerGroup,
  ],
  [
    605,
    'leave_consumer_group',
    'consumer_group.leave',
    'LEAVE_CONSUMER_GROUP',
    Operation.LeaveConsumerGroup,
  ],
  [
    606,
    'sync_consumer_group',
    'consumer_group.sync',
    'SYNC_CONSUMER_GROUP',
    Operation.NonReplicated,
  ],
];

/** Every command code, in rising order. */
export const commandCodes: readonly CommandCodeInfo[] = rows.map(
  ([code, name, dispatchName, constant, operation]) => ({
    code,
    name,
    dispatchName,
    constant,
    operation,
  }),
);
