import { humanDuration } from '../render/index.js';
import { percentile } from './percentile.js';

/** One ping: sent, and answered or not. */
export interface PingSample {
  readonly [key: string]: string | number | boolean | null;
  readonly seq: number;
  readonly node: string;
  readonly rtt_us: number | null;
  readonly ok: boolean;
  readonly error: string | null;
}

/** Counts and times over all samples; the times are null when nothing came back. */
export function pingStatistics(samples: readonly PingSample[]) {
  const times = samples.flatMap(({ rtt_us }) => (rtt_us === null ? [] : [rtt_us]));
  times.sort((a, b) => a - b);
  const sum = times.reduce((total, time) => total + time, 0);
  const average = times.length === 0 ? null : Math.round(sum / times.length);
  const spread = times.reduce((total, time) => total + (time - (average ?? 0)) ** 2, 0);
  return {
    samples,
    sent: samples.length,
    received: times.length,
    min_us: times[0] ?? null,
    avg_us: average,
    p50_us: percentile(times, 0.5) ?? null,
    p99_us: percentile(times, 0.99) ?? null,
    max_us: times.at(-1) ?? null,
    mdev_us: average === null ? null : Math.round(Math.sqrt(spread / times.length)),
  };
}

/** The time of one sample, or why there is none. */
export function sampleText({ rtt_us: rtt, error }: PingSample): string {
  return rtt === null ? (error ?? 'lost') : humanDuration(rtt);
}

/** Counts and times on one line. */
export function summaryText(statistics: ReturnType<typeof pingStatistics>): string {
  const { sent, received, min_us: min, avg_us: avg, p50_us: p50, p99_us: p99 } = statistics;
  const share = sent === 0 ? 0 : Math.round(((sent - received) / sent) * 1000) / 10;
  const loss = `${sent} sent, ${received} received, ${share} % lost`;
  if (min === null || avg === null || p50 === null || p99 === null) return loss;
  const { max_us: max, mdev_us: mdev } = statistics;
  const times = [
    `min ${humanDuration(min)}`,
    `avg ${humanDuration(avg)}`,
    `p50 ${humanDuration(p50)}`,
    `p99 ${humanDuration(p99)}`,
    `max ${humanDuration(max ?? 0)}`,
    `mdev ${humanDuration(mdev ?? 0)}`,
  ];
  return `${loss}; ${times.join(', ')}`;
}
