import { CliError } from '../cli-error.js';
import { type ExitClass, exitClassOfServerCode } from '../exit-codes.js';

/** The error for a request that the server refused. */
export function refusedRequest(result: {
  readonly command: string;
  readonly status: number;
  readonly status_name: string;
  readonly message: string | null;
  readonly hint: string | null;
  readonly code: number;
  readonly request: bigint;
  readonly session: bigint;
  readonly node: string | null;
  readonly view: number | null;
}): CliError {
  const {
    status,
    status_name: name,
    message,
    command,
    code,
    request,
    session,
    node,
    view,
  } = result;
  const exitClass = exitClassOfServerCode(status);
  // What other commands say of a name that is taken names a flag that this one has not.
  const hint = exitClass === 'conflict' ? null : result.hint;
  return new RefusedError(
    exitClass,
    message ?? `${command} was refused`,
    {
      hint: hint ?? `iggyctl errors ${status}`,
      details: { serverCode: status, serverName: name },
    },
    { command, code, request, session, node, view },
  );
}

class RefusedError extends CliError {
  override readonly exitClass: ExitClass;
  /** What is shown of the request that was refused. */
  readonly request: Readonly<Record<string, unknown>>;

  constructor(
    exitClass: ExitClass,
    message: string,
    options: ConstructorParameters<typeof CliError>[2],
    request: Readonly<Record<string, unknown>>,
  ) {
    super('E_FAILED', message, options);
    this.exitClass = exitClass;
    this.request = request;
  }
}
