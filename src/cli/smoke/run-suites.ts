import { reportOf } from '../output/report-error.js';
import { SmokeFailure, type SmokeStep, type SmokeSuite, type SmokeTarget } from './step.js';

/** What became of one step, as in JSON. */
export interface StepResult {
  readonly [key: string]: number | string | boolean | null;
  readonly n: number;
  readonly suite: string;
  readonly name: string;
  readonly ok: boolean;
  readonly skipped: boolean;
  readonly took_us: number;
  readonly error: string | null;
}

/** A step with its suite and its number in the whole run. */
export interface PlannedStep {
  readonly n: number;
  readonly suite: string;
  readonly step: SmokeStep;
}

/** The steps of the suites whose name contains one of the texts, numbered; all without texts. */
export function plan(suites: readonly SmokeSuite[], only: readonly string[]): PlannedStep[] {
  return suites
    .flatMap(({ name, steps }) => steps.map((step) => ({ suite: name, step })))
    .filter(({ step }) => only.length === 0 || only.some((text) => step.name.includes(text)))
    .map((each, at) => ({ n: at + 1, ...each }));
}

/**
 * Runs the steps in order. After a failure the rest of its suite is skipped, since later steps use what
 * earlier ones made; without `keepGoing` all others are skipped too.
 */
export async function runSuites(
  planned: readonly PlannedStep[],
  target: SmokeTarget,
  options: { readonly keepGoing: boolean; readonly signal: AbortSignal },
  onResult: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  let failed: string | undefined;
  for (const { n, suite, step } of planned) {
    const { name } = step;
    const reason = skipReason(step, target, failed, suite, options);
    const started = performance.now();
    const error = reason === undefined ? await attempt(step, target) : null;
    const took_us = Math.round((performance.now() - started) * 1000);
    const ok = reason === undefined && error === null;
    if (error !== null) failed = suite;
    const result = {
      ...{ n, suite, name, ok, skipped: reason !== undefined },
      ...{ took_us: reason === undefined ? took_us : 0, error: reason ?? error },
    };
    results.push(result);
    onResult(result);
  }
  return results;
}

function skipReason(
  { needsCluster = false }: SmokeStep,
  { cluster }: SmokeTarget,
  failed: string | undefined,
  suite: string,
  { keepGoing, signal }: { readonly keepGoing: boolean; readonly signal: AbortSignal },
): string | undefined {
  if (signal.aborted) return 'interrupted';
  if (failed === suite) return 'a step before it failed';
  if (failed !== undefined && !keepGoing) return 'another suite failed';
  if (needsCluster && cluster === undefined) return 'needs --cluster-up';
  return undefined;
}

async function attempt(step: SmokeStep, target: SmokeTarget): Promise<string | null> {
  try {
    await step.run(target);
    return null;
  } catch (error) {
    if (error instanceof SmokeFailure) return error.message;
    const { name, message } = reportOf(error);
    return `${message} [${name}]`;
  }
}
