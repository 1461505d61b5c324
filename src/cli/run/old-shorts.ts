import { usageError } from '../cli-error.js';
import { beforeDashes } from './argv.js';

/** A short option that the official command line has in another sense. */
export interface OldShort {
  readonly char: string;
  /** How the same thing is written here. */
  readonly instead: string;
  /** Only with values of this form; with any, or none, if absent. */
  readonly when?: RegExp;
}

/**
 * Refuses short options in their official sense where they mean something else here, and tells the
 * new spelling. The value is not repeated.
 *
 * @throws CliError E_USAGE
 */
export function refuseOldShorts(argv: readonly string[], shorts: readonly OldShort[]): void {
  const words = beforeDashes(argv);
  for (const { char, instead, when } of shorts) {
    words.forEach((word, at) => {
      if (!word.startsWith(`-${char}`)) return;
      const next = words[at + 1] ?? '';
      const attached = word.slice(2).replace(/^=/, '');
      const value = word.length > 2 ? attached : next.startsWith('-') ? '' : next;
      if (when !== undefined && !when.test(value)) return;
      throw usageError(`-${char} is not what it is in the official command line`, `use ${instead}`);
    });
  }
}
