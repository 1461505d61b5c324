import { type Option, type TypedValue, valueKinds } from '../../wire/index.js';

/** Settings of a topic; what is left out keeps its default, or its value on an update. */
export interface TopicSettings {
  /** Announced only: neither client nor server compresses. */
  readonly compression?: 'none' | 'gzip';
  /** Microseconds after which messages may be removed; 2^64-1 = never. */
  readonly messageExpiry?: bigint;
  /** Bytes; 2^64-1 = unlimited. */
  readonly maxTopicSize?: bigint;
}

/** Settings that can be given at creation only. */
export interface NewTopicSettings extends TopicSettings {
  /** Bytes, a multiple of 512 in 1 MiB..1 GiB. */
  readonly segmentSize?: bigint;
  readonly enforceFsync?: boolean;
  readonly messagesRequiredToSave?: number;
  readonly sizeOfMessagesRequiredToSave?: bigint;
  readonly preallocateSegments?: boolean;
}

interface OptionForm {
  readonly key: string;
  readonly kind: number;
}

/** Name and kind of each setting on the wire. @source Iggy binary protocol, topic options */
const forms: { readonly [K in keyof Required<NewTopicSettings>]: OptionForm } = {
  compression: { key: 'compression_algorithm', kind: valueKinds.string },
  messageExpiry: { key: 'message_expiry', kind: valueKinds.uint64 },
  maxTopicSize: { key: 'max_topic_size', kind: valueKinds.uint64 },
  segmentSize: { key: 'segment_size', kind: valueKinds.uint64 },
  enforceFsync: { key: 'enforce_fsync', kind: valueKinds.bool },
  messagesRequiredToSave: { key: 'messages_required_to_save', kind: valueKinds.uint32 },
  sizeOfMessagesRequiredToSave: {
    key: 'size_of_messages_required_to_save',
    kind: valueKinds.uint64,
  },
  preallocateSegments: { key: 'preallocate_segments', kind: valueKinds.bool },
};

/** The options block of the settings that are given. */
export function topicOptions(settings: NewTopicSettings): readonly Option[] {
  const values: Readonly<Record<string, TypedValue | undefined>> = { ...settings };
  return Object.entries(forms).flatMap(([name, form]) => {
    const value = values[name];
    return value === undefined ? [] : [{ ...form, value }];
  });
}
