import type { Identifier } from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ConsumerGroup } from '../groups/consumer-group.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { Stream } from '../state/stream-table.js';
import type { Topic } from '../state/topic.js';
import { passesGate } from './gate.js';
import type { AccessRule } from './rules.js';

// Existence comes before permission: a target that is missing gives its own code, also to users
// without rights. Names that do not resolve give the code of the id, whatever was sent.

export interface StreamRef {
  readonly stream_id: Identifier;
}

export interface TopicRef extends StreamRef {
  readonly topic_id: Identifier;
}

export interface GroupRef extends TopicRef {
  readonly group_id: Identifier;
}

export interface TopicTarget {
  readonly stream: Stream;
  readonly topic: Topic;
}

export interface GroupTarget extends TopicTarget {
  readonly group: ConsumerGroup;
}

/** Who asks for what. */
export interface Actor {
  readonly userId: number;
}

/** The stream if it exists and the actor may, else a code. */
export function streamTarget(
  state: MetadataState,
  actor: Actor,
  ref: StreamRef,
  rule: AccessRule,
): Stream | number {
  const stream = state.streams.find(ref.stream_id);
  if (stream === undefined) return code.streamNotFound;
  if (!passesGate(state, actor.userId, rule, { stream: stream.id })) return code.unauthorized;
  return stream;
}

/** The topic if it exists and the actor may, else a code. */
export function topicTarget(
  state: MetadataState,
  actor: Actor,
  ref: TopicRef,
  rule: AccessRule,
): TopicTarget | number {
  const stream = state.streams.find(ref.stream_id);
  if (stream === undefined) return code.streamNotFound;
  const topic = stream.topic(ref.topic_id);
  if (topic === undefined) return code.topicNotFound;
  const scope = { stream: stream.id, topic: topic.id };
  return passesGate(state, actor.userId, rule, scope) ? { stream, topic } : code.unauthorized;
}

/** The group if it exists and the actor may, else a code. */
export function groupTarget(
  state: MetadataState,
  actor: Actor,
  ref: GroupRef,
  rule: AccessRule,
): GroupTarget | number {
  const found = topicTarget(state, actor, ref, rule);
  if (typeof found === 'number') return found;
  const group = found.topic.group(ref.group_id);
  return group === undefined ? code.groupNotFound : { ...found, group };
}
