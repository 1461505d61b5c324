import { overlayPlan, type Plan, PlanError, type PlanOptions } from '../../simulator/index.js';
import { CliError, usageError } from '../cli-error.js';
import { readDocument } from './documents.js';

/** A profile or a workload: one of those that are built in, with what a file changes of it. */
export interface Shape<Base extends string> {
  readonly base: Base;
  readonly file?: string;
  readonly options: Partial<PlanOptions>;
  /** As `--faults`. */
  readonly faults?: string;
  /** Members of the plan. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** Members of a file that are drawn for, and so cannot be changed afterwards. */
const counted = ['replicas', 'clients', 'groups', 'requests'] as const;

/**
 * What a flag names: a built-in, or a file with one as `base`, with `replicas`, `clients`, `groups`,
 * `requests`, `faults`, and members of plans. @throws CliError E_USAGE, E_IO, E_DAMAGED
 */
export function baseOf<Base extends string>(
  flag: string,
  text: string,
  known: readonly Base[],
  fallback: Base,
): Shape<Base> {
  const found = known.find((name) => name === text);
  if (found !== undefined) return { base: found, options: {} };
  if (!/[./\\]/.test(text)) {
    throw usageError(`${flag}: "${text}" is neither a file nor one of ${known.join(', ')}`);
  }
  const document = readDocument(text);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new CliError('E_DAMAGED', `${text} is not an object with members of a plan`);
  }
  const { base, faults, ...rest } = document as Readonly<Record<string, unknown>>;
  const named = base === undefined ? fallback : known.find((name) => name === base);
  if (named === undefined) {
    throw new CliError('E_DAMAGED', `${text}: "base" is not one of ${known.join(', ')}`);
  }
  if (faults !== undefined && typeof faults !== 'string') {
    throw new CliError('E_DAMAGED', `${text}: "faults" is not a text, as --faults takes it`);
  }
  const { options, changes } = split(rest, text);
  return { base: named, file: text, options, ...(faults !== undefined && { faults }), changes };
}

/** A plan with what a file says. @throws CliError E_DAMAGED */
export function overlaid(plan: Plan, shape: Shape<string>): Plan {
  if (shape.changes === undefined) return plan;
  try {
    return overlayPlan(plan, shape.changes);
  } catch (cause) {
    if (!(cause instanceof PlanError)) throw cause;
    const hasNoData = shape.changes['data'] !== undefined && plan.data === undefined;
    throw new CliError('E_DAMAGED', `${shape.file}: ${cause.message}`, {
      cause,
      ...(hasNoData && { hint: 'not every seed draws partitions; --groups 2 gives them to all' }),
    });
  }
}

function split(members: Readonly<Record<string, unknown>>, file: string) {
  const options: Record<string, number> = {};
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (!counted.some((known) => known === name)) {
      changes[name] = value;
    } else if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) {
      options[name] = value;
    } else {
      throw new CliError('E_DAMAGED', `${file}: "${name}" is not a whole number`);
    }
  }
  return { options, changes };
}
