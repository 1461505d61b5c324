import { usageError } from '../cli-error.js';
import type { Environment } from '../config/places.js';

/** Words before `--`, where flags may stand. */
export function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/**
 * Whether errors are to be JSON. Read from the words themselves, as it must be known also when they
 * cannot be parsed.
 */
export function wantsJson(argv: readonly string[], env: Environment): boolean {
  const words = beforeDashes(argv);
  if (words.includes('--json')) return true;
  let format = env['IGGYCTL_OUTPUT'] ?? '';
  words.forEach((word, at) => {
    if (word === '-o' || word === '--output') format = words[at + 1] ?? '';
    else if (/^(-o|--output=)./.test(word)) format = word.replace(/^(-o=?|--output=)/, '');
  });
  return format === 'json' || format === 'ndjson';
}

const levels: Readonly<Record<string, number>> = { warn: 0, info: 1, debug: 2, trace: 3 };

/** How much is said on standard error: 0 warnings, 1 origins, 2 frames, 3 stack traces. */
export function verbosity(argv: readonly string[], env: Environment): number {
  const words = beforeDashes(argv);
  const long = words.filter((word) => word === '--verbose').length;
  const short = words
    .filter((word) => /^-v+$/.test(word))
    .join('')
    .replaceAll('-', '').length;
  return Math.min(3, long + short || (levels[env['IGGYCTL_LOG'] ?? ''] ?? 0));
}

/** Which of the forbidden short options a command uses in another sense. */
export interface SecretFlagRules {
  /** Characters of the command's own flags. */
  readonly ownChars: readonly string[];
  /** Names of the command's own flags. */
  readonly ownNames: readonly string[];
}

const forbidden = [
  { name: 'password', char: 'p' },
  { name: 'token', char: 't' },
] as const;

/**
 * Refuses `-p`, `--password`, `-t` and `--token`: a secret on the command line can be read by every
 * user of the machine. The value is not repeated.
 *
 * @throws CliError E_USAGE
 */
export function refuseSecretFlags(argv: readonly string[], rules: SecretFlagRules): void {
  for (const { name, char } of forbidden) {
    const hasLong = !rules.ownNames.includes(name);
    const hasShort = !rules.ownChars.includes(char);
    const isUsed = beforeDashes(argv).some(
      (word) =>
        (hasLong && (word === `--${name}` || word.startsWith(`--${name}=`))) ||
        (hasShort && word.startsWith(`-${char}`)),
    );
    if (!isUsed) continue;
    throw usageError(
      `a ${name} is not taken from the command line, where other users can see it`,
      `use --${name}-stdin, --${name}-file FILE, or the variable IGGYCTL_${name.toUpperCase()}` +
        (name === 'password' ? '; on a terminal you are asked for it' : ''),
    );
  }
}
