import type { DecodeIo } from './io.js';

/** Whether to colour: the flag, then `NO_COLOR`, then `FORCE_COLOR`, then what the output is. */
export function wantsColor(
  flag: string | undefined,
  io: Pick<DecodeIo, 'env' | 'columns'>,
): boolean {
  if (flag === 'always') return true;
  if (flag === 'never') return false;
  const { NO_COLOR: no = '', FORCE_COLOR: force, TERM: terminal } = io.env;
  if (no !== '') return false;
  if (force !== undefined && force !== '' && force !== '0') return true;
  return io.columns > 0 && terminal !== 'dumb';
}
