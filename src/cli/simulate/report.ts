import { failureClasses, missingMarks, type Plan, type RunResult } from '../../simulator/index.js';
import { version } from '../../version.js';
import type { Fields } from '../output/result.js';
import { percentile } from '../percentile.js';

/** A `simulate.run` as JSON; what workers hand back. */
export interface RunRecord {
  readonly seed: string;
  readonly result: RunResult['result'];
  readonly failure?: { readonly class: string; readonly invariant: string };
  readonly ticks: number;
  readonly events: number;
  readonly marks: Readonly<Record<string, number>>;
  readonly fields: Fields;
}

/** What is told about one run. */
export function runRecord(
  run: RunResult,
  about: {
    readonly reproduce: string;
    readonly files: readonly string[];
    /** It was stopped on its way, to look at the replicas. */
    readonly isStopped: boolean;
  },
): RunRecord {
  const { plan, failure } = run;
  const { profile, replicas, delivery, batched, workload, faults } = plan;
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  const parameters = { profile, replicas, delivery, batched, clients: workload.clients };
  return {
    seed: BigInt(`0x${plan.seed}`).toString(),
    result: run.result,
    ...(failure !== undefined && { failure }),
    ticks: run.ticks,
    events: run.events,
    marks: Object.fromEntries(run.marks),
    fields: {
      seed: BigInt(`0x${plan.seed}`),
      parameters: { ...parameters, faults: kinds },
      ticks: BigInt(run.ticks),
      ops: BigInt(run.ops),
      answered: run.answered,
      asked: run.asked,
      views: run.views,
      crashes: run.crashes,
      partitions: run.partitions,
      result: run.result,
      ...(run.excuse !== undefined && { excuse: run.excuse }),
      failure: failure === undefined ? null : failureFields(failure),
      ...(about.isStopped && { states: run.states }),
      converged_in: run.convergedIn,
      events: BigInt(run.events),
      trace_hash: run.traceHash,
      final_draw: run.finalDraw,
      reproduce: about.reproduce,
      files: about.files,
      version,
    },
  };
}

/** A failure as JSON has it. */
export function failureFields(failure: NonNullable<RunResult['failure']>): Fields {
  const { tick, event, node } = failure;
  return {
    class: failure.class,
    invariant: failure.invariant,
    tick: BigInt(tick),
    event: BigInt(event),
    node: node ?? null,
    detail: failure.detail,
  };
}

/** One line for people. */
export function runLine({ fields }: RunRecord): string {
  const { seed, ticks, ops, views, crashes, result, failure, excuse, trace_hash: hash } = fields;
  const base = `seed ${seed}  ${result}  ${ticks} ticks  ${ops} ops  ${views} views`;
  const rest = `${crashes} crashes  ${hash}`;
  const why = failure === null ? (excuse ?? '') : textOf(failure);
  const { states } = fields;
  const lines: readonly unknown[] = Array.isArray(states) ? states : [];
  return [`${base}  ${rest}  ${String(why)}`.trimEnd(), ...lines.map(String)].join('\n');
}

/** A `simulate.summary`. */
export function summaryOf(runs: readonly RunRecord[], seconds: number): Fields {
  const failed = runs.filter(({ result }) => result === 'failed');
  const groups = new Map<string, { class: string; invariant: string; seeds: RunRecord[] }>();
  const marks = new Map<string, number>();
  for (const run of runs) {
    for (const [name, count] of Object.entries(run.marks)) {
      marks.set(name, (marks.get(name) ?? 0) + count);
    }
    if (run.failure === undefined) continue;
    const { class: failureClass, invariant } = run.failure;
    const group = groups.get(invariant) ?? { class: failureClass, invariant, seeds: [] };
    group.seeds.push(run);
    groups.set(invariant, group);
  }
  const largest = Math.max(0, ...runs.map(replicasOf));
  const classes = new Set(failed.map(({ failure }) => failure?.class));
  return {
    runs: runs.length,
    failed: failed.length,
    inconclusive: runs.filter(({ result }) => result === 'inconclusive').length,
    excused: runs
      .filter(({ result }) => result === 'inconclusive')
      .map(({ seed, fields }) => ({ seed: BigInt(seed), why: String(fields['excuse'] ?? '') })),
    first_class: failureClasses.find((name) => classes.has(name)) ?? null,
    groups: [...groups.values()].map((group) => ({
      class: group.class,
      invariant: group.invariant,
      seeds: group.seeds.length,
      cheapest: BigInt(group.seeds.sort((a, b) => a.events - b.events)[0]?.seed ?? 0),
    })),
    marks: Object.fromEntries([...marks].sort(([a], [b]) => (a < b ? -1 : 1))),
    missing_marks: missingMarks(marks, runs.length, largest),
    converged: percentiles(runs.map(({ fields }) => Number(fields['converged_in'] ?? 0))),
    failure_rate_below: failed.length > 0 ? null : Math.min(1, 3 / Math.max(1, runs.length)),
    ticks: BigInt(runs.reduce((sum, { ticks }) => sum + ticks, 0)),
    events: BigInt(runs.reduce((sum, { events }) => sum + events, 0)),
    seconds,
  };
}

