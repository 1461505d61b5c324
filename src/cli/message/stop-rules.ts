/** When reading ends by itself. */
export interface StopRules {
  /** Microseconds since 1970. */
  readonly untilMicros: bigint | undefined;
  readonly idleMillis: number | undefined;
  readonly count: number | undefined;
}

/** Ends reading after a number of messages, at a time, or when nothing came for a while. */
export class StopWatch {
  readonly #controller = new AbortController();
  readonly #rules: StopRules;
  readonly #timers: NodeJS.Timeout[] = [];
  #idle: NodeJS.Timeout | undefined;

  constructor(rules: StopRules, signal: AbortSignal) {
    this.#rules = rules;
    const stop = () => this.#controller.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const { untilMicros } = rules;
    if (untilMicros !== undefined) {
      const millis = Number(untilMicros / 1000n) - Date.now();
      // A time that is past: everything up to it is there, or will not come any more.
      if (millis > 0) this.#timers.push(setTimeout(stop, Math.min(millis, 2 ** 31 - 1)));
    }
  }

  /** Reading begins: silence counts from now. */
  begin(): void {
    const { idleMillis } = this.#rules;
    if (idleMillis === undefined || this.#idle !== undefined) return;
    this.#idle = setTimeout(() => this.#controller.abort(), idleMillis);
    this.#timers.push(this.#idle);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** False when this message is beyond the end. */
  accepts(timestampMicros: number): boolean {
    const { untilMicros } = this.#rules;
    this.#idle?.refresh();
    return untilMicros === undefined || BigInt(timestampMicros) <= untilMicros;
  }

  /** So many messages were shown. */
  count(shown: number): void {
    const { count } = this.#rules;
    if (count !== undefined && shown >= count) this.#controller.abort();
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#controller.abort();
  }
}
