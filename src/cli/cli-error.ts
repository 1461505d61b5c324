import { IggyctlError } from '../base/index.js';
import type { ExitClass } from './exit-codes.js';

/** Codes of failures that the command line itself finds. */
export type CliErrorCode =
  | 'E_USAGE'
  | 'E_CONFIG'
  | 'E_NOT_FOUND'
  | 'E_CONFLICT'
  | 'E_NO_CREDENTIALS'
  | 'E_NEEDS_CONFIRMATION'
  | 'E_CHECK_FAILED'
  | 'E_UNHEALTHY'
  | 'E_UNSUPPORTED'
  | 'E_IO'
  | 'E_DAMAGED'
  | 'E_TIMEOUT'
  | 'E_INTERRUPTED'
  | 'E_FAILED';

export interface CliErrorOptions {
  /** A command that can be run, or what to change. */
  readonly hint?: string;
  /** What led here, outermost first. */
  readonly causes?: readonly string[];
  readonly cause?: unknown;
  /** Name shown instead of the code, when the failure is really another one's. */
  readonly label?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Instead of that of the code, where another program's convention holds. */
  readonly exitCode?: number;
}

const exitClasses: { readonly [C in CliErrorCode]: ExitClass } = {
  E_USAGE: 'usage',
  E_CONFIG: 'config',
  E_NOT_FOUND: 'notFound',
  E_CONFLICT: 'conflict',
  E_NO_CREDENTIALS: 'unauthenticated',
  E_NEEDS_CONFIRMATION: 'needsConfirmation',
  E_CHECK_FAILED: 'checkFailed',
  E_UNHEALTHY: 'unhealthy',
  E_UNSUPPORTED: 'unsupported',
  E_IO: 'io',
  E_DAMAGED: 'malformed',
  E_TIMEOUT: 'timeout',
  E_INTERRUPTED: 'interrupted',
  E_FAILED: 'failed',
};

/** A failure with a message a person can act on; never carries a secret. */
export class CliError extends IggyctlError<CliErrorCode> {
  readonly exitClass: ExitClass;
  readonly hint: string | undefined;
  readonly causes: readonly string[];
  readonly label: string | undefined;
  readonly exitCode: number | undefined;

  constructor(code: CliErrorCode, message: string, options: CliErrorOptions = {}) {
    const { cause } = options;
    super(code, message, options.details ?? {}, cause === undefined ? undefined : { cause });
    this.exitClass = exitClasses[code];
    this.label = options.label;
    this.exitCode = options.exitCode;
    this.hint = options.hint;
    this.causes = options.causes ?? [];
  }
}

/** A wrong argument, flag or input form: exit 2. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError('E_USAGE', message, hint === undefined ? {} : { hint });
}
