import { type ErrorDetails, IggyctlError } from './errors.js';

/** A broken assumption of our own code: a bug, never the caller's or the peer's fault. */
export class InvariantError extends IggyctlError<'INVARIANT'> {
  constructor(message: string, details: ErrorDetails = {}) {
    super('INVARIANT', message, details);
  }
}

/** @throws INVARIANT when `condition` does not hold. */
export function assert(
  condition: boolean,
  message: string,
  details?: ErrorDetails,
): asserts condition {
  if (!condition) throw new InvariantError(message, details);
}

/** Closes an exhaustive `switch`: does not compile while a case is missing. */
export function unreachable(value: never, message = 'unreachable case'): never {
  throw new InvariantError(message, { value: String(value) });
}
