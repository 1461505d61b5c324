import { CliError } from '../cli-error.js';
import { type ExitClass, exitClassOfServerCode } from '../exit-codes.js';

/** The error for a request that the server refused. */
export function refusedRequest(result: {
  readonly command: string;
  readonly status: number;
  readonly status_name: string;
  readonly message: string | null;
  readonly hint: string | null;
}): CliError {
  const { status, status_name: name, message, command } = result;
  return new RefusedError(exitClassOfServerCode(status), message ?? `${command} was refused`, {
    hint: result.hint ?? `iggyctl errors ${status}`,
    details: { serverCode: status, serverName: name },
  });
}

class RefusedError extends CliError {
  override readonly exitClass: ExitClass;

  constructor(
    exitClass: ExitClass,
    message: string,
    options: ConstructorParameters<typeof CliError>[2],
  ) {
    super('E_FAILED', message, options);
    this.exitClass = exitClass;
  }
}
