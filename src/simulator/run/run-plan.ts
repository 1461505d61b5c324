import { checkReads, checkRealTime } from '../check/linearizability.js';
import type { Violation } from '../check/verdict.js';
import type { Plan } from '../plan/plan.js';
import { domain } from '../random/draw.js';
import { Recorder, type TraceEvent } from '../trace/recorder.js';
import { StopRun } from '../trace/stop-run.js';
import { World } from '../world/world.js';
import { type Convergence, converge } from './converge.js';
import { collectRun } from './marks.js';
import { statesOf } from './states.js';

/** A violation with its place in the run. */
export interface Failure extends Violation {
  readonly tick: number;
  readonly event: number;
}

/** Everything a run can tell. */
export interface RunResult {
  readonly plan: Plan;
  readonly result: 'ok' | 'failed' | 'inconclusive';
  readonly failure?: Failure;
  /** Why a run says nothing. */
  readonly excuse?: string;
  readonly ticks: number;
  readonly events: number;
  readonly ops: number;
  readonly answered: number;
  /** Requests that were made. */
  readonly asked: number;
  readonly views: number;
  readonly crashes: number;
  readonly partitions: number;
  /** Ticks from healing until everything agreed. */
  readonly convergedIn: number;
  readonly traceHash: string;
  readonly checkpoints: readonly string[];
  /** One draw after everything. */
  readonly finalDraw: number;
  readonly marks: ReadonlyMap<string, number>;
  readonly trace: readonly TraceEvent[];
  /** One line about every replica as it is at the end. */
  readonly states: readonly string[];
}

/** How a plan is run. */
export interface RunOptions {
  readonly tracing?: boolean;
  readonly traceWindow?: number;
  /** Stops before this tick and tells what was found so far. */
  readonly until?: number;
  /** Which findings count; all of them when absent. */
  isJudged?(violation: Violation): boolean;
  /** Called now and then; true ends the run as inconclusive. */
  isOutOfTime?(): boolean;
}

const clockEvery = 500;

/** Runs a plan to its end, or to the first violation. Deterministic and synchronous. */
export function runPlan(plan: Plan, options: RunOptions = {}): RunResult {
  const recorder = new Recorder(options.tracing ?? false, options.traceWindow ?? 0);
  const world = new World(plan, recorder, options.isJudged);
  recorder.stopsAt = options.until ?? Number.POSITIVE_INFINITY;
  let outcome: Convergence = { ticks: 0 };
  try {
    outcome = throughPlan(world, options);
  } catch (error) {
    if (!(error instanceof StopRun)) throw error;
    return resultOf(world, recorder, outcome);
  }
  const excuse = outcome.excuse ?? (world.hasFailed() ? undefined : vacuity(world));
  return resultOf(world, recorder, { ...outcome, ...(excuse !== undefined && { excuse }) });
}

/** The fault phase, then the healing, then what is judged over the whole run. */
function throughPlan(world: World, options: RunOptions): Convergence {
  const { plan } = world;
  const { requests } = plan.workload;
  while (world.tick < plan.ticks && !world.hasFailed()) {
    world.step();
    if (requests > 0 && answeredBy(world) >= requests) break;
    const isLate = world.tick % clockEvery === 0 && options.isOutOfTime?.() === true;
    if (isLate) return { ticks: 0, excuse: 'timed out' };
  }
  if (world.hasFailed()) return { ticks: 0 };
  const outcome = plan.quiesce ? converge(world, options) : { ticks: 0 };
  if (!world.hasFailed()) judgeHistories(world);
  return outcome;
}

function answeredBy(world: World): number {
  let answered = 0;
  for (const client of world.clients) answered += client.answered;
  return answered;
}

function judgeHistories(world: World): void {
  const calls = world.clients.flatMap(({ records }) => records);
  const report = (violation: Violation) => world.fail(violation);
  checkRealTime(calls, report);
  checkReads(calls, world.canonical, report);
}

function askedBy(world: World): number {
  let asked = 0;
  for (const client of world.clients) asked += client.asked;
  return asked;
}

/** A run that did nothing passes every check; this says so. */
function vacuity(world: World): string | undefined {
  const { plan, canonical, tick } = world;
  if (tick < 1000 || plan.profile === 'hopeless') return undefined;
  const isCalm = plan.profile === 'calm' || plan.profile === 'perf';
  const floor = isCalm ? calmFloor : faultyFloor;
  if (canonical.head < floor.ops) return `vacuous: ${canonical.head} ops`;
  const answered = answeredBy(world);
  if (answered < floor.answered) return `vacuous: ${answered} answers`;
  const percent = Math.floor((100 * answered) / Math.max(1, askedBy(world)));
  return percent < floor.percent ? `vacuous: ${percent} % of requests were answered` : undefined;
}

/** What a run has to have done to say anything: operations, answers, share of requests answered. */
const calmFloor = { ops: 10, answered: 10, percent: 95 };
const faultyFloor = { ops: 3, answered: 3, percent: 10 };

function resultOf(
  world: World,
  recorder: Recorder,
  { ticks: convergedIn, excuse }: Convergence,
): RunResult {
  const { plan, violation, tick } = world;
  collectRun(recorder, world);
  const finalDraw = world.dice.u32(domain.final, tick, recorder.hash.events);
  recorder.note('final', -1, `${finalDraw}`);
  let views = 0;
  for (const { host, ledger } of world.nodes) {
    views = Math.max(views, host?.status.view ?? 0, ledger.view);
  }
  const partitionKinds = ['isolate', 'deaf', 'split', 'cut'];
  const partitions = partitionKinds.reduce(
    (n, kind) => n + (world.faults.counts.get(kind) ?? 0),
    0,
  );
  const passed = excuse === undefined ? 'ok' : 'inconclusive';
  return {
    plan,
    result: violation === undefined ? passed : 'failed',
    ...(violation !== undefined && {
      failure: { ...violation, tick, event: recorder.hash.events },
    }),
    ...(excuse !== undefined && violation === undefined && { excuse }),
    ticks: tick,
    events: recorder.hash.events,
    ops: world.canonical.head,
    answered: answeredBy(world),
    asked: askedBy(world),
    ...{ views, crashes: world.crashes, partitions, convergedIn },
    traceHash: recorder.hash.value,
    checkpoints: recorder.hash.checkpoints,
    finalDraw,
    marks: recorder.marks,
    trace: recorder.events,
    states: statesOf(world),
  };
}
