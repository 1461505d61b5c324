import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plan, type RunResult, runPlan } from '../../simulator/index.js';
import { parseDuration } from '../values.js';
import { repeatCommand } from './plan-of.js';
import { type RunRecord, runRecord } from './report.js';
import type { RunFlags } from './run-flags.js';
import { withTraps } from './traps.js';

/** Runs one plan as the flags say, and writes the files they ask for. */
export function runOne(plan: Plan, flags: RunFlags, mutant: string | undefined): RunRecord {
  const limit = performance.now() + parseDuration(flags['run-timeout'], '--run-timeout') / 1000;
  const options = {
    tracing: flags.trace !== undefined,
    ...(flags['trace-window'] !== undefined && { traceWindow: flags['trace-window'] }),
    ...(flags.until !== undefined && { until: flags.until }),
  };
  const run = () =>
    withTraps((untrapped) =>
      runPlan(plan, {
        ...options,
        isOutOfTime: () => untrapped(() => performance.now() > limit),
      }),
    );
  let result = run();
  if (flags.twice) result = compared(result, run());
  const reproduce = repeatCommand(plan, flags, mutant);
  const files: string[] = [];
  if (flags.trace !== undefined) files.push(writeTrace(flags.trace, result, reproduce));
  if (flags.out !== undefined && result.failure !== undefined) {
    mkdirSync(flags.out, { recursive: true });
    const name = `${result.failure.invariant}-${plan.seed}.json`;
    files.push(writeTrace(join(flags.out, name), result, reproduce));
  }
  return runRecord(result, { reproduce, files });
}

/** The document of a run: plan, events, hashes, verdict. */
function writeTrace(path: string, result: RunResult, command: string): string {
  const { plan, failure } = result;
  const document = {
    format: 'iggy-sim-trace',
    version: 1,
    seed: plan.seed,
    profile: plan.profile,
    command,
    plan,
    events: result.trace,
    hash: {
      checkpoints: result.checkpoints,
      final: result.traceHash,
      final_draw: result.finalDraw,
    },
    verdict: failure ?? 'pass',
    stats: {
      events: result.events,
      ticks: result.ticks,
      commits: result.ops,
      views: result.views,
      crashes: result.crashes,
      marks: Object.fromEntries(result.marks),
    },
  };
  writeFileSync(path, `${JSON.stringify(document, undefined, 1)}\n`);
  return path;
}

/** R1: the same plan gives the same run. */
function compared(first: RunResult, second: RunResult): RunResult {
  const isSame = first.traceHash === second.traceHash && first.finalDraw === second.finalDraw;
  if (isSame || first.failure !== undefined) return first;
  const at = first.checkpoints.findIndex((hash, i) => hash !== second.checkpoints[i]);
  const where =
    at < 0 ? 'after the last full thousand' : `between ${at * 1000} and ${at * 1000 + 1000}`;
  return {
    ...first,
    result: 'failed',
    failure: {
      class: 'R',
      invariant: 'R1',
      detail: `a second run differs, first in the events ${where}`,
      tick: first.ticks,
      event: first.events,
    },
  };
}
