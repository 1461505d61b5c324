import { Args } from '@oclif/core';
import { usageError } from '../cli-error.js';
import { type Identifier, parseIdentifier, parseInteger } from '../values.js';

/** A topic as two positionals or as one path. */
export interface TopicTarget {
  readonly stream_id: Identifier;
  readonly topic_id: Identifier;
}

/** A topic that was named, and what was typed behind it. */
export interface TakenTopic {
  readonly target: TopicTarget;
  /** As it is shown: `stream/topic`. */
  readonly label: string;
  /** The positionals behind it; a path with a third part leaves that in front. */
  readonly rest: readonly string[];
  /** The first of `rest` is the partition of a path `S/T/P`. */
  readonly hasPartition: boolean;
}

/**
 * Takes stream and topic from the front of the positionals, written as `S T` or `S/T`.
 *
 * @throws CliError E_USAGE when one is missing
 */
export function takeTopic(words: readonly string[]): TakenTopic {
  const [first = '', ...others] = words;
  const path = first.includes('/') ? first.split('/') : undefined;
  const parts = path === undefined ? words : [...path, ...others];
  const [stream, topic, ...rest] = parts;
  if (stream === undefined || stream === '' || topic === undefined || topic === '') {
    throw usageError('a stream and a topic are needed', 'write STREAM TOPIC or STREAM/TOPIC');
  }
  if (path !== undefined && path.length > 3) {
    throw usageError(`"${first}" has too many parts`, 'write STREAM/TOPIC/PARTITION at most');
  }
  const target = {
    stream_id: parseIdentifier(stream, 'STREAM'),
    topic_id: parseIdentifier(topic, 'TOPIC'),
  };
  return { target, label: `${stream}/${topic}`, rest, hasPartition: path?.length === 3 };
}

/** Takes a topic and one of its partitions, `S T P` or `S/T/P`. @throws CliError E_USAGE */
export function takePartition(
  words: readonly string[],
): Omit<TakenTopic, 'hasPartition'> & { readonly partition: number } {
  const { target, label, rest } = takeTopic(words);
  const [partition, ...more] = rest;
  if (partition === undefined) {
    throw usageError('a partition is needed', 'write STREAM TOPIC PARTITION');
  }
  const id = parsePartition(partition);
  return { target, partition: id, label: `${label}/${id}`, rest: more };
}

/** The number of a partition. @throws CliError E_USAGE */
export function parsePartition(text: string): number {
  return parseInteger(text, 'PARTITION', 0, 0xffff_ffff);
}

/** A whole number in a positional. @throws CliError E_USAGE when it is missing or out of range */
export function takeCount(text: string | undefined, what: string, max: number, min = 1): number {
  if (text === undefined) throw usageError(`${what} is missing`);
  return parseInteger(text, what, min, max);
}

/** Refuses positionals that nothing asked for. @throws CliError E_USAGE */
export function refuseMore(rest: readonly string[]): void {
  if (rest.length > 0) throw usageError(`"${rest[0] ?? ''}" is one argument too many`);
}

/** Positionals that name a topic. */
export const topicArgs = {
  stream: Args.string({ description: 'Stream, or STREAM/TOPIC.' }),
  topic: Args.string({ description: 'Topic, by name or id.' }),
};
