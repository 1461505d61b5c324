import type { IggyClient, PollStart } from '../../client/index.js';
import type { PartitionRecord } from '../../wire/index.js';
import type { TopicTarget } from '../topic/topic-target.js';

/** Where a consumer is to go on: at the first message, behind the last, or at one. */
export type Destination = 'first' | 'last' | PollStart;

/**
 * The offset to store so that the next poll starts at the destination; nothing when none may be
 * stored for that.
 */
export async function offsetBefore(
  client: IggyClient,
  place: TopicTarget & { readonly partition: PartitionRecord },
  destination: Destination,
): Promise<bigint | undefined> {
  const { partition } = place;
  if (destination === 'last') {
    return partition.messages_count === 0n ? undefined : partition.current_offset;
  }
  // A number that no consumer uses, so that nobody's position is touched.
  const { messages } = await client.messages.poll({
    ...{ stream: place.stream_id, topic: place.topic_id, partition: partition.id },
    ...{ consumer: 0, from: destination, count: 1 },
  });
  const [message] = messages;
  if (message === undefined) {
    return partition.messages_count === 0n ? undefined : partition.current_offset;
  }
  return message.offset === 0 ? undefined : BigInt(message.offset) - 1n;
}
