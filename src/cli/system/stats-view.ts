import { stringify } from 'smol-toml';
import { humanDuration, humanSize, isoTime, type Pair } from '../../render/index.js';
import type { Fields } from '../output/result.js';

/** The figures as JSON and as pairs, sizes in human units unless the exact bytes are wanted. */
export function statsPairs(value: Fields, exactBytes: boolean): readonly Pair[] {
  return Object.entries(value).flatMap(([key, field]) => {
    if (typeof field === 'object' && field !== null) return [];
    return [{ label: key.replaceAll('_', ' '), value: shown(key, field, exactBytes) }];
  });
}

function shown(key: string, field: Fields[string], exactBytes: boolean): Pair['value'] {
  if (typeof field === 'object') return undefined;
  if (typeof field === 'number' && !Number.isInteger(field)) return field.toFixed(1);
  if (typeof field !== 'bigint') return field;
  if (/bytes|memory|space/.test(key)) return exactBytes ? field : humanSize(field);
  if (key === 'start_time') return isoTime(field) ?? field;
  return key === 'run_time' ? humanDuration(field) : field;
}

/** The figures as `key|value` lines, exact. */
export function statsList(value: Fields): string {
  return scalars(value)
    .map(([key, field]) => `${key}|${field}`)
    .join('\n');
}

/** The figures as a TOML document; what TOML's signed 64 bits do not hold is text. */
export function statsToml(value: Fields): string {
  const table = scalars(value).map(([key, field]) => [
    key,
    typeof field === 'bigint' && field >= 2n ** 63n ? String(field) : field,
  ]);
  return stringify(Object.fromEntries(table)).trimEnd();
}

function scalars(
  value: Fields,
): readonly (readonly [string, string | number | bigint | boolean])[] {
  return Object.entries(value).flatMap(([key, field]) =>
    field === null || field === undefined || typeof field === 'object' ? [] : [[key, field]],
  );
}

/** What of the figures changes with time alone. */
const restless = /cpu|memory|run_time|read_bytes|written_bytes|threads|free_disk|available/;

/** The figures without those that move by themselves, to see whether something happened. */
export function essenceOf(value: Fields): string {
  const kept = Object.entries(value).filter(([key]) => !restless.test(key));
  return kept.map(([key, field]) => `${key}=${String(field)}`).join(' ');
}
