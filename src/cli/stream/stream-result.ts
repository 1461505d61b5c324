import { humanSize } from '../../render/index.js';
import type { StreamRecord, TopicRecord } from '../../wire/index.js';
import type { Fields, ListColumn, ObjectResult } from '../output/result.js';
import { shortTime, timeOrNull } from '../output/wire-values.js';

/** A stream as it is shown. */
export function streamFields(stream: StreamRecord) {
  return {
    id: stream.id,
    name: stream.name,
    created_at: timeOrNull(stream.created_at),
    size_bytes: stream.size_bytes,
    messages_count: stream.messages_count,
    topics_count: stream.topics_count,
  } satisfies Fields;
}

type StreamFields = ReturnType<typeof streamFields>;

export const streamColumns: readonly ListColumn<StreamFields>[] = [
  { key: 'id', title: 'ID', align: 'right' },
  { key: 'created_at', title: 'Created', cell: (stream) => shortTime(stream.created_at) },
  { key: 'name', title: 'Name' },
  { key: 'size_bytes', title: 'Size', align: 'right' },
  { key: 'messages_count', title: 'Messages', align: 'right' },
  { key: 'topics_count', title: 'Topics', align: 'right' },
];

/** One stream as a result, with what `get` adds. */
export function streamResult(stream: StreamRecord, more: Fields = {}): ObjectResult {
  const value = streamFields(stream);
  return {
    kind: 'stream',
    value: { ...value, ...more },
    name: value.id,
    pairs: [
      { label: 'ID', value: value.id },
      { label: 'Name', value: value.name },
      { label: 'Created', value: shortTime(value.created_at) },
      { label: 'Size', value: humanSize(value.size_bytes) },
      { label: 'Messages', value: value.messages_count },
      { label: 'Topics', value: value.topics_count },
    ],
  };
}

/** The short form of a topic inside a stream. */
export function topicInStream(topic: TopicRecord) {
  return {
    id: topic.id,
    name: topic.name,
    partitions_count: topic.partitions_count,
    messages_count: topic.messages_count,
    size_bytes: topic.size_bytes,
  } satisfies Fields;
}
