import { completionText } from './completion/run-completion.js';
import { exitCodes } from './exit-codes.js';
import { lostOutput } from './system-error.js';

/**
 * Runs `completion` without the command framework, whose start costs more than completing a word.
 * Whatever is not a plain, well-formed command line of it is left to the framework: then the result is
 * false and nothing was done.
 */
export async function main(argv: readonly string[]): Promise<boolean> {
  const text = await completionText(argv.slice(1));
  if (text === undefined) return false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    // As the framework's way to the same command says it.
    process.stderr.write(`error: ${lostOutput(error)}  [E_IO]\n`);
    process.exit(exitCodes.io);
  });
  process.stdout.write(text);
  return true;
}
