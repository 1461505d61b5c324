import { type ClientOptions, IggyClient } from '../../client/index.js';
import {
  type ActorContext,
  consume,
  login,
  ping,
  produce,
  produceAndConsume,
  type Reading,
} from './actors.js';
import { decodeFrames } from './decode-frames.js';
import { Meter } from './meter.js';
import type { BenchPlan } from './options.js';
import type { BenchOutcome } from './outcome.js';
import { batchMaker } from './payloads.js';

/** Where a benchmark runs. */
export interface BenchPlace {
  readonly options: ClientOptions;
  /** What the names of streams begin with. */
  readonly prefix: string;
  /** Streams that are there are used, and none is removed. */
  readonly reuse: boolean;
  readonly keep: boolean;
  readonly signal: AbortSignal;
}

/** Batches that are sent ahead for those who only read. */
const batchesAhead = 50;
const topic = 'bench';

/** Makes what is needed, runs all actors at once, and removes what was made. */
export async function runBench(plan: BenchPlan, place: BenchPlace): Promise<BenchOutcome> {
  if (plan.kind.name === 'decode') return await decodeFrames(plan, place.signal);
  const isPlain = plan.kind.roles.some((role) => role === 'ping' || role === 'login');
  const admin = await IggyClient.connect(place.options);
  const streams = isPlain ? [] : streamNames(plan, place);
  try {
    for (const stream of streams) await prepare(admin, stream, plan, place);
    if (!isPlain && !plan.kind.roles.includes('produce')) await sendAhead(admin, streams, plan);
    return await measure(plan, place, streams);
  } finally {
    if (!place.keep && !place.reuse) {
      for (const stream of streams) {
        if ((await admin.streams.get(stream)) !== null) await admin.streams.delete(stream);
      }
    }
    await admin.close();
  }
}

function streamNames({ streams }: BenchPlan, { prefix }: BenchPlace): string[] {
  return Array.from({ length: streams }, (_, i) => `${prefix}-${i + 1}`);
}

async function prepare(
  admin: IggyClient,
  stream: string,
  plan: BenchPlan,
  { reuse }: BenchPlace,
): Promise<void> {
  const isThere = reuse && (await admin.streams.get(stream)) !== null;
  if (!isThere) {
    await admin.streams.create(stream);
    await admin.topics.create(stream, { name: topic, partitions: plan.partitions });
  }
  if (!plan.kind.isGroup) return;
  for (let i = 0; i < plan.groups; i++) {
    const group = groupName(i);
    if ((await admin.groups.get({ stream, topic, group })) === null)
      await admin.groups.create(stream, topic, group);
  }
}

async function sendAhead(admin: IggyClient, streams: readonly string[], plan: BenchPlan) {
  if (plan.kind.roles.includes('produce-and-consume')) return;
  const next = batchMaker(plan);
  const batches = plan.batches ?? batchesAhead;
  for (const stream of streams) {
    for (let partition = 0; partition < plan.partitions; partition++) {
      for (let i = 0; i < batches; i++) {
        await admin.messages.send({ stream, topic, partitioning: { partition } }, next().messages);
      }
    }
  }
}

async function measure(
  plan: BenchPlan,
  { options, signal }: BenchPlace,
  streams: readonly string[],
): Promise<BenchOutcome> {
  const actors = actorsOf(plan);
  const clients: IggyClient[] = [];
  try {
    const count = Math.min(plan.connections ?? actors.length, actors.length);
    for (let i = 0; i < count; i++) clients.push(await IggyClient.connect(options));
    const startedAt = performance.now() + plan.warmupMillis;
    const end = AbortSignal.any([signal, timeout(plan.warmupMillis + plan.durationMillis)]);
    const reading = readingOf(plan, actors);
    let sending = actors.filter(({ role }) => role === 'producer').length;
    reading.isAllSent = sending === 0;
    const meters = await Promise.all(
      actors.map(async ({ role, number }, at) => {
        const meter = new Meter(`${role} ${number + 1}`, startedAt, plan.samplingMillis);
        const client = clients[at % count];
        if (client === undefined) return meter;
        const stream = streams[number % Math.max(1, streams.length)] ?? '';
        const group = groupName(number % plan.groups);
        await act(role, reading, {
          plan,
          client,
          options,
          meter,
          number,
          stream,
          topic,
          group,
          signal: end,
        });
        if (role === 'producer') sending -= 1;
        if (sending === 0) reading.isAllSent = true;
        return meter;
      }),
    );
    return { meters, seconds: Math.max(0.001, (performance.now() - startedAt) / 1000) };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

function act(role: string, reading: Reading, context: ActorContext): Promise<void> {
  if (role === 'producer') return produce(context);
  if (role === 'consumer') return consume(context, reading);
  if (role === 'ping') return ping(context);
  return role === 'login' ? login(context) : produceAndConsume(context);
}

/** Everything that is sent is read by each consumer of a partition, or once by a group. */
function readingOf(plan: BenchPlan, actors: readonly { readonly role: string }[]): Reading {
  const { batches, messagesPerBatch, producers, partitions, streams, kind, groups } = plan;
  const wanted = () => {
    if (batches === undefined) return undefined;
    const batch = batches * messagesPerBatch;
    const consumers = actors.filter(({ role }) => role === 'consumer').length;
    if (kind.isPinned) return batch * consumers;
    const sent = kind.roles.includes('produce') ? producers : partitions * streams;
    return batch * sent * Math.min(groups, consumers);
  };
  return { read: 0, wanted: wanted(), isAllSent: false };
}

function actorsOf({ kind, producers, consumers }: BenchPlan) {
  const many = (role: string, count: number) =>
    Array.from({ length: count }, (_, number) => ({ role, number }));
  return kind.roles.flatMap((role) => {
    if (role === 'produce') return many('producer', producers);
    if (role === 'consume') return many('consumer', consumers);
    return many(role === 'produce-and-consume' ? 'actor' : role, producers);
  });
}

function groupName(number: number): string {
  return `bench-group-${number + 1}`;
}

/** A signal that keeps no process alive and bears long times. */
function timeout(millis: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), Math.min(millis, 2 ** 31 - 1)).unref();
  return controller.signal;
}
