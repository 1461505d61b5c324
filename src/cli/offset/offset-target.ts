import { Args, Flags } from '@oclif/core';
import type { OffsetPlace, Reader } from '../../client/index.js';
import { ackLevel, consumerKind } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { parsePartition, type TopicTarget, takeTopic } from '../topic/topic-target.js';
import { type Identifier, parseIdentifier } from '../values.js';

/** Positionals of the commands on stored offsets. */
export const offsetArgs = {
  consumer: Args.string({ description: 'Consumer or group, by name or id.' }),
  stream: Args.string({ description: 'Stream, or STREAM/TOPIC[/PARTITION].' }),
  topic: Args.string({ description: 'Topic, by name or id.' }),
  partition: Args.string({ description: 'Partition.' }),
};

/** The flag that says whose offset is meant. */
export const kindFlag = {
  kind: Flags.string({
    char: 'k',
    summary: 'Whose offset.',
    options: ['consumer', 'consumer-group', 'consumer_group', 'c', 'cg'],
    default: 'consumer',
  }),
};

/** Whose offset, in which topic. */
export interface OffsetTarget {
  readonly consumer: Identifier;
  readonly isGroup: boolean;
  /** `consumer` or `consumer_group`. */
  readonly kindName: string;
  readonly topic: TopicTarget;
  readonly label: string;
  readonly partition: number | undefined;
  readonly rest: readonly string[];
}

/** Takes `C S T [P]` or `C S/T[/P]`. @throws CliError E_USAGE */
export function takeOffset(words: readonly string[], kind: string): OffsetTarget {
  const [consumer, ...others] = words;
  if (consumer === undefined) {
    throw usageError('a consumer is needed', 'write CONSUMER STREAM TOPIC PARTITION');
  }
  const { target, label, rest } = takeTopic(others);
  const [partition, ...more] = rest;
  const isGroup = kind !== 'consumer' && kind !== 'c';
  return {
    consumer: parseIdentifier(consumer, 'CONSUMER'),
    isGroup,
    kindName: isGroup ? 'consumer_group' : 'consumer',
    topic: target,
    label,
    partition: partition === undefined ? undefined : parsePartition(partition),
    rest: more,
  };
}

/** The partition, which this command cannot do without. @throws CliError E_USAGE */
export function neededPartition({ partition }: OffsetTarget): number {
  if (partition !== undefined) return partition;
  throw usageError('a partition is needed', 'write CONSUMER STREAM TOPIC PARTITION');
}

/** The place in the SDK's form. */
export function placeOf(target: OffsetTarget, partition: number): OffsetPlace {
  const { consumer, topic, isGroup } = target;
  const reader: Reader = isGroup ? { group: consumer } : { consumer };
  return { ...reader, stream: topic.stream_id, topic: topic.topic_id, partition };
}

/** The request fields of the wire. */
export function wireTarget(target: OffsetTarget, partition: number) {
  const { consumer, topic, isGroup } = target;
  return {
    consumer: {
      kind: isGroup ? consumerKind.table.consumer_group : consumerKind.table.consumer,
      id: consumer,
    },
    ...topic,
    partition_id: partition,
    ack: ackLevel.table.quorum,
  };
}
