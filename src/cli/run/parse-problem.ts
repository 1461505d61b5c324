import { CliError, usageError } from '../cli-error.js';
import { nearestOfAll } from '../nearest.js';

/** What is known of the command whose words could not be parsed. */
export interface CommandShape {
  /** As it is typed, such as `stream list`. */
  readonly name: string;
  readonly flagNames: readonly string[];
  readonly argNames: readonly string[];
}

/**
 * Turns an error of the framework's parser into one of ours: one line, no gutter, no dump of the
 * arguments. Words that were not expected are not repeated, since one of them may be a secret.
 */
export function parseProblem(error: unknown, shape: CommandShape): unknown {
  if (!(error instanceof Error) || error instanceof CliError) return error;
  if (!('parse' in error) && !('oclif' in error)) return error;
  const help = `iggyctl ${shape.name} --help`;
  if ('flags' in error && Array.isArray(error.flags)) {
    const flag = String(error.flags[0]);
    const known = [...shape.flagNames, 'help'].map((name) => `--${name}`);
    const shown = flag.split('=')[0] ?? flag;
    const near = nearestOfAll(shown, known) ?? '--help';
    return usageError(
      `unknown flag ${shown} of iggyctl ${shape.name}; did you mean ${near}?`,
      help,
    );
  }
  if ('args' in error && Array.isArray(error.args) && error.message.startsWith('Unexpected')) {
    const most = shape.argNames.length;
    const taken = most === 0 ? 'takes no arguments' : `takes at most ${most}: ${names(shape)}`;
    return usageError(`too many arguments: iggyctl ${shape.name} ${taken}`, help);
  }
  if ('args' in error && Array.isArray(error.args)) {
    const missing = error.args.map((arg: { name?: unknown }) => String(arg.name).toUpperCase());
    return usageError(`missing argument ${missing.join(', ')} of iggyctl ${shape.name}`, help);
  }
  const lines = error.message.split('\n').map((line) => line.trim());
  const missing = lines.flatMap((line) => /^Missing required flag (.+)$/.exec(line)?.[1] ?? []);
  if (missing.length > 0) {
    const flags = missing.map((name) => `--${name}`).join(', ');
    return usageError(`missing flag ${flags} of iggyctl ${shape.name}`, help);
  }
  const text = lines.filter((line) => line !== '' && !isAround(line)).join('; ');
  return usageError(inOurWords(text), help);
}

/** What the framework writes before and behind the problem itself. */
function isAround(line: string): boolean {
  return line.startsWith('See more help') || /^The following errors? occurred:$/.test(line);
}

/** The parser's sentences, with what is wrong in front. */
function inOurWords(text: string): string {
  const number = /^Parsing (--\S+); Expected (.+) but received: (.*)$/.exec(text);
  if (number !== null) return `${number[1]}: "${number[3]}" is not ${number[2]}`;
  const choice = /^Expected (?:(--[^=\s]+)=)?(.*) to be one of: (.+)$/s.exec(text);
  if (choice !== null) {
    const [, flag, given, known] = choice;
    return `${flag === undefined ? '' : `${flag}: `}"${given}" is none of ${known}`;
  }
  return text;
}

function names({ argNames }: CommandShape): string {
  return argNames.map((name) => name.toUpperCase()).join(' ');
}
