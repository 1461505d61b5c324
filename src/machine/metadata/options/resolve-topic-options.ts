import type { Option, TypedValue } from '../../../wire/index.js';
import { code } from '../../codes.js';
import { OptionMap } from './option-map.js';
import { topicOptionLimits as limits, topicCatalogue, topicOption } from './topic-catalogue.js';
import { noLimit, type TopicSettings } from './topic-settings.js';

/** Values of options by key, canonical; sentinels and absent keys are missing. */
type OptionValues = ReadonlyMap<string, TypedValue>;

/** The options of a new topic as they enter the log. */
export interface ResolvedOptions {
  /** What the client named, in canonical kinds. */
  readonly explicit: readonly Option[];
  /** Defaults of everything else. */
  readonly derived: readonly Option[];
}

/** The first bad entry decides: an unknown key, or a value that cannot be understood. */
function readOptions(options: readonly Option[]): OptionValues | number {
  const values = new Map<string, TypedValue>();
  for (const option of options) {
    const known = topicOption(option.key);
    if (known === undefined) return code.unsupportedOptionKey;
    const value = known.read(option);
    if (value === undefined) return code.invalidOptionValue;
    if (!known.isSentinel(value)) values.set(option.key, value);
  }
  return values;
}

/** Explicit and derived options of a new topic, or the code of what is wrong with the request. */
export function resolveTopicOptions(
  options: readonly Option[],
  partitionsCount: number,
  partitionsMax: number,
): ResolvedOptions | number {
  const values = readOptions(options);
  if (typeof values === 'number') return values;
  const segmentSize = optionValue(values, 'segment_size');
  if (!isSegmentSize(segmentSize)) return code.invalidOptionValue;
  if (optionValue(values, 'preallocate_segments') === true) {
    const total = segmentSize * BigInt(partitionsCount);
    if (total > limits.preallocatedMax) return code.invalidOptionValue;
  }
  if (partitionsCount > partitionsMax) return code.tooManyPartitions;
  const cap = values.get('max_topic_size');
  if (typeof cap === 'bigint' && cap < segmentSize) return code.invalidTopicSize;
  return {
    explicit: optionsOf(values, (key) => values.has(key)),
    derived: optionsOf(values, (key) => !values.has(key)),
  };
}

/** 0, or the code of what is wrong with the options of an update. */
export function checkTopicUpdate(options: readonly Option[], segmentSize: number): number {
  for (const option of options) {
    const known = topicOption(option.key);
    if (known === undefined || !known.isUpdatable) return code.unsupportedOptionKey;
    if (known.read(option) === undefined) return code.invalidOptionValue;
  }
  const values = readOptions(options);
  if (typeof values === 'number') return values;
  const cap = values.get('max_topic_size');
  return typeof cap === 'bigint' && cap < BigInt(segmentSize) ? code.invalidTopicSize : code.ok;
}

/** What an update changes; absent = as before. Options that cannot be read change nothing. */
export interface LimitChanges {
  readonly compression?: number;
  readonly messageExpiry?: bigint;
  readonly maxTopicSize?: bigint;
}

export function limitChanges(options: readonly Option[]): LimitChanges {
  const changes: { -readonly [K in keyof LimitChanges]: LimitChanges[K] } = {};
  for (const option of options) {
    const known = topicOption(option.key);
    const value = known?.read(option);
    if (known === undefined || value === undefined || known.isSentinel(value)) continue;
    if (known.key === 'compression_algorithm') changes.compression = compressionNumber(value);
    if (known.key === 'message_expiry' && typeof value === 'bigint') changes.messageExpiry = value;
    if (known.key === 'max_topic_size' && typeof value === 'bigint') changes.maxTopicSize = value;
  }
  return changes;
}

/** A topic's options and settings as a committed creation says, explicit before derived. */
export interface EffectiveOptions {
  readonly options: OptionMap;
  readonly settings: TopicSettings;
  readonly compression: number;
}

/**
 * Keys this version does not know are kept but have no effect. `undefined` when a known one has a
 * value that cannot be understood.
 */
export function effectiveOptions(
  explicit: readonly Option[],
  derived: readonly Option[],
): EffectiveOptions | undefined {
  const named = explicit.filter((option) => !isSentinelOption(option));
  const options = OptionMap.of(named, derived);
  const values = new Map<string, TypedValue>();
  for (const { option } of options.entries) {
    const known = topicOption(option.key);
    if (known === undefined) continue;
    const value = known.read(option);
    if (value === undefined) return undefined;
    if (!known.isSentinel(value)) values.set(option.key, value);
  }
  return { options, ...settingsOf(values) };
}

/** The settings a stored option map stands for; what cannot be understood counts as absent. */
export function settingsOfMap(options: OptionMap): TopicSettings {
  const values = new Map<string, TypedValue>();
  for (const { option } of options.entries) {
    const known = topicOption(option.key);
    const value = known?.read(option);
    if (known === undefined || value === undefined || known.isSentinel(value)) continue;
    values.set(option.key, value);
  }
  return settingsOf(values).settings;
}

function settingsOf(values: OptionValues): Omit<EffectiveOptions, 'options'> {
  const number = (key: string): number => Number(optionValue(values, key));
  const expiry = optionValue(values, 'message_expiry');
  const size = optionValue(values, 'max_topic_size');
  return {
    compression: compressionNumber(optionValue(values, 'compression_algorithm')),
    settings: {
      messageExpiry: typeof expiry === 'bigint' ? expiry : noLimit,
      maxTopicSize: typeof size === 'bigint' ? size : noLimit,
      segmentSize: number('segment_size'),
      enforceFsync: optionValue(values, 'enforce_fsync') === true,
      messagesRequiredToSave: number('messages_required_to_save'),
      sizeOfMessagesRequiredToSave: number('size_of_messages_required_to_save'),
      preallocateSegments: optionValue(values, 'preallocate_segments') === true,
    },
  };
}

function optionValue(values: OptionValues, key: string): TypedValue {
  return values.get(key) ?? topicOption(key)?.fallback ?? '';
}

function isSegmentSize(size: TypedValue): size is bigint {
  if (typeof size !== 'bigint') return false;
  const { segmentSizeMin, segmentSizeMax, segmentSizeStep } = limits;
  return size >= segmentSizeMin && size <= segmentSizeMax && size % segmentSizeStep === 0n;
}

function isSentinelOption(option: Option): boolean {
  const known = topicOption(option.key);
  const value = known?.read(option);
  return known !== undefined && value !== undefined && known.isSentinel(value);
}

function optionsOf(values: OptionValues, wanted: (key: string) => boolean): readonly Option[] {
  return topicCatalogue
    .filter((known) => wanted(known.key))
    .map(({ key, kind }) => ({ key, kind, value: optionValue(values, key) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The number of a compression's name. */
function compressionNumber(name: TypedValue): number {
  return name === 'gzip' ? 2 : 1;
}
