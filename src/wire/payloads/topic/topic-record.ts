import { counted, field, name, type StructValue, struct, u32, u64 } from '../../schema/index.js';
import { compressionAlgorithm, prefixedOptions } from '../primitives/index.js';

const topicShape = () =>
  ({
    id: field(u32, 'Topic id within the stream.'),
    created_at: field(u64, 'Creation time, microseconds since 1970.'),
    partitions_count: field(u32, 'Number of partitions.'),
    message_expiry: field(u64, 'Microseconds; 0 = server default, 2^64-1 = never.'),
    compression_algorithm: field(compressionAlgorithm, 'Setting only; nothing is compressed.'),
    max_topic_size: field(u64, 'Bytes; 0 = server default, 2^64-1 = unlimited.'),
    size_bytes: field(u64, 'Bytes in all partitions.'),
    messages_count: field(u64, 'Messages in all partitions.'),
    name: field(name, 'Topic name.'),
    options: field(prefixedOptions, 'Options that were set explicitly.'),
    derived_options: field(prefixedOptions, 'Defaults of all other options.'),
  }) as const;

/** A topic without its partitions. */
export interface TopicRecord extends StructValue<typeof topicShape> {}
export const topicRecord = struct('TopicRecord', topicShape);

const partitionShape = () =>
  ({
    id: field(u32, 'Partition id within the topic.'),
    created_at: field(u64, 'Creation time, microseconds since 1970.'),
    segments_count: field(u32, 'Segments; 0 in the reply to create_topic, else at least 1.'),
    current_offset: field(u64, 'Offset of the last committed message; 0 also when empty.'),
    size_bytes: field(u64, 'Bytes in all segments.'),
    messages_count: field(u64, 'Messages in all segments.'),
  }) as const;

/** One partition of a topic. */
export interface PartitionRecord extends StructValue<typeof partitionShape> {}
export const partitionRecord = struct('PartitionRecord', partitionShape, 40);

/** A topic and its partitions. */
export interface TopicDetails extends TopicRecord {
  readonly partitions: readonly PartitionRecord[];
}

export const topicDetails = counted('TopicDetails', topicShape, {
  count: 'partitions_count',
  name: 'partitions',
  item: partitionRecord,
  doc: 'Partitions of the topic.',
});
