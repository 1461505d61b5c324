const units: readonly (readonly [pattern: RegExp, millis: number])[] = [
  [/^(?:ms|msec|millis)$/, 1],
  [/^(?:us|usec)$/, 0.001],
  [/^(?:ns|nsec|nanos)$/, 0.000_001],
  [/^(?:s|secs?|seconds?)$/, 1_000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hrs?|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:w|weeks?)$/, 604_800_000],
];
const nothing = /^(?:0|none|disabled|unlimited)$/;

/**
 * Milliseconds of a duration for people, such as `5s`, `500ms`, `1h 30m` or `none`; nothing when it
 * is not one.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (nothing.test(trimmed)) return 0;
  if (!/^(?:\d+\s*[a-z]+\s*)+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of trimmed.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const millis = units.find(([pattern]) => pattern.test(unit))?.[1];
    if (millis === undefined) return undefined;
    total += Number(amount) * millis;
  }
  return Number.isFinite(total) ? total : undefined;
}
