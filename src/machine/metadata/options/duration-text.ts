const second = 1_000_000_000n;

/** Nanoseconds of each unit, by all of its names. */
const nanoseconds: ReadonlyMap<string, bigint> = new Map(
  (
    [
      [['ns', 'nsec', 'nanos'], 1n],
      [['us', 'usec', '\u00b5s'], 1_000n],
      [['ms', 'msec', 'millis'], 1_000_000n],
      [['s', 'sec', 'secs', 'second', 'seconds'], second],
      [['m', 'min', 'mins', 'minute', 'minutes'], 60n * second],
      [['h', 'hr', 'hrs', 'hour', 'hours'], 3_600n * second],
      [['d', 'day', 'days'], 86_400n * second],
      [['w', 'wk', 'wks', 'week', 'weeks'], 604_800n * second],
      [['M', 'month', 'months'], 2_630_016n * second],
      [['y', 'yr', 'yrs', 'year', 'years'], 31_557_600n * second],
    ] as const
  ).flatMap(([names, value]) => names.map((name) => [name, value] as const)),
);

/** From an hour on, a fraction must come to whole seconds; below, to whole nanoseconds. */
const wholeSecondsFrom = 3_600n * second;
const u64Max = 2n ** 64n - 1n;

const part = /\s*(\d[\d\s]*)(?:\.([\d\s]+))?([A-Za-z\u00b5]+)(?=[\d\s]|$)\s*/y;

function withoutSpaces(digits: string): string {
  return digits.replace(/\s+/g, '');
}

/** Nanoseconds of a fraction of a unit, if it comes to a whole number. */
function fractionOf(digits: string, unit: bigint): bigint | undefined {
  if (unit === 1n) return undefined;
  const step = unit >= wholeSecondsFrom ? second : 1n;
  const scale = 10n ** BigInt(digits.length);
  const scaled = BigInt(digits) * (unit / step);
  if (scale > u64Max || scaled > u64Max || scaled % scale !== 0n) return undefined;
  return (scaled / scale) * step;
}

/** Nanoseconds of one number with its unit. */
function readPart([, number = '', after, unit = '']: RegExpExecArray): bigint | undefined {
  const scale = nanoseconds.get(unit);
  const amount = BigInt(withoutSpaces(number));
  if (scale === undefined || amount > u64Max) return undefined;
  if (after === undefined) return amount * scale;
  const digits = withoutSpaces(after);
  const fraction = digits === '' ? undefined : fractionOf(digits, scale);
  return fraction === undefined ? undefined : amount * scale + fraction;
}

/**
 * Microseconds of a duration for people, such as `7 days`, `1.5h` or `1h 30m`: numbers with units,
 * added up, or a bare `0`. A month has 30.44 days and a year 365.25. `undefined` for anything else.
 */
export function parseDurationText(text: string): bigint | undefined {
  if (text === '0') return 0n;
  let total = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    const value = found === null ? undefined : readPart(found);
    if (value === undefined) return undefined;
    total += value;
  }
  return text.length === 0 ? undefined : total / 1_000n;
}
