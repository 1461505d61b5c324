import { Histogram } from './histogram.js';

/** What one actor did while the clock ran. */
export class Meter {
  readonly actor: string;
  readonly latency = new Histogram();
  readonly #samplingMillis: number;
  readonly #samples: number[] = [];
  readonly #startedAt: number;
  messages = 0;
  bytes = 0;

  /** @param startedAt when measuring begins, milliseconds of the monotonic clock */
  constructor(actor: string, startedAt: number, samplingMillis: number) {
    this.actor = actor;
    this.#startedAt = startedAt;
    this.#samplingMillis = samplingMillis;
  }

  /** Something was done; what was meant to begin before measuring does not count. */
  done(intendedAt: number, messages: number, bytes: number): void {
    const now = performance.now();
    if (intendedAt < this.#startedAt) return;
    this.latency.record((now - intendedAt) * 1000);
    this.messages += messages;
    this.bytes += bytes;
    const at = Math.floor((now - this.#startedAt) / this.#samplingMillis);
    this.#samples[at] = (this.#samples[at] ?? 0) + messages;
  }

  /** Messages by interval. */
  get series(): readonly number[] {
    return Array.from(this.#samples, (count: number | undefined) => count ?? 0);
  }
}
