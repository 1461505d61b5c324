import { cpus, hostname, loadavg, platform, release, totalmem } from 'node:os';
import { humanDuration, humanSize } from '../../render/index.js';
import { version } from '../../version.js';
import { timeNow } from '../output/wire-values.js';
import type { BenchFigures } from './fail-if.js';
import { Histogram } from './histogram.js';
import type { Meter } from './meter.js';
import type { BenchPlan } from './options.js';
import type { BenchOutcome } from './outcome.js';

/** The whole result, as in JSON. */
export function benchResult(
  plan: BenchPlan,
  { meters, seconds }: BenchOutcome,
  cluster: { readonly servers: readonly string[]; readonly own_nodes: number | null },
) {
  const all = new Histogram();
  for (const { latency } of meters) all.add(latency);
  const messages = sum(meters, (each) => each.messages);
  const bytes = sum(meters, (each) => each.bytes);
  return {
    kind_name: plan.kind.name,
    parameters: parametersOf(plan),
    environment: environment(),
    cluster,
    totals: { messages: BigInt(messages), bytes: BigInt(bytes), seconds: round(seconds, 3) },
    throughput: rates(messages, bytes, seconds),
    latency_us: all.summary(),
    actors: meters.map((meter) => ({
      actor: meter.actor,
      messages: BigInt(meter.messages),
      bytes: BigInt(meter.bytes),
      ...rates(meter.messages, meter.bytes, seconds),
      ...meter.latency.summary(),
    })),
    series: seriesOf(meters, plan),
    histogram: all.rows().map(({ micros, count }) => ({ le_us: round(micros, 1), count })),
  };
}

export type BenchResult = ReturnType<typeof benchResult>;

/** What conditions look at. */
export function figuresOf({ latency_us: latency, throughput }: BenchResult): BenchFigures {
  return { latency, ...throughput };
}

/** Rows of the table: each actor, then all together. */
export function tableRows({ actors, totals, throughput, latency_us: latency }: BenchResult) {
  const { messages, bytes } = totals;
  const total = { actor: 'all', messages, bytes, ...throughput, ...latency };
  return [...(actors.length > 1 ? actors : []), total].map((row) => ({
    ...row,
    bytes: humanSize(row.bytes),
    ...Object.fromEntries(
      (['avg', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const).map((key) => [
        key,
        humanDuration(Math.round(row[key])),
      ]),
    ),
  }));
}

/** One line for each figure that an earlier result has too: what it was, and the difference. */
export function comparison(now: BenchResult, before: unknown): string[] {
  const old = flat(before);
  const own = flat({ throughput: now.throughput, latency_us: now.latency_us });
  return [...own].flatMap(([key, value]) => {
    const was = old.get(key);
    if (was === undefined || was === 0) return [];
    const change = ((100 * (value - was)) / was).toFixed(1);
    return [`${key}: ${was} -> ${value} (${Number(change) > 0 ? '+' : ''}${change} %)`];
  });
}

function flat(value: unknown, prefix = ''): Map<string, number> {
  const found = new Map<string, number>();
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'number') found.set(`${prefix}${key}`, inner);
    else if (key === 'throughput' || key === 'latency_us') {
      for (const [name, number] of flat(inner, `${key}.`)) found.set(name, number);
    }
  }
  return found;
}

function parametersOf(plan: BenchPlan) {
  const { kind: _, payload, size, batches, rate, connections, durationMillis, ...rest } = plan;
  return {
    producers: rest.producers,
    consumers: rest.consumers,
    streams: rest.streams,
    partitions: rest.partitions,
    groups: rest.groups,
    messages_per_batch: rest.messagesPerBatch,
    message_size: size.from === size.to ? `${size.from}` : `${size.from}..${size.to}`,
    payload: typeof payload === 'string' ? payload : 'file',
    batches: batches ?? null,
    duration_us: batches === undefined ? durationMillis * 1000 : null,
    warmup_us: rest.warmupMillis * 1000,
    sampling_us: rest.samplingMillis * 1000,
    rate: rate ?? null,
    connections: connections ?? null,
  };
}

function environment() {
  return {
    iggyctl: version,
    node: process.version,
    platform: `${platform()} ${release()} ${process.arch}`,
    host: hostname(),
    cpus: cpus().length,
    cpu: cpus()[0]?.model ?? '',
    memory_bytes: BigInt(totalmem()),
    load_average: round(loadavg()[0] ?? 0, 2),
    time: timeNow(),
  };
}

function rates(messages: number, bytes: number, seconds: number) {
  return {
    msgs_per_s: round(messages / seconds, 1),
    mb_per_s: round(bytes / seconds / 1e6, 3),
  };
}

function seriesOf(meters: readonly Meter[], { samplingMillis }: BenchPlan) {
  const length = Math.max(0, ...meters.map(({ series }) => series.length));
  return Array.from({ length }, (_, at) => {
    const messages = sum(meters, ({ series }) => series[at] ?? 0);
    const rate = round((1000 * messages) / samplingMillis, 1);
    return { at_us: Math.round(at * samplingMillis * 1000), messages, msgs_per_s: rate };
  });
}

function sum(meters: readonly Meter[], value: (meter: Meter) => number): number {
  return meters.reduce((total, meter) => total + value(meter), 0);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
