// Bodies for the raw clients of the benchmarks, made once by the SDK's encoders.
import { commands, encode, encodeSendMessages } from '../../src/wire/index.js';

const place = { stream_id: 0, topic_id: 0 } as const;

/** A batch of `count` messages of `size` bytes for partition 0 of topic 0 of stream 0. */
export function sendBody(count: number, size: number): Uint8Array {
  const payload = new Uint8Array(size).fill(120);
  const messages = Array.from({ length: count }, (_, i) => ({
    id: BigInt(i + 1),
    originTimestamp: 1n,
    payload,
  }));
  return encodeSendMessages({ ...place, partitioning: { kind: 2, value: 0 } }, messages);
}

export function pollBody(offset: bigint, count: number): Uint8Array {
  return encode(commands.poll_messages.request, {
    ...place,
    consumer: { kind: 1, id: 1 },
    partition_id: 0,
    strategy: { kind: 1, value: offset },
    count,
    auto_commit: false,
  });
}

/** A poll of any strategy: 1 offset, 2 timestamp, 3 first, 4 last, 5 next. */
export function pollBodyOf(options: {
  readonly strategy: 1 | 2 | 3 | 4 | 5;
  readonly value: bigint;
  readonly count: number;
  readonly consumer: number;
  readonly autoCommit: boolean;
}): Uint8Array {
  const { strategy, value, count, consumer, autoCommit } = options;
  return encode(commands.poll_messages.request, {
    ...place,
    consumer: { kind: 1, id: consumer },
    partition_id: 0,
    strategy: { kind: strategy, value },
    count,
    auto_commit: autoCommit,
  });
}

/** A topic with one partition; sizes in bytes. */
export function topicBody(sizes?: {
  readonly segment: number;
  readonly topic: number;
}): Uint8Array {
  const option = (key: string, value: number) => ({ key, kind: 12, value: BigInt(value) });
  const options =
    sizes === undefined
      ? []
      : [option('segment_size', sizes.segment), option('max_topic_size', sizes.topic)];
  const request = { stream_id: 0, partitions_count: 1, name: 't', options };
  return encode(commands.create_topic.request, request);
}
