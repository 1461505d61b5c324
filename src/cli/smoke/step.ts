import type { ClientOptions, IggyClient } from '../../client/index.js';
import type { LocalCluster } from '../../cluster/index.js';

/** Names of the suites, in the order in which `all` runs them. */
export const suiteNames = [
  'quick',
  'protocol',
  'session',
  'failover',
  'persistence',
  'cli',
] as const;
export type SuiteName = (typeof suiteNames)[number];

/** What the steps of a run share. */
export interface SmokeTarget {
  /** Logged in; the same one for all steps. */
  readonly client: IggyClient;
  /** Options of further clients, with credentials. */
  readonly options: ClientOptions;
  /** Set when the cluster was started for this run, so that it may be broken. */
  readonly cluster: LocalCluster | undefined;
  /** What the names of all objects begin with. */
  readonly prefix: string;
  /** Runs this program. */
  readonly run: (args: readonly string[], input?: string) => Promise<ProgramRun>;
}

/** What became of a command line. */
export interface ProgramRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One check. It throws when what it saw is not what it expected. */
export interface SmokeStep {
  readonly name: string;
  readonly run: (target: SmokeTarget) => Promise<void>;
  /** Needs a cluster of its own; skipped with any other. */
  readonly needsCluster?: boolean;
}

/** Steps that belong together: the later ones use what the earlier ones made. */
export interface SmokeSuite {
  readonly name: string;
  readonly steps: readonly SmokeStep[];
}

/** A check that did not hold. */
export class SmokeFailure extends Error {}

/** @throws SmokeFailure when `actual` is not `expected` */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (Object.is(actual, expected)) return;
  throw new SmokeFailure(`${what}: ${String(actual)} instead of ${String(expected)}`);
}

/** @throws SmokeFailure when it does not hold */
export function holds(what: string, condition: boolean): asserts condition {
  if (!condition) throw new SmokeFailure(what);
}

/** Waits for an error and gives it. @throws SmokeFailure when there is none */
export async function failing(what: string, work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new SmokeFailure(`${what}: it was accepted`);
}
