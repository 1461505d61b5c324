import { setTimeout as sleep } from 'node:timers/promises';
import { usageError } from '../cli-error.js';

/** `100`, `100/s` or `600/m`, in messages a second. @throws CliError E_USAGE */
export function parseRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/(s|m|h))?$/.exec(text.trim());
  const per = { s: 1, m: 60, h: 3600 }[match?.[2] ?? 's'] ?? 1;
  const rate = Number(match?.[1]) / per;
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw usageError(`--rate: "${text}" is not a rate; write for instance 100/s`);
}

/** Waits until the next of a steady flow of messages is due. */
export class Pace {
  readonly #millis: number;
  readonly #started = performance.now();
  #sent = 0;

  constructor(perSecond: number) {
    this.#millis = 1000 / perSecond;
  }

  async next(signal: AbortSignal): Promise<void> {
    const due = this.#started + this.#sent * this.#millis;
    this.#sent += 1;
    const wait = due - performance.now();
    if (wait >= 1) await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}
