import { addressOf } from '../apply/topic-contents.js';
import type { PartitionInfo } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { Partition } from '../state/partition.js';
import type { Topic } from '../state/topic.js';

/** What the data plane has to know about one partition, as of now. */
export function partitionInfo(topic: Topic, partition: Partition): PartitionInfo {
  const { messageExpiry, maxTopicSize } = topic.limits;
  return {
    createdAt: partition.createdAt,
    ...addressOf(topic, partition),
    consensusGroup: partition.consensusGroupId,
    deletedUpToOffset: partition.deletedUpToOffset,
    purgeGeneration: partition.purgeGeneration,
    settings: { messageExpiry, maxTopicSize, ...topic.storage },
    partitionsCount: topic.partitions.length,
    counters: partition.counters,
  };
}

/** Every committed partition, by stream, topic and partition id. */
export function* allPartitions(state: MetadataState): IterableIterator<PartitionInfo> {
  for (const stream of state.streams.values()) {
    for (const topic of stream.topics.values()) {
      for (const partition of topic.partitions) yield partitionInfo(topic, partition);
    }
  }
}
