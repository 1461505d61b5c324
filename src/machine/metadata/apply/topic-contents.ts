import { rebalanceFully } from '../groups/rebalance.js';
import type { PartitionAddress } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { Partition } from '../state/partition.js';
import type { Topic } from '../state/topic.js';

/** The address of a partition as the data plane knows it. */
export function addressOf(topic: Topic, partition: Partition): PartitionAddress {
  return {
    stream: topic.streamId,
    topic: topic.id,
    partition: partition.id,
    revision: partition.createdRevision,
  };
}

/** Everything beneath a topic that is about to vanish: partitions, groups, memberships. */
export function removeTopicContents(state: MetadataState, topic: Topic): void {
  for (const group of topic.groups.values()) state.memberships.removed(group);
  for (const partition of topic.partitions) {
    partition.counters.detach();
    state.changed({ kind: 'removed', partition: addressOf(topic, partition) });
  }
}

/** Starts every partition at offset 0 again; returns how many there are. */
export function purgeTopicPartitions(state: MetadataState, topic: Topic): number {
  for (const partition of topic.partitions) {
    partition.purge();
    const generation = partition.purgeGeneration;
    state.changed({ kind: 'purged', partition: addressOf(topic, partition), generation });
  }
  return topic.partitions.length;
}

/** The set of partitions changed: all groups of the topic deal them anew. */
export function rebalanceAllGroups(state: MetadataState, topic: Topic): void {
  const partitions = topic.partitionIds;
  for (const group of topic.groups.values()) {
    rebalanceFully(group, partitions);
    state.memberships.assignmentChanged(group);
  }
}
