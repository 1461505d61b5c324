import type { Identifier } from '../wire/index.js';

/** A consumer group by its place. */
export interface GroupPlace {
  readonly stream: Identifier;
  readonly topic: Identifier;
  readonly group: Identifier;
}

/** Tells groups apart by what the caller calls them. */
export function groupKey({ stream, topic, group }: GroupPlace): string {
  return JSON.stringify([stream, topic, group]);
}

/** First fields of every request about a group. */
export function groupTarget({ stream, topic, group }: GroupPlace) {
  return { stream_id: stream, topic_id: topic, group_id: group };
}
