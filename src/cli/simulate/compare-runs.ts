import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../simulator/index.js';

/** R1: the same plan gives the same run in the same process. `traced` runs it with its events. */
export function compared(first: RunResult, second: RunResult, traced: () => RunResult): RunResult {
  const isSame = first.traceHash === second.traceHash && first.finalDraw === second.finalDraw;
  if (isSame || first.failure !== undefined) return first;
  return unlike(first, `a second run differs: ${firstDifference(traced(), traced())}`);
}

/**
 * R2: and in a fresh process with another time zone, locale, hash seed, stack, directory and
 * environment, with checkers and trace off.
 */
export function comparedInFreshProcess(first: RunResult, mutant: string | undefined): RunResult {
  if (first.failure !== undefined) return first;
  const directory = mkdtempSync(join(tmpdir(), 'iggyctl-sim-'));
  try {
    const file = join(directory, 'plan.json');
    writeFileSync(file, JSON.stringify(first.plan));
    const hash = hashOfFreshRun(file, directory, mutant);
    if (hash === first.traceHash) return first;
    return unlike(
      first,
      `a fresh process gives ${hash ?? 'no result'}, this one ${first.traceHash}`,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function hashOfFreshRun(
  plan: string,
  directory: string,
  mutant: string | undefined,
): string | undefined {
  const noise = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`IGGYCTL_SIM_NOISE_${i}`, 'x'.repeat(i)]),
  );
  const script = process.argv[1] ?? '';
  const words = ['--hash-seed=4711', '--stack-size=1500', script, 'simulate', 'run', '--json'];
  words.push('--plan', plan, '--check', 'none', '--run-timeout', '600s');
  if (mutant !== undefined) words.push('--mutant', mutant);
  const child = spawnSync(process.execPath, words, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      TZ: 'Pacific/Chatham',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      ...noise,
    },
  });
  return /"trace_hash":"([0-9a-f]+)"/.exec(child.stdout)?.[1];
}

/** The first event in which two runs differ, as both have it. */
function firstDifference(a: RunResult, b: RunResult): string {
  const length = Math.max(a.trace.length, b.trace.length);
  for (let i = 0; i < length; i++) {
    const left = JSON.stringify(a.trace[i] ?? null);
    const right = JSON.stringify(b.trace[i] ?? null);
    if (left !== right) return `${left} here, ${right} there`;
  }
  return 'two further runs were equal';
}

function unlike(first: RunResult, detail: string): RunResult {
  const { ticks: tick, events: event } = first;
  const failure = { class: 'R', invariant: 'R1', detail, tick, event } as const;
  return { ...first, result: 'failed', failure };
}
