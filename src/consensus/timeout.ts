import { assert, type Prng } from '../base/index.js';

const backoffExponentMax = 4;

/** One timer, counted in ticks. A fired one stays fired until it is started, reset or stopped. */
export class Timeout {
  readonly base: number;
  #left = 0;
  #running = false;
  #attempts = 0;

  constructor(base: number) {
    this.base = base;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get hasFired(): boolean {
    return this.#running && this.#left === 0;
  }

  get ticksLeft(): number {
    return this.#running ? this.#left : -1;
  }

  /** Arms at the base interval and forgets earlier attempts. */
  start(): void {
    this.#running = true;
    this.#attempts = 0;
    this.#left = this.base;
  }

  stop(): void {
    this.#running = false;
  }

  /** Begins the interval anew; only on a running timer, a stopped one would never fire. */
  reset(): void {
    assert(this.#running, 'a stopped timer cannot be reset');
    this.#left = this.base;
  }

  /** Doubles the interval up to 16 times the base and adds up to as much again by chance. */
  backOff(prng: Prng): void {
    assert(this.#running, 'a stopped timer cannot back off');
    this.#attempts++;
    const interval = this.base * 2 ** Math.min(this.#attempts, backoffExponentMax);
    this.#left = interval + prng.below(interval + 1);
  }

  countDown(): void {
    if (this.#running && this.#left > 0) this.#left--;
  }
}
