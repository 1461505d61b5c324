import type { Fault, Plan } from '../plan/plan.js';
import { type RunResult, runPlan } from './run-plan.js';

/** The smallest plan found that still fails in the same way. */
export interface Shrunk {
  readonly plan: Plan;
  readonly result: RunResult;
  readonly runs: number;
}

/** Limits of a search. */
export interface ShrinkOptions {
  readonly maxRuns: number;
  isOutOfTime?(): boolean;
}

/**
 * Makes a failing plan smaller while the same invariant is broken: fewer ticks, fault families,
 * faults, clients; links and disks without trouble. `undefined` when the plan does not fail.
 */
export function shrinkPlan(plan: Plan, options: ShrinkOptions): Shrunk | undefined {
  const first = runPlan(plan);
  const invariant = first.failure?.invariant;
  if (first.failure === undefined || invariant === undefined) return undefined;
  let best: Shrunk = { plan, result: first, runs: 1 };
  const attempt = (candidate: Plan): boolean => {
    if (best.runs >= options.maxRuns || options.isOutOfTime?.() === true) return false;
    const result = runPlan(candidate);
    const isSame = result.failure?.invariant === invariant;
    best = isSame
      ? { plan: candidate, result, runs: best.runs + 1 }
      : { ...best, runs: best.runs + 1 };
    return isSame;
  };
  let size = Number.POSITIVE_INFINITY;
  while (sizeOf(best.plan) < size) {
    size = sizeOf(best.plan);
    cutTime(best, attempt);
    for (const kind of new Set(best.plan.faults.map((fault) => fault.kind))) {
      attempt(withFaults(best.plan, (fault) => fault.kind !== kind));
    }
    dropFaults(() => best.plan, attempt);
    for (const simpler of simplifications(best.plan)) attempt(simpler);
  }
  return best;
}

type Attempt = (candidate: Plan) => boolean;

/** Nothing after the failure matters, unless it is that the run does not end well. */
function cutTime({ plan, result }: Shrunk, attempt: Attempt): void {
  if (result.ticks >= plan.ticks) return;
  const ticks = result.ticks + 1;
  const faults = plan.faults.filter(({ at }) => at <= ticks);
  attempt({ ...plan, ticks, faults });
}

/** Delta debugging: halves, quarters, single faults. */
function dropFaults(current: () => Plan, attempt: Attempt): void {
  for (let parts = 2; ; parts *= 2) {
    const { faults } = current();
    const size = Math.ceil(faults.length / parts);
    if (size === 0) return;
    for (let at = 0; at < faults.length; at += size) {
      const dropped = new Set(faults.slice(at, at + size).map(({ id }) => id));
      attempt(withFaults(current(), ({ id }) => !dropped.has(id)));
    }
    if (size === 1) return;
  }
}

function withFaults(plan: Plan, keeps: (fault: Fault) => boolean): Plan {
  return { ...plan, faults: plan.faults.filter(keeps) };
}

function simplifications(plan: Plan): readonly Plan[] {
  const { network, workload, disk, replicas } = plan;
  const { clientLinks, ...sparingClients } = plan;
  const half = Math.ceil(workload.clients / 2);
  const sizes = [...new Set([3, replicas - 2, replicas - 1])];
  return [
    ...sizes.filter((size) => size > 0 && size < replicas).map((size) => ofSize(plan, size)),
    ...withLessData(plan),
    ...(clientLinks === undefined ? [] : [sparingClients]),
    { ...plan, network: { ...network, corruption: 0 } },
    { ...plan, network: { ...network, duplication: 0 } },
    { ...plan, network: { ...network, lateness: 0 } },
    { ...plan, network: { ...network, forgery: 0 } },
    { ...plan, network: { ...network, loss: 0 } },
    { ...plan, network: { ...network, meanDelay: 0, minDelay: 1 } },
    { ...plan, disk: { ...disk, meanDelay: 0, minDelay: 0, stall: 0 } },
    { ...plan, clocks: plan.clocks.map(() => ({ offset: 0, drift: 0 })) },
    { ...plan, delivery: 'by-time' },
    { ...plan, leftOut: -1 },
    { ...plan, faults: plan.faults.map(shorter) },
    { ...plan, workload: { ...workload, rough: 0 } },
    { ...plan, workload: { ...workload, clients: half, twins: 0 } },
    { ...plan, workload: { ...workload, chunk: 0, linkDelay: 0 } },
  ];
}

/** The same with fewer replicas; what happened to those that are gone does not happen. */
function ofSize(plan: Plan, replicas: number): Plan {
  const isThere = ({ kind, target, value }: Fault) =>
    target < replicas && (value < replicas || !(kind === 'cut' || kind === 'clog'));
  return {
    ...plan,
    replicas,
    clocks: plan.clocks.slice(0, replicas),
    leftOut: plan.leftOut >= replicas ? -1 : plan.leftOut,
    faults: plan.faults.filter(isThere),
  };
}

/** Without partitions, with one of them, or with less in them. */
function withLessData(plan: Plan): readonly Plan[] {
  const { data, ...rest } = plan;
  if (data === undefined) return [];
  return [
    rest,
    { ...plan, data: { ...data, topics: data.topics.slice(0, 1) } },
    {
      ...plan,
      data: { ...data, topics: data.topics.map((topic) => ({ ...topic, partitions: 1 })) },
    },
    { ...plan, data: { ...data, batch: 1, payload: Math.min(64, data.payload) } },
  ];
}

function shorter(fault: Fault): Fault {
  return { ...fault, until: fault.at + Math.floor((fault.until - fault.at) / 2) };
}

/** What a smaller plan has less of. */
function sizeOf(plan: Plan): number {
  const { faults, ticks, workload, network, disk, replicas, data, clientLinks } = plan;
  const { loss, duplication, corruption, lateness, meanDelay } = network;
  const troubles = [
    loss,
    duplication,
    corruption,
    lateness,
    meanDelay,
    disk.meanDelay,
    clientLinks?.corruption ?? 0,
  ];
  const count = troubles.filter((value) => value > 0).length;
  const partitions = data?.topics.reduce((sum, topic) => sum + topic.partitions, 0) ?? 0;
  const actors = workload.clients + workload.rough + replicas + partitions;
  const trouble = faults.reduce((sum, { at, until }) => sum + (until - at) / 1000, 0);
  return faults.length * 1000 + ticks / 100 + actors * 10 + count + Math.floor(trouble);
}
