import { completionText } from './completion/run-completion.js';
import { exitCodes } from './exit-codes.js';

/**
 * Runs `completion` without the command framework, whose start costs more than completing a word.
 * Whatever is not a plain, well-formed command line of it is left to the framework: then the result is
 * false and nothing was done.
 */
export async function main(argv: readonly string[]): Promise<boolean> {
  const text = await completionText(argv.slice(1));
  if (text === undefined) return false;
  process.stdout.on('error', () => process.exit(exitCodes.ok));
  process.stdout.write(text);
  return true;
}
