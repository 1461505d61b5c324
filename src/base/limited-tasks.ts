/** Tasks that have begun, from which number on their places are given back. */
const begunMax = 1024;

/**
 * Runs tasks that end later, at most so many at a time, in the order in which they came. What waits
 * costs nothing but its closure.
 */
export class LimitedTasks {
  readonly #limit: number;
  #waiting: ((finished: () => void) => void)[] = [];
  /** How many of those have begun: taking them out one by one would move all the others. */
  #begun = 0;
  #running = 0;
  #isFilling = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Begins a task, at once if there is room; it calls `finished` once, also from inside. */
  run(task: (finished: () => void) => void): void {
    this.#waiting.push(task);
    this.#fill();
  }

  /** Tasks that end at once must not begin the next one from inside, or many would fill the stack. */
  #fill(): void {
    if (this.#isFilling) return;
    this.#isFilling = true;
    while (this.#running < this.#limit) {
      const task = this.#waiting[this.#begun];
      if (task === undefined) break;
      this.#begun += 1;
      this.#running += 1;
      task(() => {
        this.#running -= 1;
        this.#fill();
      });
    }
    this.#isFilling = false;
    if (this.#begun < Math.min(begunMax, this.#waiting.length)) return;
    this.#waiting = this.#waiting.slice(this.#begun);
    this.#begun = 0;
  }
}
