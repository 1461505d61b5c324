import type { FlushQueue } from '../platform/index.js';

/** Something with a queue of inputs. */
export interface Drainable {
  drain(): void;
}

/** After this much work in one go sockets and timers get their turn. */
const turnMillis = 5;

/**
 * Runs all nodes of a process: whoever has inputs is drained, in rounds, until nobody has any. A round
 * trip between nodes in one process thus takes no turn of the event loop, and everything that arrived
 * in one turn is handled together.
 */
export class Driver {
  readonly #flushQueue: FlushQueue;
  #pending: Drainable[] = [];
  #deferred: (() => void)[] = [];
  #isScheduled = false;
  #isRunning = false;

  constructor(flushQueue: FlushQueue) {
    this.#flushQueue = flushQueue;
  }

  /** The node has inputs. */
  wake(node: Drainable): void {
    this.#pending.push(node);
    this.#schedule();
  }

  /** Runs a callback in the next round. */
  defer(callback: () => void): void {
    this.#deferred.push(callback);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isRunning) return;
    this.#isScheduled = true;
    // Runs after all sockets that are readable now were read.
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    this.#isRunning = true;
    const end = performance.now() + turnMillis;
    try {
      do {
        this.#round();
        // Answers leave while the rest of the turn goes on, so that clients work at the same time.
        this.#flushQueue.flush();
      } while (this.#hasWork && performance.now() < end);
    } finally {
      this.#isRunning = false;
      if (this.#hasWork) this.#schedule();
    }
  }

  get #hasWork(): boolean {
    return this.#pending.length > 0 || this.#deferred.length > 0;
  }

  #round(): void {
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const callback of deferred) callback();
    const pending = this.#pending;
    this.#pending = [];
    for (const node of pending) node.drain();
  }
}
