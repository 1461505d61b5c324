/** Ticks made up for in one go after a delay; more are dropped, so that a stall is no silence. */
const catchUpMax = 2;
/** Ticks given together while nothing happens: an idle cluster should not wake the machine often. */
const quietTicks = 5;

/** Calls back once per tick, on average exactly; a stall of the process costs the missed ticks. */
export class Ticker {
  readonly #millis: number;
  readonly #onTick: () => void;
  readonly #isQuiet: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  /** Ticks the timer now running waits for. */
  #wait = 1;

  /** @param isQuiet whether several ticks may be given together now */
  constructor(millis: number, onTick: () => void, isQuiet: () => boolean) {
    this.#millis = millis;
    this.#onTick = onTick;
    this.#isQuiet = isQuiet;
  }

  start(): void {
    this.#next = performance.now() + this.#millis;
    this.#arm(1);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Something happened: ticks come one by one again, from the next one on. */
  hurry(): void {
    if (this.#wait === 1 || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#arm(1);
  }

  #arm(ticks: number): void {
    this.#wait = ticks;
    const due = this.#next + (ticks - 1) * this.#millis;
    this.#timer = setTimeout(() => this.#fire(), Math.max(1, due - performance.now()));
  }

  #fire(): void {
    const now = performance.now();
    const most = this.#wait + catchUpMax;
    for (let given = 0; this.#next <= now && given < most; given++) {
      this.#next += this.#millis;
      this.#onTick();
    }
    if (this.#next <= now) this.#next = now + this.#millis;
    // A tick may have stopped the ticker.
    if (this.#timer !== undefined) this.#arm(this.#isQuiet() ? quietTicks : 1);
  }
}
