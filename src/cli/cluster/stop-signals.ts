import { exitCodes } from '../exit-codes.js';

const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof stopping)[number];

/**
 * Turns the first signal into a wish to stop in order; the second ends the process at once. A daemon
 * does not care when a terminal hangs up.
 */
export class StopSignals {
  /** Resolves at the first signal. */
  readonly stopped: Promise<void>;
  readonly #isDaemon: boolean;
  #resolve: () => void = () => undefined;
  #isStopping = false;

  constructor(isDaemon: boolean) {
    this.#isDaemon = isDaemon;
    this.stopped = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    for (const signal of stopping) process.on(signal, this.#onSignal);
  }

  close(): void {
    for (const signal of stopping) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#isDaemon && signal === 'SIGHUP') return;
    if (this.#isStopping) process.exit(endCodes[signal as StopSignal]);
    this.#isStopping = true;
    this.#resolve();
  };
}

const endCodes: Readonly<Record<StopSignal, number>> = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: 129,
};
