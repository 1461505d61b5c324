import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientOptions, IggyClient } from '../../client/index.js';
import type { Meter } from './meter.js';
import type { BenchPlan } from './options.js';
import { batchMaker } from './payloads.js';

/** What an actor works with. */
export interface ActorContext {
  readonly plan: BenchPlan;
  readonly client: IggyClient;
  readonly options: ClientOptions;
  readonly meter: Meter;
  /** Number among its like, from 0. */
  readonly number: number;
  readonly stream: string;
  readonly topic: string;
  readonly group: string;
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
}

const emptyPause = 1;

/** Sends batches, at their intended times when there is a rate. */
export async function produce(context: ActorContext): Promise<void> {
  const { plan, client, meter } = context;
  const next = batchMaker(plan);
  const place = sendPlace(context);
  await paced(context, plan.producers, async (intendedAt) => {
    const { messages, bytes } = next();
    await client.messages.send(place, messages);
    meter.done(intendedAt, messages.length, bytes);
  });
}

/** What the consumers of a run know of each other. */
export interface Reading {
  /** Messages that all of them read. */
  read: number;
  /** Messages they are to read together; absent = until the time is over. */
  readonly wanted: number | undefined;
  /** Nothing more will be sent. */
  isAllSent: boolean;
}

/** Polls that brought nothing in a row, after which nothing more is expected. */
const patience = 100;

/** Reads until the time is over, or until all was read that is sent. */
export async function consume(context: ActorContext, reading: Reading): Promise<void> {
  const { plan, signal } = context;
  if (plan.kind.isGroup) await context.client.groups.join(groupPlace(context));
  let offset = 0n;
  let empty = 0;
  while (!signal.aborted && reading.read < (reading.wanted ?? Infinity)) {
    const count = await readOnce(context, offset);
    offset += BigInt(count);
    reading.read += count;
    empty = count === 0 ? empty + 1 : 0;
    if (count > 0) continue;
    // A reader of its own partition that has time left reads it again.
    if (reading.isAllSent && !plan.kind.isGroup && reading.wanted === undefined) offset = 0n;
    else if (reading.isAllSent && empty >= patience) return;
    await sleep(emptyPause);
  }
}

/** Sends a batch and reads it back before the next. */
export async function produceAndConsume(context: ActorContext): Promise<void> {
  const { plan, client, meter, signal } = context;
  const next = batchMaker(plan);
  const place = sendPlace(context);
  if (plan.kind.isGroup) await client.groups.join(groupPlace(context));
  let offset = 0n;
  await paced(context, plan.producers, async (intendedAt) => {
    const { messages, bytes } = next();
    await client.messages.send(place, messages);
    let read = 0;
    while (read < messages.length && !signal.aborted) {
      const polled = await client.messages.poll({
        ...pollPlace(context, offset),
        count: messages.length - read,
      });
      read += polled.messages.length;
      if (polled.messages.length === 0) await sleep(emptyPause);
    }
    offset += BigInt(read);
    if (read > 0) meter.done(intendedAt, messages.length, bytes);
  });
}

/** One ping after the other. */
export async function ping(context: ActorContext): Promise<void> {
  await paced(context, context.plan.producers, async (intendedAt) => {
    await context.client.ping();
    context.meter.done(intendedAt, 1, 0);
  });
}

/** Connects, registers a session, ends it. */
export async function login(context: ActorContext): Promise<void> {
  await paced(context, context.plan.producers, async (intendedAt) => {
    const client = await IggyClient.connect(context.options);
    context.meter.done(intendedAt, 1, 0);
    await client.close();
  });
}

/** Calls `work` until the end, each time with the moment it was meant to begin. */
async function paced(
  { plan, signal, number }: ActorContext,
  actors: number,
  work: (intendedAt: number) => Promise<void>,
): Promise<void> {
  const perCall =
    plan.kind.name === 'ping' || plan.kind.name === 'login' ? 1 : plan.messagesPerBatch;
  const pause = plan.rate === undefined ? 0 : (1000 * perCall * actors) / plan.rate;
  const first = performance.now() + (pause * number) / actors;
  for (let call = 0; !signal.aborted && call < (plan.batches ?? Infinity); call++) {
    const intendedAt = pause === 0 ? performance.now() : first + call * pause;
    const early = intendedAt - performance.now();
    if (early > 1 && !(await slept(early, signal))) return;
    await work(intendedAt);
  }
}

/** False when the time was over before. */
async function slept(millis: number, signal: AbortSignal): Promise<boolean> {
  return await sleep(millis, true, { signal }).catch(() => false);
}

async function readOnce(context: ActorContext, offset: bigint): Promise<number> {
  const { client, meter, plan } = context;
  const intendedAt = performance.now();
  const { messages } = await client.messages.poll({
    ...pollPlace(context, offset),
    count: plan.messagesPerBatch,
  });
  const bytes = messages.reduce((sum, { payload }) => sum + payload.length, 0);
  if (messages.length > 0) meter.done(intendedAt, messages.length, bytes);
  return messages.length;
}

function sendPlace({ plan, stream, topic, number }: ActorContext) {
  if (!plan.kind.isPinned) return { stream, topic };
  return { stream, topic, partitioning: { partition: number % plan.partitions } };
}

function groupPlace({ stream, topic, group }: ActorContext) {
  return { stream, topic, group };
}

function pollPlace(context: ActorContext, offset: bigint) {
  const { plan, stream, topic, group, number } = context;
  if (plan.kind.isGroup) return { stream, topic, group, from: 'next' as const, autoCommit: true };
  const partition = number % plan.partitions;
  return { stream, topic, consumer: number + 1, partition, from: { offset } };
}
