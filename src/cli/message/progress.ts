import type { Ora } from 'ora';

/** When something is shown while a command works. */
export interface ProgressRules {
  /** Nothing is ever shown. */
  readonly isOff: boolean;
}

const delayMillis = 300;

/**
 * A spinner on standard error that tells how far a command is. It appears after a moment, on a
 * terminal only, and is gone at the end.
 */
export class Progress {
  #spinner: Ora | undefined;
  #text = '';
  readonly #timer: NodeJS.Timeout | undefined;
  #isDone = false;

  constructor({ isOff }: ProgressRules) {
    if (isOff || !process.stderr.isTTY) return;
    this.#timer = setTimeout(() => void this.#show(), delayMillis);
    this.#timer.unref();
  }

  /** Replaces what is shown. */
  tell(text: string): void {
    this.#text = text;
    if (this.#spinner !== undefined) this.#spinner.text = text;
  }

  stop(): void {
    this.#isDone = true;
    clearTimeout(this.#timer);
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  async #show(): Promise<void> {
    const { default: ora } = await import('ora');
    if (this.#isDone || this.#text === '') return;
    this.#spinner = ora({ text: this.#text, discardStdin: false, stream: process.stderr });
    this.#spinner.start();
  }
}
