/** Ticks made up for in one go after a delay; more are dropped, so that a stall is no silence. */
const catchUpMax = 2;

/** Calls back once per tick, on average exactly; a stall of the process costs the missed ticks. */
export class Ticker {
  readonly #millis: number;
  readonly #onTick: () => void;
  #timer: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(millis: number, onTick: () => void) {
    this.#millis = millis;
    this.#onTick = onTick;
  }

  start(): void {
    this.#next = performance.now() + this.#millis;
    this.#timer = setInterval(() => this.#fire(), this.#millis);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #fire(): void {
    const now = performance.now();
    let ticks = 0;
    while (this.#next <= now && ticks < catchUpMax) {
      this.#next += this.#millis;
      ticks += 1;
      this.#onTick();
    }
    if (this.#next <= now) this.#next = now + this.#millis;
  }
}
