import { field, type StructValue } from '../schema/index.js';
import {
  packedArray,
  packedText,
  packedTuple,
  packedU32,
  packedU64,
  packedU128,
} from './msgpack/index.js';
import { storedOptions } from './snapshot-options.js';

const statsShape = {
  size_bytes: field(packedU64, 'Bytes.'),
  messages_count: field(packedU64, 'Messages.'),
  segments_count: field(packedU32, 'Segments.'),
} as const;

/** Counters; ours writes zeros, they are counted again from the segments. */
export interface SnapshotStats extends StructValue<typeof statsShape> {}
const stats = packedTuple('Stats', statsShape);

const partitionShape = {
  id: field(packedU32, 'Partition id.'),
  consensus_group_id: field(packedU64, 'Consensus group that replicates it.'),
  created_at: field(packedU64, 'Creation time, microseconds.'),
  created_revision: field(packedU64, 'Revision that created it; names this incarnation.'),
  deleted_up_to_offset: field(packedU64, 'Sealed segments up to here may go.'),
  purge_generation: field(packedU64, 'How often it was purged.'),
} as const;

/** A partition in a snapshot. */
export interface SnapshotPartition extends StructValue<typeof partitionShape> {}

const revocationShape = {
  partition: field(packedU32, 'Partition that is to move.'),
  target_member: field(packedU32, 'Member that gets it.'),
  created_at: field(packedU64, 'When it was announced, microseconds.'),
} as const;

/** A pending hand-over in a snapshot. */
export interface SnapshotRevocation extends StructValue<typeof revocationShape> {}

const memberShape = {
  id: field(packedU32, 'Number within the group.'),
  client_id: field(packedU128, 'Session client.'),
  partitions: field(packedArray(packedU32), 'Partitions it owns, in assignment order.'),
  pending_revocations: field(
    packedArray(packedTuple('Revocation', revocationShape)),
    'Partitions it is about to give up.',
  ),
} as const;

/** A group member in a snapshot. */
export interface SnapshotMember extends StructValue<typeof memberShape> {}

const groupShape = {
  id: field(packedU32, 'Group id.'),
  generation: field(packedU64, 'Grows with every rebalance.'),
  name: field(packedText, 'Group name.'),
  members: field(
    packedArray(
      packedTuple('MemberItem', {
        id: field(packedU32, 'Number within the group.'),
        member: field(packedTuple('Member', memberShape), 'Member.'),
      }),
    ),
    'Members by ascending id.',
  ),
} as const;

/** A consumer group in a snapshot. */
export interface SnapshotGroup extends StructValue<typeof groupShape> {}

const topicShape = {
  id: field(packedU32, 'Topic id.'),
  name: field(packedText, 'Topic name.'),
  created_at: field(packedU64, 'Creation time, microseconds.'),
  message_expiry: field(packedU64, 'Microseconds; 0 = server default, 2^64-1 = never.'),
  compression: field(packedText, '`none` or `gzip`.'),
  max_topic_size: field(packedU64, 'Bytes; 0 = server default, 2^64-1 = unlimited.'),
  stats: field(stats, 'Counters.'),
  partitions: field(packedArray(packedTuple('Partition', partitionShape)), 'Partitions.'),
  groups: field(
    packedArray(
      packedTuple('GroupItem', {
        id: field(packedU32, 'Group id.'),
        group: field(packedTuple('Group', groupShape), 'Group.'),
      }),
    ),
    'Consumer groups by ascending id.',
  ),
  next_group_id: field(packedU32, 'Id of the next group.'),
  options: field(storedOptions, 'Options.'),
} as const;

/** A topic in a snapshot. */
export interface SnapshotTopic extends StructValue<typeof topicShape> {}

const streamShape = {
  id: field(packedU32, 'Stream id.'),
  name: field(packedText, 'Stream name.'),
  created_at: field(packedU64, 'Creation time, microseconds.'),
  stats: field(stats, 'Counters.'),
  topics: field(
    packedArray(
      packedTuple('TopicItem', {
        id: field(packedU32, 'Topic id.'),
        topic: field(packedTuple('Topic', topicShape), 'Topic.'),
      }),
    ),
    'Topics by ascending id.',
  ),
  options: field(storedOptions, 'Options.'),
} as const;

/** A stream in a snapshot. */
export interface SnapshotStream extends StructValue<typeof streamShape> {}

const streamsShape = {
  streams: field(
    packedArray(
      packedTuple('StreamItem', {
        id: field(packedU32, 'Stream id.'),
        stream: field(packedTuple('Stream', streamShape), 'Stream.'),
      }),
    ),
    'Streams by ascending id.',
  ),
  revision: field(packedU64, 'Grows whenever partitions or assignments change.'),
} as const;

/** Streams in a snapshot. */
export interface SnapshotStreams extends StructValue<typeof streamsShape> {}
export const snapshotStreams = packedTuple('Streams', streamsShape);
