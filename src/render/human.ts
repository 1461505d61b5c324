const dayMicros = 86_400_000_000;
const sizeUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

const durationUnits: readonly (readonly [number, string])[] = [
  [dayMicros, 'd'],
  [3_600_000_000, 'h'],
  [60_000_000, 'm'],
  [1_000_000, 's'],
];

/** A byte count for people: `312 B`, `1.5 KiB`, `64 MiB`. */
export function humanSize(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1024 && unit < sizeUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit > 0 && Number(value.toFixed(1)) >= 1024 && unit < sizeUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 ? String(value) : value.toFixed(1).replace(/\.0$/, '');
  return `${text} ${sizeUnits[unit] ?? 'B'}`;
}

/** A duration in microseconds for people: `87 µs`, `1.24 ms`, `2.5 s`, `1h 30m`, `7d`. */
export function humanDuration(micros: number | bigint): string {
  const value = Number(micros);
  if (value < 0) return `-${humanDuration(-value)}`;
  if (value < 1000) return `${value} µs`;
  if (value < 1_000_000) return `${trimZeros((value / 1000).toFixed(2))} ms`;
  if (value < 60_000_000) return `${trimZeros((value / 1_000_000).toFixed(2))} s`;
  let rest = value;
  const parts: string[] = [];
  for (const [size, unit] of durationUnits) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join(' ');
}

/**
 * Microseconds since the Unix epoch as RFC 3339 in UTC with microseconds, or undefined outside
 * the years 0 to 9999.
 */
export function isoTime(micros: number | bigint): string | undefined {
  const big = BigInt(micros);
  const days = Number(floorDiv(big, BigInt(dayMicros)));
  const inDay = Number(big - BigInt(days) * BigInt(dayMicros));
  const { year, month, day } = civil(days);
  if (year < 0 || year > 9999) return undefined;
  const seconds = Math.floor(inDay / 1_000_000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  const time = clock.map((part) => digits(part, 2)).join(':');
  return `${date}T${time}.${digits(inDay % 1_000_000, 6)}Z`;
}

/** Like {@link isoTime} for people: a space instead of `T`, trailing zeros of the fraction gone. */
export function humanTime(micros: number | bigint): string | undefined {
  const text = isoTime(micros);
  if (text === undefined) return undefined;
  return `${text.slice(0, 10)} ${text.slice(11, -1).replace(/\.?0+$/, '')} UTC`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, '');
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** Days since 1970-01-01 as a date of the proleptic Gregorian calendar. */
function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}
