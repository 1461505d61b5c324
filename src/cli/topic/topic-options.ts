import { usageError } from '../cli-error.js';
import { parseDuration, parseSize } from '../values.js';

/** Settings of a topic as flags give them. */
export interface TopicFlags {
  readonly compression?: string | undefined;
  readonly expiry?: string | undefined;
  readonly 'max-size'?: string | undefined;
}

/** Both sentinels of the protocol: nothing set, and without a limit. */
const serverDefault = 0n;
const unlimited = 0xffff_ffff_ffff_ffffn;

/**
 * Settings as the official command line has them, compression and then words of an expiry, put
 * together with those that flags give.
 *
 * @throws CliError E_USAGE when one is given both ways
 */
export function officialSettings(words: readonly string[], flags: TopicFlags): TopicFlags {
  const [compression, ...expiry] = words;
  if (compression === undefined) return flags;
  if (flags.compression !== undefined) throw usageError('the compression is given twice');
  compressionOf(compression);
  if (expiry.length === 0) return { ...flags, compression };
  if (flags.expiry !== undefined) throw usageError('the expiry is given twice');
  return { ...flags, compression, expiry: expiry.join(' ') };
}

/** The options of the request in the SDK's form. @throws CliError E_USAGE */
export function topicSettings(flags: TopicFlags) {
  const { compression, expiry, 'max-size': maxSize } = flags;
  return {
    ...(compression === undefined ? {} : { compression: compressionOf(compression) }),
    ...(expiry === undefined ? {} : { messageExpiry: expiryOf(expiry) }),
    ...(maxSize === undefined ? {} : { maxTopicSize: sizeOf(maxSize) }),
  };
}

function compressionOf(text: string): 'none' | 'gzip' {
  if (text === 'none' || text === 'gzip') return text;
  throw usageError(`compression: "${text}" is neither none nor gzip`);
}

function expiryOf(text: string): bigint {
  const word = text.toLowerCase();
  if (word === 'server_default') return serverDefault;
  if (['none', 'never', 'unlimited', 'never_expire'].includes(word)) return unlimited;
  return BigInt(parseDuration(text, '--expiry'));
}

function sizeOf(text: string): bigint {
  const word = text.toLowerCase();
  if (word === 'server_default') return serverDefault;
  if (word === 'unlimited') return unlimited;
  return BigInt(parseSize(text, '--max-size'));
}