/** Replicas of a run; 0 of one whose process was lost. */
function replicasOf({ fields: { parameters } }: RunRecord): number {
  if (typeof parameters !== 'object' || parameters === null) return 0;
  return Number((parameters as Fields)['replicas'] ?? 0);
}

/** What a plan was resolved to, in one line. */
export function parametersLine(plan: Plan): string {
  const { seed, profile, replicas, delivery, batched, workload, data, limits, network } = plan;
  const kinds = [...new Set(plan.faults.map(({ kind }) => kind))].join(',');
  const sizes = Object.entries(limits).map(([name, value]) => `${name}=${value}`);
  return [
    `seed=0x${seed} profile=${profile} n=${replicas} clients=${workload.clients}`,
    `rough=${workload.rough} groups=${data?.topics.length ?? 0} delivery=${delivery}`,
    `batched=${batched} loss=${network.loss / 1_000_000} delay=${network.meanDelay}`,
    `faults=${kinds === '' ? 'none' : kinds} limits=${sizes.join(',')}`,
  ].join(' ');
}

/** The closing lines of a swarm for people. */
export function summaryText(summary: Fields, perSecond: number): string {
  const { runs, failed, inconclusive } = summary;
  const { p50, p99, max } = summary['converged'] as { p50: number; p99: number; max: number };
  const marks = Object.entries(summary['marks'] as Record<string, number>);
  const missing = summary['missing_marks'] as readonly string[];
  const groups = summary['groups'] as readonly {
    invariant: string;
    seeds: number;
    cheapest: bigint;
  }[];
  const rate = Number(summary['failure_rate_below']);
  const excused = summary['excused'] as readonly { seed: bigint; why: string }[];
  return [
    `marks: ${marks.map(([name, count]) => `${name} ${count}`).join(', ')}`,
    ...(missing.length > 0 ? [`marks never reached: ${missing.join(', ')}`] : []),
    ...groups.map(
      ({ invariant, seeds, cheapest }) =>
        `${invariant}: ${seeds} seeds, the cheapest is ${cheapest}`,
    ),
    ...excused.map(({ seed, why }) => `inconclusive: ${seed}: ${why}`),
    ...(isExcusedTooOften(Number(runs), Number(inconclusive))
      ? ['more than 1 run in 100 is inconclusive, which says too little']
      : []),
    `converged in ${p50} ticks (p50), ${p99} (p99), ${max} at most`,
    ...(failed === 0 ? [`fewer than ${(100 * rate).toFixed(2)} % of seeds fail (95 %)`] : []),
    `${runs} runs, ${failed} failed, ${inconclusive} inconclusive, ${perSecond} ticks/s`,
  ].join('\n');
}

/** Excuses hide defects: one run in a hundred may have one, and in fewer runs none. */
export function isExcusedTooOften(runs: number, inconclusive: number): boolean {
  return inconclusive > runs / 100;
}

function percentiles(values: readonly number[]): { p50: number; p99: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => percentile(sorted, share) ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const { invariant, detail } = value as { invariant?: string; detail?: string };
  return `${invariant ?? ''} ${detail ?? ''}`;
}
