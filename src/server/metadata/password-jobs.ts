import type { ServerEffect } from '../effects.js';

interface Waiting<Work> {
  readonly effect: ServerEffect;
  readonly job: number;
  readonly work: Work;
}

/**
 * Password work under way, with a bound on how much runs at the same time; the rest waits in order,
 * because a refusal would tell more than an answer that is late. What nobody waits for any more when
 * its turn comes is skipped, so that clients who give up cannot hold up the others.
 */
export class PasswordJobs<Work> {
  readonly #limit: number;
  readonly #isWanted: (work: Work) => boolean;
  readonly #running = new Map<number, Work>();
  readonly #waiting: Waiting<Work>[] = [];
  #next = 1;

  constructor(limit: number, isWanted: (work: Work) => boolean = () => true) {
    this.#limit = limit;
    this.#isWanted = isWanted;
  }

  /** Jobs that run or wait. */
  get size(): number {
    return this.#running.size + this.#waiting.length;
  }

  verify(work: Work, password: Uint8Array, phc: string, out: ServerEffect[]): void {
    const job = this.#next++;
    this.#start({ job, work, effect: { kind: 'verify-password', job, password, phc } }, out);
  }

  hash(work: Work, password: Uint8Array, out: ServerEffect[]): void {
    const job = this.#next++;
    this.#start({ job, work, effect: { kind: 'hash-password', job, password } }, out);
  }

  /** What a finished job was for; starts the next one that waits. */
  finish(job: number, out: ServerEffect[]): Work | undefined {
    const work = this.#running.get(job);
    if (work === undefined) return undefined;
    this.#running.delete(job);
    const next = this.#nextWanted();
    if (next !== undefined) this.#start(next, out);
    return work;
  }

  #nextWanted(): Waiting<Work> | undefined {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined || this.#isWanted(next.work)) return next;
    }
  }

  #start(entry: Waiting<Work>, out: ServerEffect[]): void {
    if (this.#running.size >= this.#limit) {
      this.#waiting.push(entry);
      return;
    }
    this.#running.set(entry.job, entry.work);
    out.push(entry.effect);
  }
}
