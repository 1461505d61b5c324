import { usageError } from '../cli-error.js';
import { parseDuration } from '../values.js';

/** Flags that change a link. */
export interface LinkFlags {
  readonly drop?: string | undefined;
  /** `20ms`, or `20ms~10ms` with a jitter. */
  readonly delay?: string | undefined;
  readonly duplicate?: string | undefined;
  readonly reorder?: string | undefined;
}

/** The flags as parameters of the control call; those not given are absent. @throws CliError E_USAGE */
export function linkParams(flags: LinkFlags): Readonly<Record<string, number>> {
  const params: Record<string, number> = {};
  for (const name of ['drop', 'duplicate', 'reorder'] as const) {
    const text = flags[name];
    if (text !== undefined) params[name] = chanceOf(text, `--${name}`);
  }
  if (flags.delay !== undefined) {
    const [delay = '', jitter] = flags.delay.split('~');
    params['delayMillis'] = parseDuration(delay, '--delay') / 1000;
    if (jitter !== undefined) params['jitterMillis'] = parseDuration(jitter, '--delay') / 1000;
  }
  return params;
}

function chanceOf(text: string, flag: string): number {
  const value = /^\d*\.?\d+%?$/.test(text)
    ? Number(text.replace('%', '')) / (text.endsWith('%') ? 100 : 1)
    : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw usageError(`${flag}: "${text}" is not a chance; write 0.3 or 30%`);
}
