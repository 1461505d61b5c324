import { parseFast } from './decode/fast-parser.js';
import { nodeIo } from './decode/node-io.js';
import { decodeRequest } from './decode/request.js';
import { asCliError, reportFailure, runDecode } from './decode/run-decode.js';
import { exitCodes } from './exit-codes.js';
import { wantsJson } from './run/argv.js';

/**
 * Runs `decode` without the command framework, whose start costs more than decoding a frame. Whatever is
 * not a plain, well-formed command line of it is left to the framework: then the result is false and
 * nothing was done.
 */
export async function main(argv: readonly string[]): Promise<boolean> {
  const parsed = parseFast(argv.slice(1));
  if (parsed === undefined) return false;
  const io = nodeIo();
  try {
    const request = decodeRequest(parsed.flags, parsed.words, io);
    if (request.sources.length === 0) return false;
    process.exitCode = await runDecode(request, io);
  } catch (error) {
    const json = wantsJson(argv, process.env);
    process.exitCode = reportFailure(asCliError(error), { json }, io);
  } finally {
    io.dispose();
  }
  // A signal ends the process with the status that says so.
  if (process.exitCode === exitCodes.interrupted) process.exit(exitCodes.interrupted);
  return true;
}
