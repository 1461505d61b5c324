import { writeFileSync } from 'node:fs';
import { timelinePage } from '../../render/index.js';
import type { RunResult } from '../../simulator/index.js';

/** Writes a run as a page that needs nothing else. Gives the path. */
export function writePage(path: string, result: RunResult, command: string): string {
  const { plan, failure } = result;
  const verdict =
    failure === undefined
      ? (result.excuse ?? 'pass')
      : `FAIL ${failure.invariant} at tick ${failure.tick}: ${failure.detail}`;
  const last = result.trace.findLast(({ k }) => k === 'verdict');
  const page = timelinePage({
    title: `simulation ${plan.seed}, ${plan.profile}, ${plan.replicas} replicas`,
    facts: [verdict, command, `hash ${result.traceHash}, ${result.events} events`],
    events: result.trace,
    marked: last?.n ?? -1,
  });
  writeFileSync(path, page);
  return path;
}
