import type { IggyClient, PollStart } from '../../client/index.js';
import type { StoredMessage, TopicDetails } from '../../wire/index.js';
import type { TopicTarget } from '../topic/topic-target.js';

/** Which messages of a topic: from a start to an end, both included. */
export interface MessageRange {
  readonly target: TopicTarget;
  /** All partitions if absent. */
  readonly partition: number | undefined;
  readonly from: PollStart;
  /** An offset in every partition, or a time; nothing = all there is. */
  readonly to: { readonly offset: bigint } | { readonly timestampMicros: bigint } | undefined;
  readonly signal: AbortSignal;
}

const batchMessages = 1000;

/** The messages that a topic holds now, partition by partition. */
export async function* readRange(
  client: IggyClient,
  topic: TopicDetails,
  { target, partition: only, from, to, signal }: MessageRange,
): AsyncGenerator<{ readonly partition: number; readonly message: StoredMessage }> {
  for (const { id, messages_count: messages, current_offset: last } of topic.partitions) {
    if ((only !== undefined && id !== only) || messages === 0n) continue;
    let start = from;
    for (;;) {
      const place = { stream: target.stream_id, topic: target.topic_id, partition: id };
      const polled = await client.messages.poll(
        { ...place, consumer: 0, from: start, count: batchMessages },
        { signal },
      );
      for (const message of polled.messages) {
        if (BigInt(message.offset) > last || isBeyond(message, to)) break;
        yield { partition: id, message };
      }
      const end = polled.messages.at(-1);
      if (end === undefined || BigInt(end.offset) >= last || isBeyond(end, to)) break;
      start = { offset: end.offset + 1 };
    }
  }
}

function isBeyond({ offset, timestamp }: StoredMessage, to: MessageRange['to']): boolean {
  if (to === undefined) return false;
  return 'offset' in to ? BigInt(offset) > to.offset : BigInt(timestamp) > to.timestampMicros;
}
