import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plan, type RunResult, runPlan } from '../../simulator/index.js';
import { parseDuration } from '../values.js';
import { compared, comparedInFreshProcess } from './compare-runs.js';
import { writePage } from './html-page.js';
import { judgedBy, repeatCommand } from './plan-of.js';
import { type RunRecord, runRecord } from './report.js';
import type { RunFlags } from './run-flags.js';
import { TrapError, withTraps } from './traps.js';

/** Runs one plan as the flags say, and writes the files they ask for. */
export function runOne(plan: Plan, flags: RunFlags, mutant: string | undefined): RunRecord {
  const limit = performance.now() + parseDuration(flags['run-timeout'], '--run-timeout') / 1000;
  const options = {
    tracing: flags.trace !== undefined || flags.html !== undefined,
    isJudged: judgedBy(flags.check),
    ...(flags['trace-window'] !== undefined && { traceWindow: flags['trace-window'] }),
    ...(flags.until !== undefined && { until: flags.until }),
  };
  const run = (more = {}) =>
    trapped((untrapped) =>
      runPlan(plan, {
        ...options,
        ...more,
        isOutOfTime: () => untrapped(() => performance.now() > limit),
      }),
    );
  let result = run();
  if (flags.twice) {
    const again = compared(result, run(), () => run({ tracing: true, traceWindow: 0 }));
    result = comparedInFreshProcess(again, mutant);
  }
  const reproduce = repeatCommand(plan, flags, mutant);
  const files: string[] = [];
  if (flags.trace !== undefined) files.push(writeTrace(flags.trace, result, reproduce));
  if (flags.html !== undefined) files.push(writePage(flags.html, result, reproduce));
  if (flags.out !== undefined && result.failure !== undefined) {
    mkdirSync(flags.out, { recursive: true });
    const name = `${result.failure.invariant}-${plan.seed}.json`;
    files.push(writeTrace(join(flags.out, name), result, reproduce));
  }
  return runRecord(result, { reproduce, files });
}

/** A run under traps; one that sprang a trap which nothing inside of it noticed has failed. */
function trapped(run: (untrapped: <R>(call: () => R) => R) => RunResult): RunResult {
  let result: RunResult | undefined;
  try {
    return withTraps((untrapped) => {
      result = run(untrapped);
      return result;
    });
  } catch (error) {
    if (!(error instanceof TrapError) || result === undefined) throw error;
    const { ticks: tick, events: event } = result;
    const failure = { class: 'R', invariant: 'TRAP', detail: error.message, tick, event } as const;
    return { ...result, result: 'failed', failure };
  }
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
