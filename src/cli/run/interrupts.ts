import { exitCodes } from '../exit-codes.js';

/** What happens on SIGINT and SIGTERM while a command runs. */
export interface InterruptRules {
  /** The command stops by itself when its signal is aborted. */
  readonly stopsItself: boolean;
  /** Ends what the command has open; waited for shortly. */
  readonly cleanUp: () => Promise<void>;
}

const graceMillis = 1000;

/** Watches for signals; the first one aborts, the second one ends the process at once. */
export class Interrupts {
  readonly #controller = new AbortController();
  #received: 'SIGINT' | 'SIGTERM' | undefined;

  constructor({ stopsItself, cleanUp }: InterruptRules) {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (this.#received !== undefined) process.exit(statusOf(name));
        this.#received = name;
        this.#controller.abort();
        if (stopsItself) return;
        const end = () => process.exit(statusOf(name));
        setTimeout(end, graceMillis);
        cleanUp().then(end, end);
      });
    }
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signal that came, if one did. */
  get received(): 'SIGINT' | 'SIGTERM' | undefined {
    return this.#received;
  }
}

/** Exit status of a process that a signal ended. */
export function statusOf(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
