import { bool8, chained, field, type StructValue, struct, u32 } from '../../schema/index.js';

const globalShape = () =>
  ({
    manage_servers: field(bool8, 'Change server settings; includes reading them.'),
    read_servers: field(bool8, 'Read statistics, clients and snapshots.'),
    manage_users: field(bool8, 'Create, change and delete users.'),
    read_users: field(bool8, 'List and read users.'),
    manage_streams: field(bool8, 'Create, change and delete streams and all they hold.'),
    read_streams: field(bool8, 'List and read streams and all they hold.'),
    manage_topics: field(bool8, 'Create, change and delete topics.'),
    read_topics: field(bool8, 'List and read topics.'),
    poll_messages: field(bool8, 'Poll from every topic.'),
    send_messages: field(bool8, 'Send to every topic.'),
  }) as const;

/** Rights on the whole server. */
export interface GlobalPermissions extends StructValue<typeof globalShape> {}
const globalPermissions = struct('GlobalPermissions', globalShape, 10);

const topicRightsShape = () =>
  ({
    manage_topic: field(bool8, 'Change, delete and purge the topic.'),
    read_topic: field(bool8, 'Read the topic, poll from it, use its consumer groups.'),
    poll_messages: field(bool8, 'Poll from the topic.'),
    send_messages: field(bool8, 'Send to the topic.'),
  }) as const;

/** Rights on one topic. */
export interface TopicRights extends StructValue<typeof topicRightsShape> {}
const topicRights = struct('TopicRights', topicRightsShape, 4);

const topicPermissionsShape = () =>
  ({
    topic_id: field(u32, 'Topic these rights are for; it need not exist.'),
    permissions: field(topicRights, 'Rights on the topic.'),
  }) as const;

export interface TopicPermissions extends StructValue<typeof topicPermissionsShape> {}
const topicPermissions = struct('TopicPermissions', topicPermissionsShape);

const streamRightsShape = () =>
  ({
    manage_stream: field(bool8, 'Change, delete and purge the stream.'),
    read_stream: field(bool8, 'Read the stream and its topics.'),
    manage_topics: field(bool8, 'Create, change and delete topics of the stream.'),
    read_topics: field(bool8, 'Read the topics of the stream.'),
    poll_messages: field(bool8, 'Poll from every topic of the stream.'),
    send_messages: field(bool8, 'Send to every topic of the stream.'),
  }) as const;

/** Rights on one stream. */
export interface StreamRights extends StructValue<typeof streamRightsShape> {}
const streamRights = struct('StreamRights', streamRightsShape, 6);

const streamPermissionsShape = () =>
  ({
    stream_id: field(u32, 'Stream these rights are for; it need not exist.'),
    permissions: field(streamRights, 'Rights on the stream.'),
    topics: field(chained(topicPermissions), 'Rights on single topics of the stream.'),
  }) as const;

export interface StreamPermissions extends StructValue<typeof streamPermissionsShape> {}
const streamPermissions = struct('StreamPermissions', streamPermissionsShape);

const shape = () =>
  ({
    global: field(globalPermissions, 'Rights on the whole server.'),
    streams: field(chained(streamPermissions), 'Rights on single streams.'),
  }) as const;

/** What a user may do. Lists keep the order and the duplicates of the wire. */
export interface Permissions extends StructValue<typeof shape> {}

/** @source Iggy binary protocol, Permissions */
export const permissions = struct('Permissions', shape);

/** The form writers send: ascending ids, and of several entries for one id only the last. */
export function canonicalPermissions(value: Permissions): Permissions {
  const streams = lastById(value.streams, (each) => each.stream_id).map((stream) => ({
    ...stream,
    topics: lastById(stream.topics, (each) => each.topic_id),
  }));
  return { global: value.global, streams };
}

function lastById<T>(items: readonly T[], idOf: (item: T) => number): readonly T[] {
  const byId = new Map(items.map((item) => [idOf(item), item] as const));
  return [...byId.values()].sort((a, b) => idOf(a) - idOf(b));
}
