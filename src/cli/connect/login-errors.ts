import { isIggyctlError } from '../../base/index.js';
import { CliError } from '../cli-error.js';
import { exitCodes } from '../exit-codes.js';
import { reportOf } from '../output/report-error.js';

/** True when the server did not accept the credentials. */
export function isRefusedLogin(error: unknown): boolean {
  return isIggyctlError(error) && reportOf(error).exit_code === exitCodes.unauthenticated;
}

/** A refused login with advice on where a password can come from. */
export function refusedLogin(error: unknown, hint: string): CliError {
  const { message, name, code } = reportOf(error);
  const label = code === null ? name : `${name} ${code}`;
  return new CliError('E_NO_CREDENTIALS', message, { hint, label, cause: error });
}
