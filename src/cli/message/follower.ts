import { setTimeout as sleep } from 'node:timers/promises';
import { type IggyClient, isTransient, type PollStart } from '../../client/index.js';
import type { StoredMessage, TopicDetails } from '../../wire/index.js';
import { existingTopic } from '../topic/topic-lookup.js';
import type { TopicTarget } from '../topic/topic-target.js';
import type { Identifier } from '../values.js';

/** A message and the partition it is in. */
export interface FollowedMessage {
  readonly partition: number;
  readonly message: StoredMessage;
}

/** What is read, by whom, from where. */
export interface FollowPlan {
  readonly target: TopicTarget;
  /** All, and new ones when they appear, if absent. */
  readonly partition: number | undefined;
  readonly consumer: Identifier;
  /** Stores the offset of each batch after it was worked through. */
  readonly commit: boolean;
  readonly from: PollStart | 'now' | { readonly tail: number };
  /** Ends when all partitions were read to their end. */
  readonly exitAtEnd: boolean;
  readonly signal: AbortSignal;
}

const batchMessages = 1000;
const idleMillis = 200;
const refreshMillis = 5000;

/**
 * Reads the partitions of a topic in turn, as a consumer of its own, and waits out what passes, such
 * as an election.
 */
export async function* follow(
  client: IggyClient,
  plan: FollowPlan,
): AsyncGenerator<FollowedMessage, void, undefined> {
  const { signal, target } = plan;
  const starts = new Map<number, PollStart>();
  let looked = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (performance.now() - looked > refreshMillis) {
      const topic = await patiently(() => existingTopic(client, target, signal), signal);
      if (topic !== undefined) learn(starts, topic, plan, looked === Number.NEGATIVE_INFINITY);
      looked = performance.now();
    }
    let isAtEnd = starts.size > 0;
    for (const partition of starts.keys()) {
      const messages = await patiently(() => pollOnce(client, plan, partition, starts), signal);
      if (messages?.length !== 0) isAtEnd = false;
      if (messages !== undefined) yield* batchOf(client, plan, partition, messages, starts);
    }
    if (!isAtEnd) continue;
    if (plan.exitAtEnd) return;
    await sleep(idleMillis, undefined, { signal }).catch(() => undefined);
  }
}

/** Hands out a batch, then moves on behind it. */
async function* batchOf(
  client: IggyClient,
  plan: FollowPlan,
  partition: number,
  messages: readonly StoredMessage[],
  starts: Map<number, PollStart>,
): AsyncGenerator<FollowedMessage, void, undefined> {
  for (const message of messages) {
    if (plan.signal.aborted) return;
    yield { partition, message };
  }
  const last = messages.at(-1);
  if (last === undefined) return;
  starts.set(partition, { offset: last.offset + 1 });
  if (plan.commit) await commit(client, plan, partition, last.offset);
}

/** Partitions that are new are read from their first message. */
function learn(
  starts: Map<number, PollStart>,
  topic: TopicDetails,
  { partition, from }: FollowPlan,
  isFirstLook: boolean,
): void {
  for (const { id, current_offset: current, messages_count: messages } of topic.partitions) {
    if (starts.has(id) || (partition !== undefined && id !== partition)) continue;
    const end: PollStart = messages === 0n ? 'first' : { offset: current + 1n };
    starts.set(id, isFirstLook ? startIn(from, end) : 'first');
  }
}

function startIn(from: FollowPlan['from'], end: PollStart): PollStart {
  if (from === 'now') return end;
  if (typeof from !== 'object' || !('tail' in from)) return from;
  if (typeof end !== 'object' || !('offset' in end)) return end;
  const offset = BigInt(end.offset) - BigInt(from.tail);
  return offset > 0n ? { offset } : 'first';
}

async function pollOnce(
  client: IggyClient,
  { target, consumer, signal }: FollowPlan,
  partition: number,
  starts: ReadonlyMap<number, PollStart>,
): Promise<readonly StoredMessage[]> {
  const from = starts.get(partition) ?? 'next';
  const place = { stream: target.stream_id, topic: target.topic_id, partition, consumer };
  const polled = await client.messages.poll({ ...place, from, count: batchMessages }, { signal });
  return polled.messages;
}

async function commit(
  client: IggyClient,
  { target, consumer, signal }: FollowPlan,
  partition: number,
  offset: number,
): Promise<void> {
  const place = { stream: target.stream_id, topic: target.topic_id, partition, consumer };
  await patiently(
    () => client.offsets.store(place, { offset: BigInt(offset) }, { signal }),
    signal,
  );
}

/** Nothing when it failed in a way that passes, or when it is over. */
async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!isTransient(error)) throw error;
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    return undefined;
  }
}
