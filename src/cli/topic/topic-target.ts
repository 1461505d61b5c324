import { usageError } from '../cli-error.js';
import { type Identifier, parseIdentifier, parseInteger } from '../values.js';

/** A topic as two positionals or as one path. */
export interface TopicTarget {
  readonly stream_id: Identifier;
  readonly topic_id: Identifier;
}

/**
 * Takes stream and topic from the front of the positionals, written as `S T` or `S/T`.
 *
 * @returns the target and the positionals behind it; a path with a third part leaves that in front
 * @throws CliError E_USAGE when one is missing
 */
export function takeTopic(words: readonly string[]): {
  readonly target: TopicTarget;
  readonly label: string;
  readonly rest: readonly string[];
} {
  const [first = '', ...others] = words;
  const parts = first.includes('/') ? [...first.split('/'), ...others] : words;
  const [stream, topic, ...rest] = parts;
  if (stream === undefined || stream === '' || topic === undefined || topic === '') {
    throw usageError('a stream and a topic are needed', 'write STREAM TOPIC or STREAM/TOPIC');
  }
  const target = {
    stream_id: parseIdentifier(stream, 'STREAM'),
    topic_id: parseIdentifier(topic, 'TOPIC'),
  };
  return { target, label: `${stream}/${topic}`, rest };
}

/** A whole number in a positional. @throws CliError E_USAGE when it is missing or out of range */
export function takeCount(text: string | undefined, what: string, max: number): number {
  if (text === undefined) throw usageError(`${what} is missing`);
  return parseInteger(text, what, 1, max);
}

/** Refuses positionals that nothing asked for. @throws CliError E_USAGE */
export function refuseMore(rest: readonly string[]): void {
  if (rest.length > 0) throw usageError(`"${rest[0] ?? ''}" is one argument too many`);
}
