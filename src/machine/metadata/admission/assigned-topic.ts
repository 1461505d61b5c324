import { type CodecValue, createTopicWithAssignments } from '../../../wire/index.js';
import { decodeBody } from '../../requests.js';

/** The new topic of an entry: what was asked for, with the groups of its partitions. */
export type AssignedTopic = CodecValue<typeof createTopicWithAssignments>;

/** An entry is looked at when it comes into the log and when it is applied; bodies never change. */
const decoded = new WeakMap<Uint8Array, AssignedTopic>();

/** Reads the body of such an entry; `undefined` if it is malformed. */
export function assignedTopicIn(body: Uint8Array): AssignedTopic | undefined {
  const known = decoded.get(body);
  if (known !== undefined) return known;
  const topic = decodeBody(createTopicWithAssignments, body);
  if (topic !== undefined) decoded.set(body, topic);
  return topic;
}
