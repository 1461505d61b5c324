import type { PollStart } from '../../client/index.js';
import { usageError } from '../cli-error.js';
import { parseTime } from '../times.js';
import { parseInteger } from '../values.js';

/** The flags that choose where to start. */
export interface StartFlags {
  readonly offset?: string | undefined;
  readonly first?: boolean;
  readonly last?: boolean;
  readonly next?: boolean;
  readonly timestamp?: string | undefined;
  readonly tail?: number | undefined;
}

/** Where a poll starts; `first` if nothing is said. @throws CliError E_USAGE when two are */
export function startOf(flags: StartFlags): PollStart {
  const { offset, last, next, timestamp, tail } = flags;
  if (startsGiven(flags) > 1) {
    throw usageError('give one of --offset, --first, --last, --next, --timestamp and --tail');
  }
  if (offset !== undefined) {
    return { offset: parseInteger(offset, '--offset', 0, Number.MAX_SAFE_INTEGER) };
  }
  if (timestamp !== undefined) return { timestampMicros: parseTime(timestamp, '--timestamp') };
  if (last === true || tail !== undefined) return 'last';
  return next === true ? 'next' : 'first';
}

function startsGiven({ offset, first, last, next, timestamp, tail }: StartFlags): number {
  const words = [offset, timestamp, tail].filter((each) => each !== undefined);
  return words.length + [first, last, next].filter((each) => each === true).length;
}

/** Where following starts: `--from`, or a flag as `poll` has it; nothing if neither is given. */
export function followStart(
  flags: StartFlags & { readonly from?: string | undefined },
): PollStart | { readonly tail: number } | undefined {
  const { from, tail } = flags;
  const given = startsGiven(flags);
  if (from !== undefined && given > 0) throw usageError('give --from or a flag such as --first');
  if (from !== undefined) return parseStart(from, '--from');
  if (given === 0) return undefined;
  const start = startOf(flags);
  return tail === undefined ? start : { tail };
}

/** `first`, `last`, `next`, an offset or a time, as one word. @throws CliError E_USAGE */
export function parseStart(text: string, what: string): PollStart {
  if (text === 'first' || text === 'last' || text === 'next') return text;
  if (/^\d{1,15}$/.test(text)) return { offset: Number(text) };
  return { timestampMicros: parseTime(text, what) };
}
