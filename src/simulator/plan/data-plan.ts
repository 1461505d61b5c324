import type { PlanDraw } from './plan-draw.js';

/** What clients do with the data of partitions. */
export const dataKinds = [
  ...['send', 'send-balanced', 'send-key', 'poll-offset', 'poll-timestamp', 'poll-first'],
  ...['poll-last', 'poll-next', 'poll-auto', 'get-offset', 'store-offset', 'delete-offset'],
  ...['store-local', 'join', 'leave', 'sync', 'group-poll', 'group-store', 'purge'],
  ...['delete-segments', 'recreate'],
] as const;

/** One of {@link dataKinds}. */
export type DataKind = (typeof dataKinds)[number];

/** Mixtures of requests. */
export const workloads = ['mixed', 'send', 'metadata'] as const;

/** One of {@link workloads}. */
export type Workload = (typeof workloads)[number];

/** A topic that clients fill. */
interface TopicPlan {
  readonly partitions: number;
  /** Microseconds after which sealed segments go; 0 = never. */
  readonly expiry: number;
}

/** The partitions of a run, and what is done with them. */
export interface DataPlan {
  readonly topics: readonly TopicPlan[];
  /** What an acknowledgement of a partition means. */
  readonly ack: 'fsync' | 'memory';
  /** Requests in a hundred that are about partitions. */
  readonly share: number;
  /** Most messages of a batch, most bytes of a payload. */
  readonly batch: number;
  readonly payload: number;
  /** Weights of the kinds, in the order of {@link dataKinds}. */
  readonly weights: readonly number[];
}

/** What decides about the partitions of a plan. */
export interface DataOptions {
  readonly workload: Workload;
  readonly profile: string;
  /** Partitions in all; drawn when absent. */
  readonly groups?: number;
  readonly ack?: 'fsync' | 'memory';
}

const rareKinds: ReadonlySet<DataKind> = new Set(['purge', 'delete-segments', 'recreate']);
const expiries = [0, 0, 0, 30_000_000] as const;
const payloads = [64, 512, 4096, 32_768] as const;

/** Draws what a run does with partitions; nothing for a run about metadata alone. */
export function drawData(draw: PlanDraw, options: DataOptions): DataPlan | undefined {
  const { workload, profile } = options;
  const groups = options.groups ?? (profile === 'calm' ? 1 : draw.pick([0, 1, 1, 2, 3, 4], 200));
  if (workload === 'metadata' || groups === 0) return undefined;
  const isFixed = profile === 'calm' || profile === 'perf';
  return {
    topics: drawTopics(draw, groups, isFixed),
    ack: options.ack ?? (!isFixed && draw.below(4, 201) === 0 ? 'memory' : 'fsync'),
    share: workload === 'send' ? 100 : isFixed ? 60 : draw.range(10, 90, 202),
    batch: isFixed ? 8 : draw.range(1, 16, 203),
    payload: isFixed ? 512 : draw.pick(payloads, 204),
    weights: dataKinds.map((kind, i) => weightOf(draw, kind, i, options)),
  };
}

function drawTopics(draw: PlanDraw, groups: number, isFixed: boolean): readonly TopicPlan[] {
  const topics: TopicPlan[] = [];
  for (let left = groups; left > 0; ) {
    const partitions = 1 + draw.below(left, 205, left);
    const expiry = isFixed ? 0 : draw.pick(expiries, 206 + left);
    topics.push({ partitions, expiry });
    left -= partitions;
  }
  return topics;
}

function weightOf(
  draw: PlanDraw,
  kind: DataKind,
  i: number,
  { workload, profile }: DataOptions,
): number {
  const isSend = kind.startsWith('send');
  const isRead = kind.startsWith('poll');
  if (workload === 'send') return isSend ? 20 : isRead ? 5 : 0;
  if (profile === 'calm' || profile === 'perf') return rareKinds.has(kind) ? 1 : isSend ? 30 : 10;
  if (rareKinds.has(kind)) return draw.below(3, 230, i);
  if (kind === 'send') return 30 + draw.below(60, 230, i);
  return draw.below(2, 231, i) === 0 ? 0 : 1 + draw.below(40, 232, i);
}
