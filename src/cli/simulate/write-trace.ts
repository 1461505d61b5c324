import { writeFileSync } from 'node:fs';
import type { RunResult } from '../../simulator/index.js';
import { version } from '../../version.js';

/**
 * Writes a run: plan, events, hashes, verdict. A path that ends with `.ndjson` gets one record a line.
 * Gives the path.
 */
export function writeTrace(path: string, result: RunResult, command: string): string {
  const { plan, failure } = result;
  const head = {
    format: 'iggy-sim-trace',
    version: 1,
    build: { version, node: process.version, v8: process.versions.v8 },
    seed: plan.seed,
    profile: plan.profile,
    command,
    plan,
  };
  const tail = {
    hash: {
      checkpoints: result.checkpoints,
      final: result.traceHash,
      final_draw: result.finalDraw,
    },
    verdict: failure ?? result.excuse ?? 'pass',
    stats: {
      events: result.events,
      ticks: result.ticks,
      commits: result.ops,
      views: result.views,
      crashes: result.crashes,
      marks: Object.fromEntries(result.marks),
    },
  };
  const { trace: events } = result;
  const text = path.endsWith('.ndjson')
    ? [head, ...events, tail].map((record) => JSON.stringify(record)).join('\n')
    : JSON.stringify({ ...head, events, ...tail }, undefined, 1);
  writeFileSync(path, `${text}\n`);
  return path;
}
