import { humanDuration, humanSize } from '../../render/index.js';
import type { PartitionRecord, TopicRecord } from '../../wire/index.js';
import type { Fields, ListColumn, ObjectResult } from '../output/result.js';
import { shortTime, timeOrNull } from '../output/wire-values.js';

const unlimited = 0xffff_ffff_ffff_ffffn;

/** A topic as it is shown. */
export function topicFields(topic: TopicRecord, streamId: number) {
  const { max_topic_size: maxSize, message_expiry: expiry } = topic;
  return {
    id: topic.id,
    stream_id: streamId,
    name: topic.name,
    created_at: timeOrNull(topic.created_at),
    size_bytes: topic.size_bytes,
    max_size_bytes: maxSize === unlimited ? null : maxSize,
    max_size_default: maxSize === 0n,
    compression: String(topic.compression_algorithm) === '2' ? 'gzip' : 'none',
    expiry_us: expiry === unlimited ? null : expiry,
    expiry_default: expiry === 0n,
    options: {
      explicit: optionFields(topic.options),
      derived: optionFields(topic.derived_options),
    },
    messages_count: topic.messages_count,
    partitions_count: topic.partitions_count,
  } satisfies Fields;
}

type TopicFields = ReturnType<typeof topicFields>;

/** One partition as it is shown. */
export function partitionFields(partition: PartitionRecord) {
  return {
    id: partition.id,
    created_at: timeOrNull(partition.created_at),
    segments_count: partition.segments_count,
    current_offset: partition.current_offset,
    size_bytes: partition.size_bytes,
    messages_count: partition.messages_count,
  } satisfies Fields;
}

export const topicColumns: readonly ListColumn<TopicFields>[] = [
  { key: 'id', title: 'ID', align: 'right' },
  { key: 'created_at', title: 'Created', cell: (topic) => shortTime(topic.created_at) },
  { key: 'name', title: 'Name' },
  {
    key: 'size_bytes',
    title: 'Size',
    align: 'right',
    cell: (topic) => humanSize(topic.size_bytes),
  },
  { key: 'max_size_bytes', title: 'Max size', align: 'right', cell: maxSizeText },
  { key: 'compression', title: 'Compression' },
  { key: 'expiry_us', title: 'Expiry', cell: expiryText },
  { key: 'messages_count', title: 'Messages', align: 'right' },
  { key: 'partitions_count', title: 'Partitions', align: 'right' },
];

type PartitionFields = ReturnType<typeof partitionFields>;

export const partitionColumns: readonly ListColumn<PartitionFields>[] = [
  { key: 'id', title: 'ID', align: 'right' },
  { key: 'created_at', title: 'Created', cell: (each) => shortTime(each.created_at) },
  { key: 'segments_count', title: 'Segments', align: 'right' },
  { key: 'current_offset', title: 'Current offset', align: 'right' },
  { key: 'messages_count', title: 'Messages', align: 'right' },
  { key: 'size_bytes', title: 'Size', align: 'right', cell: (each) => humanSize(each.size_bytes) },
];

/** One topic as a result, with what `get` adds. */
export function topicResult(topic: TopicRecord, streamId: number, more: Fields = {}): ObjectResult {
  const value = topicFields(topic, streamId);
  return {
    kind: 'topic',
    value: { ...value, ...more },
    name: value.id,
    pairs: [
      { label: 'ID', value: value.id },
      { label: 'Name', value: value.name },
      { label: 'Created', value: shortTime(value.created_at) },
      { label: 'Partitions', value: value.partitions_count },
      { label: 'Messages', value: value.messages_count },
      { label: 'Size', value: humanSize(value.size_bytes) },
      { label: 'Max size', value: maxSizeText(value) },
      { label: 'Compression', value: value.compression },
      { label: 'Expiry', value: expiryText(value) },
    ],
  };
}

export function maxSizeText(
  topic: Pick<TopicFields, 'max_size_bytes' | 'max_size_default'>,
): string {
  if (topic.max_size_default) return 'server default';
  return topic.max_size_bytes === null ? 'unlimited' : humanSize(topic.max_size_bytes);
}

export function expiryText(topic: Pick<TopicFields, 'expiry_us' | 'expiry_default'>): string {
  if (topic.expiry_default) return 'server default';
  return topic.expiry_us === null ? 'never' : humanDuration(topic.expiry_us);
}

function optionFields(options: TopicRecord['options']): Fields {
  return Object.fromEntries(
    options.map(({ key, value }) => [String(key), value instanceof Uint8Array ? null : value]),
  );
}
