import { readFileSync } from 'node:fs';
import { usageError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';
import { nearest } from '../nearest.js';
import { parseDuration, parseSize } from '../values.js';
import { type BenchKind, benchKinds } from './kinds.data.js';

/** A benchmark, as it is run. */
export interface BenchPlan {
  readonly kind: BenchKind;
  readonly producers: number;
  readonly consumers: number;
  readonly streams: number;
  readonly partitions: number;
  readonly groups: number;
  readonly messagesPerBatch: number;
  /** Sizes of messages are drawn from here, both ends included. */
  readonly size: { readonly from: number; readonly to: number };
  readonly payload: 'random' | 'zero' | Uint8Array;
  /** Batches of each actor; absent = until the time is over. */
  readonly batches: number | undefined;
  readonly durationMillis: number;
  readonly warmupMillis: number;
  readonly samplingMillis: number;
  /** Messages a second of all producers together; absent = as fast as it goes. */
  readonly rate: number | undefined;
  /** Clients that the actors share; absent = one each. */
  readonly connections: number | undefined;
}

/** Flags as they were given. */
export interface BenchFlags {
  readonly producers?: number | undefined;
  readonly consumers?: number | undefined;
  readonly streams?: number | undefined;
  readonly partitions?: number | undefined;
  readonly groups: number;
  readonly 'message-size': string;
  readonly 'messages-per-batch': number;
  readonly batches?: number | undefined;
  readonly total?: string | undefined;
  readonly duration?: string | undefined;
  readonly rate?: string | undefined;
  readonly warmup: string;
  readonly sampling: string;
  readonly connections?: number | undefined;
  readonly payload: string;
}

const forever = 2 ** 31 - 1;

/** @throws CliError E_USAGE, E_IO */
export function planBench(name: string, flags: BenchFlags): BenchPlan {
  const kind = findKind(name);
  const producers = flags.producers ?? 1;
  const consumers = flags.consumers ?? (kind.roles.includes('produce') ? producers : 1);
  const actors = Math.max(producers, consumers);
  const size = sizes(flags['message-size']);
  const messagesPerBatch = flags['messages-per-batch'];
  const batches = flags.batches ?? batchesOf(flags.total, size, messagesPerBatch, producers);
  const duration = flags.duration ?? (batches === undefined ? '5s' : undefined);
  return {
    ...{ kind, producers, consumers, size, messagesPerBatch, batches, groups: flags.groups },
    streams: flags.streams ?? (kind.isPinned ? actors : 1),
    partitions: flags.partitions ?? (kind.isPinned ? 1 : actors),
    payload: payloadOf(flags.payload),
    durationMillis: duration === undefined ? forever : millis(duration, '--duration'),
    warmupMillis: millis(flags.warmup, '--warmup'),
    samplingMillis: Math.max(10, millis(flags.sampling, '--sampling')),
    rate: rateOf(flags.rate),
    connections: flags.connections,
  };
}

function findKind(name: string): BenchKind {
  const found = benchKinds.find((each) => each.name === name || each.short === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    benchKinds.map((each) => each.name),
  );
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw usageError(`there is no benchmark ${name}${hint}`, 'iggyctl bench --help');
}

function millis(text: string, flag: string): number {
  return parseDuration(text, flag) / 1000;
}

function sizes(text: string): BenchPlan['size'] {
  const [first = '', last = first] = text.split('..');
  const from = parseSize(first, '--message-size');
  const to = parseSize(last, '--message-size');
  if (from < 1 || to < from) throw usageError(`--message-size: "${text}" is not N or A..B`);
  return { from, to };
}

function batchesOf(
  total: string | undefined,
  { from, to }: BenchPlan['size'],
  messagesPerBatch: number,
  producers: number,
): number | undefined {
  if (total === undefined) return undefined;
  const batch = ((from + to) / 2) * messagesPerBatch * producers;
  return Math.max(1, Math.ceil(parseSize(total, '--total') / batch));
}

function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text.replace(/\/s$/, ''));
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw usageError(`--rate: "${text}" is not a number of messages a second, such as 1000/s`);
}

function payloadOf(text: string): BenchPlan['payload'] {
  if (text === 'random' || text === 'zero') return text;
  try {
    return new Uint8Array(readFileSync(text));
  } catch (cause) {
    throw ioError('read', `the payload ${text}`, cause);
  }
}
