import type { Option, TypedValue } from '../../../wire/index.js';
import { parseDurationText } from './duration-text.js';
import { parseSizeText } from './size-text.js';
import { noLimit, serverDefault } from './topic-settings.js';

/** Kinds of option values that occur in the catalogue. */
const kind = { string: 2, bool: 3, uint8: 9, uint32: 11, uint64: 12 } as const;

/** One option a topic can have. */
export interface TopicOption {
  readonly key: string;
  /** Kind values are stored in, whatever kind the client sent. */
  readonly kind: number;
  readonly fallback: TypedValue;
  readonly isUpdatable: boolean;
  readonly description: string;
  /** The value in its canonical form, or `undefined` when it is not acceptable. */
  read(option: Option): TypedValue | undefined;
  /** True for a canonical value that means "server default". */
  isSentinel(value: TypedValue): boolean;
}

/** Bounds of option values. @source Iggy server, topic options */
export const topicOptionLimits = {
  segmentSizeMin: 1_048_576n,
  segmentSizeMax: 1_073_741_824n,
  segmentSizeStep: 512n,
  messagesRequiredMax: 16_777_216,
  sizeRequiredMax: 1_073_741_824n,
  /** Seconds; longer expiries are refused when given as text. */
  expiryTextMax: 4_294_967_295n,
  preallocatedMax: 68_719_476_736n,
} as const;

const never = new Set(['none', 'None', 'unlimited', 'Unlimited', 'never_expire']);
const standard = new Set(['default', 'Default', 'server_default', 'Server_default']);
const digits = /^\+?\d{1,20}$/;

function isDefaultMark(value: TypedValue): boolean {
  return value === serverDefault;
}

function hasNoDefaultMark(): boolean {
  return false;
}

function readCompression({ kind: given, value }: Option): TypedValue | undefined {
  if (given === kind.uint8) return value === 1 ? 'none' : value === 2 ? 'gzip' : undefined;
  if (given !== kind.string || typeof value !== 'string') return undefined;
  const name = value.toLowerCase();
  return name === 'none' || name === 'gzip' ? name : undefined;
}

function readExpiry({ kind: given, value }: Option): TypedValue | undefined {
  if (given === kind.uint64) return typeof value === 'bigint' ? value : undefined;
  if (given !== kind.string || typeof value !== 'string') return undefined;
  if (never.has(value)) return noLimit;
  if (standard.has(value)) return serverDefault;
  const micros = parseDurationText(value);
  if (micros === undefined) return undefined;
  return micros / 1_000_000n > topicOptionLimits.expiryTextMax ? undefined : micros;
}

/** @param words texts with a meaning of their own */
function sizeReader(words: ReadonlyMap<string, bigint>, max = noLimit) {
  return ({ kind: given, value }: Option): TypedValue | undefined => {
    let size: bigint | undefined;
    if (given === kind.uint64 && typeof value === 'bigint') size = value;
    if (given === kind.string && typeof value === 'string') {
      size = words.get(value) ?? parseSizeText(value);
    }
    return size === undefined || size > max ? undefined : size;
  };
}

const sizeWords = new Map([
  ['none', serverDefault],
  ['None', serverDefault],
  ['unlimited', serverDefault],
  ['Unlimited', serverDefault],
]);
const topicSizeWords = new Map([
  ...sizeWords,
  ['unlimited', noLimit],
  ['server_default', serverDefault],
]);

function readBool({ kind: given, value }: Option): TypedValue | undefined {
  if (given === kind.bool) return typeof value === 'boolean' ? value : undefined;
  if (given !== kind.string) return undefined;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function readMessagesRequired({ kind: given, value }: Option): TypedValue | undefined {
  let count: number | undefined;
  if (given === kind.uint32 && typeof value === 'number') count = value;
  if (given === kind.string && typeof value === 'string' && digits.test(value)) {
    count = Number(value);
  }
  if (count === undefined || count < 1) return undefined;
  return count > topicOptionLimits.messagesRequiredMax ? undefined : count;
}

/** The options of a topic in the order they are listed to clients. */
export const topicCatalogue: readonly TopicOption[] = [
  {
    key: 'compression_algorithm',
    kind: kind.string,
    fallback: 'none',
    isUpdatable: true,
    description:
      'Compression clients are told to use: none or gzip. The server compresses nothing.',
    read: readCompression,
    isSentinel: hasNoDefaultMark,
  },
  {
    key: 'message_expiry',
    kind: kind.uint64,
    fallback: noLimit,
    isUpdatable: true,
    description:
      'Microseconds after which sealed segments are removed; the highest value is never.',
    read: readExpiry,
    isSentinel: isDefaultMark,
  },
  {
    key: 'max_topic_size',
    kind: kind.uint64,
    fallback: noLimit,
    isUpdatable: true,
    description:
      'Bytes the topic may hold before its oldest segments go; the highest is unlimited.',
    read: sizeReader(topicSizeWords),
    isSentinel: isDefaultMark,
  },
  {
    key: 'segment_size',
    kind: kind.uint64,
    fallback: topicOptionLimits.segmentSizeMax,
    isUpdatable: false,
    description: 'Bytes after which a segment is sealed: a multiple of 512 from 1 MiB to 1 GiB.',
    read: sizeReader(sizeWords),
    isSentinel: isDefaultMark,
  },
  {
    key: 'enforce_fsync',
    kind: kind.bool,
    fallback: false,
    isUpdatable: false,
    description: 'Sync the segment file after every write to it.',
    read: readBool,
    isSentinel: hasNoDefaultMark,
  },
  {
    key: 'messages_required_to_save',
    kind: kind.uint32,
    fallback: 1_024,
    isUpdatable: false,
    description: 'Committed messages that are written to the segment together.',
    read: readMessagesRequired,
    isSentinel: hasNoDefaultMark,
  },
  {
    key: 'size_of_messages_required_to_save',
    kind: kind.uint64,
    fallback: 1_048_576n,
    isUpdatable: false,
    description: 'Committed bytes that are written to the segment together.',
    read: sizeReader(sizeWords, topicOptionLimits.sizeRequiredMax),
    isSentinel: isDefaultMark,
  },
  {
    key: 'preallocate_segments',
    kind: kind.bool,
    fallback: false,
    isUpdatable: false,
    description: 'Reserve the space of a segment when it is created.',
    read: readBool,
    isSentinel: hasNoDefaultMark,
  },
];

const byKey: ReadonlyMap<string, TopicOption> = new Map(
  topicCatalogue.map((entry) => [entry.key, entry]),
);

/** The catalogue's entry of a key, or nothing. */
export function topicOption(key: string): TopicOption | undefined {
  return byKey.get(key);
}
