import { emptyBytes } from '../../base/index.js';
import {
  commands,
  consumerKey,
  consumerKind,
  encode,
  type PollMessagesRequest,
  parseGroup,
  pollingKind,
} from '../../wire/index.js';
import { decodeBody } from '../core/decode-body.js';
import type { ConsumerKind, PartitionView, PollQuery } from '../partition-view.js';

/** A partition by its numeric ids. */
export interface PartitionPlace {
  readonly stream: number;
  readonly topic: number;
  readonly partition: number;
  readonly group: number;
}

/** A read of a partition whose target and permission were checked. */
export type PartitionRead =
  | { readonly kind: 'poll'; readonly place: PartitionPlace; readonly query: PollQuery }
  | {
      readonly kind: 'offset';
      readonly place: PartitionPlace;
      readonly consumerKind: ConsumerKind;
      readonly consumer: number;
    };

/** Codes of the reads of a partition. */
const partitionReadCode = { poll: 100, consumerOffset: 120 } as const;

const { consumer, consumer_group: consumerGroup } = consumerKind.table;

const strategyOf = {
  [pollingKind.table.offset]: 'offset',
  [pollingKind.table.timestamp]: 'timestamp',
  [pollingKind.table.first]: 'first',
  [pollingKind.table.last]: 'last',
  [pollingKind.table.next]: 'next',
} as const;

/** The poll a client asks for, with the consumer as its table key. */
export function pollQueryOf(asked: PollMessagesRequest, key: number): PollQuery {
  return {
    consumerKind: asked.consumer.kind === consumerGroup ? 'group' : 'consumer',
    consumer: key,
    start: { strategy: strategyOf[asked.strategy.kind], value: asked.strategy.value },
    count: asked.count,
    autoCommit: asked.auto_commit,
  };
}

/** Body of a read for another node: everything named by numbers. */
export function encodePartitionRead(read: PartitionRead): Uint8Array {
  const { place } = read;
  const target = { stream_id: place.stream, topic_id: place.topic, partition_id: place.partition };
  if (read.kind === 'offset') {
    const kind = read.consumerKind === 'group' ? consumerGroup : consumer;
    const value = { consumer: { kind, id: read.consumer }, ...target };
    return encode(commands.get_consumer_offset.request, value);
  }
  const { query } = read;
  const kind = query.consumerKind === 'group' ? consumerGroup : consumer;
  return encode(commands.poll_messages.request, {
    consumer: { kind, id: query.consumer },
    ...target,
    strategy: { kind: pollingKind.table[query.start.strategy], value: query.start.value },
    count: query.count,
    auto_commit: query.autoCommit,
  });
}

/** The same on the other side; `undefined` for anything another node of ours would not send. */
export function decodePartitionRead(
  code: number,
  group: number,
  body: Uint8Array,
): PartitionRead | undefined {
  const parsed = group < 0 ? undefined : parseGroup(BigInt(group));
  if (parsed?.kind !== 'partition') return undefined;
  const { stream, topic, partition } = parsed;
  const place = { stream, topic, partition, group };
  if (code === partitionReadCode.poll) {
    const asked = decodeBody(commands.poll_messages, body);
    if (asked === undefined) return undefined;
    return { kind: 'poll', place, query: pollQueryOf(asked, consumerKey(asked.consumer.id)) };
  }
  const asked = decodeBody(commands.get_consumer_offset, body);
  if (code !== partitionReadCode.consumerOffset || asked === undefined) return undefined;
  const kind = asked.consumer.kind === consumerGroup ? 'group' : 'consumer';
  return { kind: 'offset', place, consumerKind: kind, consumer: consumerKey(asked.consumer.id) };
}

/** The stored offset of a consumer; nothing when none is stored. */
export function storedOffsetBody(
  partition: PartitionView,
  read: Extract<PartitionRead, { readonly kind: 'offset' }>,
): Uint8Array {
  const stored = partition.storedOffset(read.consumerKind, read.consumer);
  if (stored < 0) return emptyBytes;
  return encode(commands.get_consumer_offset.response, {
    partition_id: read.place.partition,
    current_offset: BigInt(partition.currentOffset),
    stored_offset: BigInt(stored),
  });
}
