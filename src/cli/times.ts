import { usageError } from './cli-error.js';
import { parseDuration } from './values.js';

/**
 * A point in time, in microseconds since 1970: RFC 3339, a date, unix seconds, milliseconds or
 * microseconds (told apart by their size), or relative to now such as `-15m`.
 *
 * @throws CliError E_USAGE that names `what`
 */
export function parseTime(text: string, what: string, nowMillis: number = Date.now()): bigint {
  const trimmed = text.trim();
  if (trimmed === 'now') return BigInt(nowMillis) * 1000n;
  if (/^\d+$/.test(trimmed)) return unixMicros(BigInt(trimmed));
  if (/^[-+]/.test(trimmed)) {
    const sign = trimmed.startsWith('-') ? -1n : 1n;
    return BigInt(nowMillis) * 1000n + sign * BigInt(parseDuration(trimmed.slice(1), what));
  }
  if (/^\d{4}-\d{2}-\d{2}(?:$|[T ]\d{2}:\d{2})/.test(trimmed)) {
    const millis = Date.parse(withZone(trimmed));
    if (Number.isFinite(millis)) return BigInt(millis) * 1000n + microsOf(trimmed);
  }
  throw usageError(
    `${what}: "${text}" is not a time`,
    'write for instance 2026-11-22, 2026-11-22T10:00:00Z, 1795305600 or -15m',
  );
}

function unixMicros(value: bigint): bigint {
  if (value < 100_000_000_000n) return value * 1_000_000n;
  return value < 100_000_000_000_000n ? value * 1000n : value;
}

/** A time without a zone is UTC. */
function withZone(text: string): string {
  const iso = text.replace(' ', 'T');
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(iso.slice(10));
  return hasZone || iso.length === 10 ? iso : `${iso}Z`;
}

/** What comes behind the milliseconds. */
function microsOf(text: string): bigint {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return BigInt(fraction.padEnd(6, '0').slice(3, 6));
}
