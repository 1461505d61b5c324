import { writeSync } from 'node:fs';
import { CliError } from '../cli-error.js';
import { exitCodes } from '../exit-codes.js';
import { lostOutput } from '../system-error.js';
import { errorText, reportOf } from './report-error.js';

/**
 * A reader of standard output that went away ends the process quietly; any other failure to write
 * ends it with the status for that. Replaces the framework's own listener.
 */
export function guardOutput(): void {
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    const failure = new CliError('E_IO', lostOutput(error));
    writeSync(2, errorText(reportOf(failure)));
    process.exit(exitCodes.io);
  });
  process.stderr.on('error', () => undefined);
}

/** Waits until everything written so far has left the process. */
export async function drained(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(flush));
  // A write to a file that failed at once is told of in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => stream.write('', () => resolve()));
}
