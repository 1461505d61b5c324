import { usageError } from './cli-error.js';

const durationUnits: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  usec: 1,
  ms: 1000,
  msec: 1000,
  s: 1_000_000,
  sec: 1_000_000,
  second: 1_000_000,
  seconds: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  minute: 60_000_000,
  minutes: 60_000_000,
  h: 3_600_000_000,
  hr: 3_600_000_000,
  hour: 3_600_000_000,
  hours: 3_600_000_000,
  d: 86_400_000_000,
  day: 86_400_000_000,
  days: 86_400_000_000,
  w: 604_800_000_000,
  week: 604_800_000_000,
  weeks: 604_800_000_000,
};

const sizeUnits: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/**
 * A duration such as `500ms`, `1h30m`, `7d` or `15days 2min`, in microseconds.
 *
 * @throws CliError E_USAGE that names `what`
 */
export function parseDuration(text: string, what: string): number {
  const compact = text.trim().toLowerCase();
  const parts = [...compact.matchAll(/(\d+(?:\.\d+)?)\s*([a-zµ]+)\s*/gy)];
  const used = parts.reduce((length, part) => length + part[0].length, 0);
  let micros = 0;
  for (const part of parts) {
    const unit = durationUnits[part[2] ?? ''];
    if (unit === undefined) throw durationError(text, what);
    micros += Number(part[1]) * unit;
  }
  if (parts.length === 0 || used !== compact.length) throw durationError(text, what);
  if (!Number.isSafeInteger(Math.round(micros))) throw durationError(text, what);
  return Math.round(micros);
}

/** A size such as `64KiB` or `15 GB`, in bytes. @throws CliError E_USAGE that names `what` */
export function parseSize(text: string, what: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = sizeUnits[(match?.[2] ?? '').toLowerCase() || 'b'];
  const bytes = match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit;
  if (!Number.isSafeInteger(Math.round(bytes))) {
    throw usageError(`${what}: "${text}" is not a size; write for instance 64KiB or 15GB`);
  }
  return Math.round(bytes);
}

/** A whole number between the bounds. @throws CliError E_USAGE that names `what` */
export function parseInteger(text: string, what: string, min: number, max: number): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw usageError(`${what}: "${text}" is not a whole number from ${min} to ${max}`);
  }
  return value;
}

/** Names a stream, topic, user …: a number is its id, a string is its name. */
export type Identifier = number | string;

/** A number or a name; `name:123` forces a name and `id:123` a number. @throws CliError E_USAGE */
export function parseIdentifier(text: string, what: string): Identifier {
  if (text.startsWith('name:')) return named(text.slice(5), what);
  if (text.startsWith('id:')) return parseInteger(text.slice(3), what, 0, 0xffff_ffff);
  if (/^\d+$/.test(text) && Number(text) <= 0xffff_ffff) return Number(text);
  return named(text, what);
}

function named(name: string, what: string): string {
  const length = new TextEncoder().encode(name).length;
  if (length < 1 || length > 255) {
    throw usageError(`${what}: a name has 1 to 255 bytes, this one has ${length}`);
  }
  return name;
}

function durationError(text: string, what: string): Error {
  return usageError(`${what}: "${text}" is not a duration; write for instance 500ms, 10s or 1h30m`);
}
