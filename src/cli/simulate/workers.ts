import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { failureFields, type RunRecord } from './report.js';
import { withoutSurvivor } from './survivor.js';

/** Told of every run as it ends, in the order of seeds of one worker. */
export type RunEnded = (record: RunRecord) => void;

/**
 * Spreads seeds over worker processes, each a `simulate run` of its own with one job and a heap
 * limit. A worker that dies is a failure of the seed it was at.
 */
export async function runInWorkers(
  argv: readonly string[],
  seeds: { readonly first: bigint; readonly count: number; readonly jobs: number },
  ended: RunEnded,
): Promise<void> {
  const { first, count, jobs } = seeds;
  const share = Math.ceil(count / jobs);
  const workers: Promise<void>[] = [];
  for (let at = 0; at < count; at += share) {
    const size = Math.min(share, count - at);
    workers.push(runWorker(argv, first + BigInt(at), size, ended));
  }
  await Promise.all(workers);
}

/** Words of the parent's command line that its workers get another value for. */
const replaced = new Set(['--seed', '--seed-start', '--runs', '--jobs']);

function runWorker(
  argv: readonly string[],
  first: bigint,
  count: number,
  ended: RunEnded,
): Promise<void> {
  const kept = argv.filter((word, i) => {
    const before = argv[i - 1] ?? '';
    const name = word.split('=')[0] ?? '';
    return !replaced.has(name) && !replaced.has(before) && word !== '--json';
  });
  const own = ['--seed-start', String(first), '--runs', String(count), '--jobs', '1', '--json'];
  const script = process.argv[1] ?? '';
  const words = ['--max-old-space-size=1024', script, 'simulate', 'run', ...kept, ...own];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let done = 0;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const record = recordOf(line);
    if (record === undefined) return;
    done += 1;
    ended(withoutSurvivor(record));
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      if (done < count && code !== 15) ended(lostRun(first + BigInt(done), code));
      resolve();
    });
  });
}

/** A `simulate.run` line of a worker; `undefined` for anything else. */
function recordOf(line: string): RunRecord | undefined {
  const fields = fieldsIn(line);
  if (fields === undefined) return undefined;
  if (fields['kind'] !== 'simulate.run') return undefined;
  const { kind: _kind, v: _v, marks, ...rest } = fields;
  const result = rest['result'];
  const failure = rest['failure'];
  return {
    seed: String(rest['seed']),
    result: result === 'ok' || result === 'inconclusive' ? result : 'failed',
    ...(isFailure(failure) && { failure }),
    ticks: Number(rest['ticks']),
    events: Number(rest['events']),
    marks: isCounts(marks) ? marks : {},
    fields: rest,
  };
}

function fieldsIn(line: string): (RunRecord['fields'] & Record<string, unknown>) | undefined {
  try {
    // Written by ourselves, in another process.
    return JSON.parse(line) as RunRecord['fields'];
  } catch {
    return undefined;
  }
}

function lostRun(seed: bigint, code: number | null): RunRecord {
  const detail = `the worker process ended with ${code ?? 'a signal'}`;
  const failure = { class: 'A', invariant: 'WORKER', detail, tick: 0, event: 0 } as const;
  const told = failureFields(failure);
  const fields = { seed, ticks: 0n, events: 0n, result: 'failed', failure: told };
  const counts = { ticks: 0, events: 0, marks: {} };
  return { seed: String(seed), result: 'failed', failure, ...counts, fields };
}

function isFailure(value: unknown): value is { class: string; invariant: string } {
  return typeof value === 'object' && value !== null && 'class' in value && 'invariant' in value;
}

function isCounts(value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null;
}
