import type { Permissions } from '../payloads/index.js';
import {
  type Codec,
  type CodecValue,
  constrained,
  field,
  mapped,
  type StructValue,
  secret,
  struct,
} from '../schema/index.js';
import {
  packedArray,
  packedBool,
  packedMap,
  packedOption,
  packedText,
  packedTuple,
  packedU32,
  packedU64,
} from './msgpack/index.js';
import { storedOptions } from './snapshot-options.js';

const right = (doc: string) => field(packedBool, doc);

const globalShape = {
  manage_servers: right('Change server settings.'),
  read_servers: right('Read server figures.'),
  manage_users: right('Change users.'),
  read_users: right('Read users.'),
  manage_streams: right('Change streams.'),
  read_streams: right('Read streams.'),
  manage_topics: right('Change topics.'),
  read_topics: right('Read topics.'),
  poll_messages: right('Poll messages.'),
  send_messages: right('Send messages.'),
} as const;

const topicEntry = struct('TopicPermissions', {
  topic_id: field(packedU32, 'Topic.'),
  permissions: field(
    packedTuple('TopicRights', {
      manage_topic: right('Change the topic.'),
      read_topic: right('Read the topic.'),
      poll_messages: right('Poll from the topic.'),
      send_messages: right('Send to the topic.'),
    }),
    'Rights on the topic.',
  ),
});

const streamEntry = struct('StreamPermissions', {
  stream_id: field(packedU32, 'Stream.'),
  permissions: field(
    packedTuple('StreamRights', {
      manage_stream: right('Change the stream.'),
      read_stream: right('Read the stream.'),
      manage_topics: right('Change its topics.'),
      read_topics: right('Read its topics.'),
      poll_messages: right('Poll from its topics.'),
      send_messages: right('Send to its topics.'),
      topics: field(packedOption(packedMap(topicEntry)), 'Rights on single topics.'),
    }),
    'Rights on the stream.',
  ),
});

const packedPermissions = packedTuple('Permissions', {
  global: field(packedTuple('GlobalPermissions', globalShape), 'Rights on the whole server.'),
  streams: field(packedOption(packedMap(streamEntry)), 'Rights on single streams.'),
});

/** Permissions in the form of request bodies; no list and an empty list are the same. */
const permissions = mapped<CodecValue<typeof packedPermissions>, Permissions>(
  'Permissions',
  packedPermissions,
  ({ global, streams }) => ({
    global,
    streams: (streams ?? []).map(({ stream_id, permissions: { topics, ...rights } }) => ({
      stream_id,
      permissions: rights,
      topics: topics ?? [],
    })),
  }),
  ({ global, streams }) => ({
    global,
    streams: orNil(
      streams.map(({ stream_id, permissions: rights, topics }) => ({
        stream_id,
        permissions: { ...rights, topics: orNil(topics) },
      })),
    ),
  }),
);

function orNil<T>(items: readonly T[]): readonly T[] | null {
  return items.length === 0 ? null : items;
}

const statusText = constrained(packedText, (status) =>
  status === 'active' || status === 'inactive' ? undefined : `no user status is named ${status}`,
);
const status = mapped<string, 'active' | 'inactive'>(
  'UserStatus',
  statusText,
  (text) => (text === 'inactive' ? 'inactive' : 'active'),
  (value) => value,
);

const userShape = {
  id: field(packedU32, 'User id.'),
  username: field(packedText, 'User name.'),
  password_hash: field(secret(packedText), 'Password hash.'),
  status: field(status, 'Active or inactive.'),
  created_at: field(packedU64, 'Creation time, microseconds.'),
  permissions: field(packedOption(permissions), 'What the user may do.'),
  options: field(storedOptions, 'Options.'),
} as const;

/** A user in a snapshot. */
export interface SnapshotUser extends StructValue<typeof userShape> {}

const tokenShape = {
  user_id: field(packedU32, 'Owner.'),
  name: field(packedText, 'Name of the token.'),
  hash: field(secret(packedText), 'Hash of the token.'),
  expiry_at: field(packedOption(packedU64), 'When it expires, microseconds; none = never.'),
} as const;

/** An access token in a snapshot. */
export interface SnapshotToken extends StructValue<typeof tokenShape> {}

/** An index of permissions that is rebuilt after loading: six empty arrays. */
const permissioner: Codec<readonly (readonly unknown[])[]> = constrained(
  packedArray(packedArray(packedU32)),
  (parts) =>
    parts.length === 6 && parts.every((part) => part.length === 0)
      ? undefined
      : 'the permission index of a snapshot is six empty arrays',
);

const usersShape = {
  users: field(
    packedArray(
      packedTuple('UserItem', {
        id: field(packedU32, 'User id.'),
        user: field(packedTuple('User', userShape), 'User.'),
      }),
    ),
    'Users by ascending id.',
  ),
  tokens: field(
    packedArray(
      packedTuple('UserTokens', {
        user_id: field(packedU32, 'Owner.'),
        tokens: field(
          packedArray(
            packedTuple('TokenItem', {
              name: field(packedText, 'Name of the token.'),
              token: field(packedTuple('Token', tokenShape), 'Token.'),
            }),
          ),
          'Tokens of the user.',
        ),
      }),
    ),
    'Access tokens by owner.',
  ),
  permissioner: field(permissioner, 'Always empty.'),
} as const;

/** Users and tokens in a snapshot. */
export interface SnapshotUsers extends StructValue<typeof usersShape> {}
export const snapshotUsers = packedTuple('Users', usersShape);

/** What every snapshot holds in place of the permission index. */
export const emptyPermissioner: SnapshotUsers['permissioner'] = [[], [], [], [], [], []];
