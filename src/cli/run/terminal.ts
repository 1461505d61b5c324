import { type Environment, envValue } from '../config/places.js';

/** Whether to colour: the flag, then `NO_COLOR`, then `FORCE_COLOR`, then what the output is. */
export function wantsColor(
  flag: string | undefined,
  env: Environment,
  stream: { readonly isTTY?: boolean },
): boolean {
  if (flag === 'always') return true;
  if (flag === 'never') return false;
  if (envValue(env, 'NO_COLOR') !== undefined) return false;
  const force = envValue(env, 'FORCE_COLOR');
  if (force !== undefined) return force !== '0';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Columns of standard output; 0 when it is not a terminal. */
export function outputWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : 0;
}
