import type { ConsumerGroup } from '../groups/consumer-group.js';
import type { GroupAccess, TopicPartitions } from '../metadata-face.js';
import type { Topic } from '../state/topic.js';

export function topicPartitionsOf(topic: Topic): TopicPartitions {
  const { id, streamId, createdAt, partitionIds } = topic;
  return { stream: streamId, topic: id, createdAt, partitions: partitionIds };
}

export function groupAccessOf(topic: Topic, group: ConsumerGroup): GroupAccess {
  return {
    group: group.id,
    ...topicPartitionsOf(topic),
    isOwned(partition) {
      for (const member of group.members.values()) if (member.owns(partition)) return true;
      return false;
    },
    owns: (client, partition) => group.memberOf(client)?.owns(partition) === true,
    polls(client, partition) {
      const member = group.memberOf(client);
      return member?.owns(partition) === true && !member.isMoving(partition);
    },
  };
}
