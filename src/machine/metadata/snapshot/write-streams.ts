import type {
  SnapshotGroup,
  SnapshotPartition,
  SnapshotStreams,
  SnapshotTopic,
} from '../../../wire/index.js';
import type { ConsumerGroup } from '../groups/consumer-group.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { Partition } from '../state/partition.js';
import type { Stream } from '../state/stream-table.js';
import type { Topic } from '../state/topic.js';

// Counters differ between replicas and are counted again from the segments after a restart.
const noStats = { size_bytes: 0n, messages_count: 0n, segments_count: 0 } as const;

/** Streams with all they hold, by ascending ids. */
export function writeStreams(state: MetadataState): SnapshotStreams {
  const streams = Array.from(state.streams.values(), streamItem);
  return { streams, revision: BigInt(state.revision) };
}

function streamItem(stream: Stream): SnapshotStreams['streams'][number] {
  const topics = Array.from(stream.topics.values(), (topic) => ({
    id: topic.id,
    topic: writeTopic(topic),
  }));
  return {
    id: stream.id,
    stream: {
      id: stream.id,
      name: stream.name,
      created_at: BigInt(stream.createdAt),
      stats: noStats,
      topics,
      options: [],
    },
  };
}

function writeTopic(topic: Topic): SnapshotTopic {
  return {
    id: topic.id,
    name: topic.name,
    created_at: BigInt(topic.createdAt),
    message_expiry: topic.limits.messageExpiry,
    compression: topic.limits.compression === 2 ? 'gzip' : 'none',
    max_topic_size: topic.limits.maxTopicSize,
    stats: noStats,
    partitions: topic.partitions.map(writePartition),
    groups: Array.from(topic.groups.values(), (group) => ({
      id: group.id,
      group: writeGroup(group),
    })),
    next_group_id: topic.nextGroupId,
    options: topic.options.entries.map(({ option, isExplicit }) => ({
      ...option,
      explicit: isExplicit,
    })),
  };
}

function writePartition(partition: Partition): SnapshotPartition {
  return {
    id: partition.id,
    consensus_group_id: BigInt(partition.consensusGroupId),
    created_at: BigInt(partition.createdAt),
    created_revision: BigInt(partition.createdRevision),
    deleted_up_to_offset: BigInt(partition.deletedUpToOffset),
    purge_generation: BigInt(partition.purgeGeneration),
  };
}

function writeGroup(group: ConsumerGroup): SnapshotGroup {
  return {
    id: group.id,
    generation: BigInt(group.generation),
    name: group.name,
    members: Array.from(group.members.values(), (member) => ({
      id: member.id,
      member: {
        id: member.id,
        client_id: member.clientId,
        partitions: member.partitions,
        pending_revocations: member.pending.map((move) => ({
          partition: move.partition,
          target_member: move.targetMember,
          created_at: BigInt(move.createdAt),
        })),
      },
    })),
  };
}
