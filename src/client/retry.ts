import { ClientError } from './errors.js';

/** How often something at-least-once is done again. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retries: number;
  readonly intervalMillis: number;
  /** No attempt begins later than this after the first error; unlimited if absent. */
  readonly withinMillis?: number;
}

/** Errors after which the same request may succeed: a lost connection, a lost session, an election. */
const transientProtocolCodes: ReadonlySet<number> = new Set([8, 9, 20, 30, 40, 57, 58]);
const finalCodes: ReadonlySet<string> = new Set([
  'CLIENT_CLOSED',
  'NOT_CONNECTED',
  'CANCELLED',
  'UNAUTHENTICATED',
]);

/** Without the type parameter, which `instanceof` leaves open. */
function isClientError(error: unknown): error is ClientError {
  return error instanceof ClientError;
}

/** True when trying again makes sense. */
export function isTransient(error: unknown): error is ClientError {
  if (!isClientError(error) || finalCodes.has(error.code)) return false;
  return error.protocolCode !== undefined && transientProtocolCodes.has(error.protocolCode);
}

/** Resolves after a while, or at once when the signal says so. Holds the process meanwhile. */
export function pause(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    signal?.addEventListener('abort', done, { once: true });
  });
}
