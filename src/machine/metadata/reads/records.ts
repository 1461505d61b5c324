import type {
  GroupDetails,
  GroupRecord,
  PartitionRecord,
  StreamRecord,
  TopicDetails,
  TopicRecord,
  UserRecord,
} from '../../../wire/index.js';
import { userStatuses } from '../../../wire/index.js';
import type { ConsumerGroup } from '../groups/consumer-group.js';
import type { Partition } from '../state/partition.js';
import type { Stream } from '../state/stream-table.js';
import type { Topic } from '../state/topic.js';
import type { User } from '../state/user-table.js';

export function streamRecordOf(stream: Stream): StreamRecord {
  return {
    id: stream.id,
    created_at: BigInt(stream.createdAt),
    topics_count: stream.topics.size,
    size_bytes: BigInt(stream.counters.sizeBytes),
    messages_count: BigInt(stream.counters.messages),
    name: stream.name,
    options: [],
  };
}

export function topicRecordOf(topic: Topic): TopicRecord {
  return {
    id: topic.id,
    created_at: BigInt(topic.createdAt),
    partitions_count: topic.partitions.length,
    message_expiry: topic.limits.messageExpiry,
    compression_algorithm: topic.limits.compression === 2 ? 2 : 1,
    max_topic_size: topic.limits.maxTopicSize,
    size_bytes: BigInt(topic.counters.sizeBytes),
    messages_count: BigInt(topic.counters.messages),
    name: topic.name,
    options: topic.options.explicit,
    derived_options: topic.options.derived,
  };
}

export function topicDetailsOf(topic: Topic): TopicDetails {
  return { partitions: topic.partitions.map(partitionRecordOf), ...topicRecordOf(topic) };
}

/** As answered to whoever created the topic: partitions that have no segment yet. */
export function newTopicDetailsOf(topic: Topic): TopicDetails {
  const partitions = topic.partitions.map((partition) => ({
    ...partitionRecordOf(partition),
    segments_count: 0,
  }));
  return { partitions, ...topicRecordOf(topic) };
}

function partitionRecordOf(partition: Partition): PartitionRecord {
  const { segments, currentOffset, sizeBytes, messages } = partition.counters.figures;
  return {
    id: partition.id,
    created_at: BigInt(partition.createdAt),
    segments_count: segments,
    current_offset: BigInt(currentOffset),
    size_bytes: BigInt(sizeBytes),
    messages_count: BigInt(messages),
  };
}

export function userRecordOf(user: User): UserRecord {
  return {
    id: user.id,
    created_at: BigInt(user.createdAt),
    status: user.isActive ? userStatuses.active : userStatuses.inactive,
    username: user.username,
    options: [],
  };
}

export function groupRecordOf(topic: Topic, group: ConsumerGroup): GroupRecord {
  return {
    id: group.id,
    partitions_count: topic.partitions.length,
    members_count: group.members.size,
    name: group.name,
  };
}

export function groupDetailsOf(topic: Topic, group: ConsumerGroup): GroupDetails {
  const members = Array.from(group.members.values(), ({ id, partitions }) => ({ id, partitions }));
  return { members, ...groupRecordOf(topic, group) };
}
