import { dataKinds } from './data-plan.js';
import { PlanError, parsePlan } from './parse-plan.js';
import { type Plan, requestKinds } from './plan.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A drawn plan with some of it said by hand: members of the plan replace what was drawn, objects one
 * member at a time; weights may be given by name. @throws PLAN_INVALID
 */
export function overlayPlan(plan: Plan, changes: unknown): Plan {
  if (!isFields(changes)) throw new PlanError('the changes are not an object');
  const { workload, data, ...rest } = changes;
  const named = {
    ...rest,
    ...(workload !== undefined && { workload: withWeights(workload, requestKinds) }),
    ...(data !== undefined && { data: withWeights(data, dataKinds) }),
  };
  return parsePlan(merged({ ...plan }, named, ''));
}

function merged(base: Fields, changes: Fields, path: string): Fields {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    const before = base[name];
    // Limits that were not drawn keep their defaults, so any may be named.
    if (before === undefined && path !== 'limits.') {
      throw new PlanError(`there is no "${path}${name}" in this plan`);
    }
    result[name] =
      isFields(before) && isFields(value) ? merged(before, value, `${path}${name}.`) : value;
  }
  return result;
}

/** Weights in the order of their kinds: `{"send": 3}` leaves out all others. */
function withWeights(value: unknown, kinds: readonly string[]): unknown {
  if (!isFields(value) || !isFields(value['weights'])) return value;
  const { weights } = value;
  const unknown = Object.keys(weights).find((name) => !kinds.includes(name));
  if (unknown !== undefined) {
    throw new PlanError(`"${unknown}" is not one of ${kinds.join(', ')}`);
  }
  return { ...value, weights: kinds.map((kind) => weights[kind] ?? 0) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
