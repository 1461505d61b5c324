import { join } from 'node:path';
import { type Plan, type RunResult, runPlan } from '../../simulator/index.js';
import { makeFolder } from '../config/private-file.js';
import { parseDuration } from '../values.js';
import { compared, comparedInFreshProcess } from './compare-runs.js';
import { writePage } from './html-page.js';
import { judgedBy, repeatCommand } from './plan-of.js';
import { type RunRecord, runRecord } from './report.js';
import type { RunFlags } from './run-flags.js';
import { TrapError, withTraps } from './traps.js';
import { writeTrace } from './write-trace.js';

/** Events before a failure that are written about it, beside all rare ones. */
const eventsOfFailure = 20_000;

/** Runs one plan as the flags say, and writes the files they ask for. */
export function runOne(plan: Plan, flags: RunFlags, mutant: string | undefined): RunRecord {
  const limit = computed() + parseDuration(flags['run-timeout'], '--run-timeout');
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
        isOutOfTime: () => untrapped(() => computed() > limit),
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
    makeFolder(flags.out);
    const name = join(flags.out, `${result.failure.invariant}-${plan.seed}`);
    const traceWindow = flags['trace-window'] ?? eventsOfFailure;
    const traced = run({ tracing: true, traceWindow });
    files.push(writeTrace(`${name}.json`, traced, reproduce));
    files.push(writePage(`${name}.html`, traced, reproduce));
  }
  return runRecord(result, { reproduce, files, isStopped: flags.until !== undefined });
}

/** Microseconds this process has computed: what else the machine does decides about no run. */
function computed(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
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
