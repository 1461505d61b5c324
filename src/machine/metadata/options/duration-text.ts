const micros = 1_000_000n;

/** Seconds of each unit; the first name of a row is the usual one. */
const seconds: ReadonlyMap<string, bigint> = new Map(
  (
    [
      [['s', 'sec', 'secs', 'second', 'seconds'], 1n],
      [['m', 'min', 'mins', 'minute', 'minutes'], 60n],
      [['h', 'hr', 'hrs', 'hour', 'hours'], 3_600n],
      [['d', 'day', 'days'], 86_400n],
      [['w', 'wk', 'wks', 'week', 'weeks'], 604_800n],
      [['M', 'month', 'months'], 2_630_016n],
      [['y', 'yr', 'yrs', 'year', 'years'], 31_557_600n],
    ] as const
  ).flatMap(([names, value]) => names.map((name) => [name, value] as const)),
);

/** Nanoseconds of the units below a second. */
const fractions: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['nsec', 1n],
  ['nanos', 1n],
  ['us', 1_000n],
  ['usec', 1_000n],
  ['micros', 1_000n],
  ['ms', 1_000_000n],
  ['msec', 1_000_000n],
  ['millis', 1_000_000n],
]);

const part = /\s*(\d{1,20})\s*([A-Za-z]{1,8})\s*/y;

/**
 * Microseconds of a duration for people, such as `7 days` or `1h 30m`: whole numbers with units,
 * added up. A month has 30.44 days and a year 365.25. `undefined` for anything else.
 */
export function parseDurationText(text: string): bigint | undefined {
  let total = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (found === null) return undefined;
    const amount = BigInt(found[1] ?? '');
    const unit = found[2] ?? '';
    const whole = seconds.get(unit);
    const fraction = fractions.get(unit);
    if (whole !== undefined) total += amount * whole * micros * 1_000n;
    else if (fraction !== undefined) total += amount * fraction;
    else return undefined;
  }
  return text.length === 0 ? undefined : total / 1_000n;
}
