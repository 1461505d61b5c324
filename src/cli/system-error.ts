import { getSystemErrorMap } from 'node:util';

/** What is said when a result cannot be written. */
export function lostOutput(error: unknown): string {
  return `cannot write standard output: ${systemReason(error)}`;
}

/** Why a call of the system failed, in the system's words: `no such file or directory`. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
  const words = known === undefined ? undefined : getSystemErrorMap().get(known)?.[1];
  return words ?? error.message;
}
