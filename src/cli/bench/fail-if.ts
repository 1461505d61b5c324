import { usageError } from '../cli-error.js';
import { parseDuration } from '../values.js';

/** What a condition can speak of: latencies in microseconds, and rates. */
export interface BenchFigures {
  readonly latency: Readonly<Record<string, number>>;
  readonly msgs_per_s: number;
  readonly mb_per_s: number;
}

/** A condition under which a benchmark has failed. */
export interface FailIf {
  readonly text: string;
  readonly isTrue: (figures: BenchFigures) => boolean;
}

const compare: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

/** Reads `p99>5ms` or `msgs_per_s<1000`. @throws CliError E_USAGE */
export function parseFailIf(text: string): FailIf {
  const match = /^\s*([\w.]+)\s*(>=|<=|>|<)\s*(\S+)\s*$/.exec(text);
  const [, name = '', sign = '', value = ''] = match ?? [];
  const check = compare[sign];
  if (check === undefined) throw wrong(text);
  const isRate = name === 'msgs_per_s' || name === 'mb_per_s';
  const latency = name.replace('.', '');
  if (!isRate && !/^(avg|p50|p90|p95|p99|p999|max)$/.test(latency)) throw wrong(text);
  const limit = isRate ? Number(value) : parseDuration(value, '--fail-if');
  if (!Number.isFinite(limit)) throw wrong(text);
  return {
    text,
    isTrue: (figures) => check(isRate ? figures[name] : (figures.latency[latency] ?? 0), limit),
  };
}

function wrong(text: string) {
  return usageError(
    `--fail-if: "${text}" is not a condition such as p99>5ms or msgs_per_s<1000`,
    'names: avg p50 p90 p95 p99 p99.9 max msgs_per_s mb_per_s',
  );
}
