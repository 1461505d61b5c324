import { type RunResult, runPlan } from '../../simulator/index.js';
import type { ReplaySource } from './replay-source.js';
import type { SteppedRun } from './step-through.js';
import type { WrittenEvent } from './trace-file.js';

/** How far a run is made again, and what is kept of it. */
interface ReplayOptions {
  readonly keepsEvents: boolean;
  /** First tick of interest. */
  readonly from: number;
  /** Stops before this tick. */
  readonly until?: number;
  isStop?(event: WrittenEvent): boolean;
}

/** A run that was made again. */
interface Replayed {
  readonly result: RunResult;
  /** The same as before, as far as it was made. */
  readonly isSame: boolean;
  readonly expected: string;
  readonly events: readonly WrittenEvent[];
  /** The event that was waited for. */
  readonly stopped?: WrittenEvent;
  /** The replicas where the run was stopped: before `until`, or at the end of that event's tick. */
  readonly states?: readonly string[];
  readonly stepped: SteppedRun;
}

/** Makes a run again, compares, and looks for the place to stop at. */
export function replayed(source: ReplaySource, options: ReplayOptions): Replayed {
  const { plan } = source;
  const { from, until, isStop } = options;
  const tracing = options.keepsEvents || isStop !== undefined;
  const limits = until === undefined ? {} : { until };
  const result = runPlan(plan, { tracing, ...limits });
  const expected = source.expected ?? hashesOf(runPlan(plan, limits));
  const events = result.trace;
  const first = events.findIndex((event) => event.t >= from && (isStop?.(event) ?? true));
  const stopped = isStop === undefined ? undefined : events[first];
  const states = (tick: number) => runPlan(plan, { until: tick + 1 }).states;
  const isPartial = until !== undefined && source.expected !== undefined;
  return {
    result,
    isSame: isPartial
      ? result.checkpoints.every((hash, i) => hash === expected.checkpoints[i])
      : result.traceHash === expected.final,
    expected: expected.final,
    events,
    ...(stopped !== undefined && { stopped, states: states(stopped.t) }),
    ...(until !== undefined && isStop === undefined && { states: result.states }),
    stepped: { events, from: first < 0 ? events.length : first, states },
  };
}

function hashesOf({ traceHash, checkpoints }: RunResult) {
  return { final: traceHash, checkpoints };
}
