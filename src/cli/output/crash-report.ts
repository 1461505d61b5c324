import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { version } from '../../version.js';
import { findPlaces } from '../config/places.js';
import { writePrivateFile } from '../config/private-file.js';
import { exitCodes } from '../exit-codes.js';
import { commit } from '../run/build-facts.js';
import type { ErrorReport } from './report-error.js';

const secretVariables = /(PASSWORD|TOKEN|SECRET)/;

/**
 * For a fault of this program: adds what it ran on, and saves a report that names where it happened. The
 * command line is not in it, and the values of variables that hold secrets are masked.
 */
export function withCrashReport(report: ErrorReport, error: unknown): ErrorReport {
  if (report.exit_code !== exitCodes.internal) return report;
  const ground = `iggyctl ${version}, commit ${commit()}, Node.js ${process.version}, ${platform()}-${arch()}`;
  const masked = { ...report, message: withoutSecrets(report.message) };
  try {
    const name = `${new Date().toISOString().replaceAll(':', '')}-${process.pid}.txt`;
    const path = join(findPlaces(process.env).state, 'crashes', name);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    writePrivateFile(path, `${ground}\n\n${withoutSecrets(stack)}\n`);
    return { ...masked, causes: [ground], hint: `report it with ${path}; no secret is in it` };
  } catch {
    return { ...masked, causes: [ground] };
  }
}

/** Text without the values of variables that hold secrets. */
function withoutSecrets(text: string): string {
  return Object.entries(process.env).reduce((left, [name, value = '']) => {
    const isSecret = secretVariables.test(name) && value.length >= 3;
    return isSecret ? left.replaceAll(value, '********') : left;
  }, text);
}
