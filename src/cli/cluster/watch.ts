import { setTimeout as sleep } from 'node:timers/promises';
import type { StatusRecord } from './status-record.js';

/** How a cluster is watched. */
export interface WatchOptions {
  readonly millis: number;
  readonly untilHealthy: boolean;
  readonly signal: AbortSignal;
}

/** Shows a status whenever something but the clock changed; gives the last one. */
export async function watchStatus(
  look: () => Promise<StatusRecord>,
  show: (status: StatusRecord) => void,
  { millis, untilHealthy, signal }: WatchOptions,
): Promise<StatusRecord> {
  let shown = '';
  for (;;) {
    const status = await look();
    const essence = essenceOf(status);
    if (essence !== shown) show(status);
    shown = essence;
    if (signal.aborted || (untilHealthy && status.healthy)) return status;
    await sleep(millis, undefined, { signal }).catch(() => undefined);
  }
}

/** Everything but what changes with time alone. */
function essenceOf(status: StatusRecord): string {
  const nodes = status.nodes.map(({ uptime_us: _uptime, rtt_us: _rtt, ...rest }) => rest);
  return JSON.stringify({ ...status, nodes });
}

/** Looks until the condition holds; `undefined` when the time is over. */
export async function waitUntil(
  look: () => Promise<StatusRecord>,
  holds: (status: StatusRecord) => boolean,
  timeoutMillis: number,
): Promise<{ readonly status: StatusRecord; readonly isOver: boolean }> {
  const end = performance.now() + timeoutMillis;
  for (;;) {
    const status = await look();
    if (holds(status)) return { status, isOver: false };
    if (performance.now() >= end) return { status, isOver: true };
    await sleep(lookMillis);
  }
}

const lookMillis = 50;
