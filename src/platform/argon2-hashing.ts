import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { IggyctlError } from '../base/index.js';
import type { PasswordHashing } from '../ports/index.js';
import { argon2WorkerSource } from './argon2-worker-source.js';

/** Raised when a hashing thread could not do its work, for instance for lack of memory. */
export class HashingError extends IggyctlError<'HASHING_FAILED'> {
  constructor(message: string) {
    super('HASHING_FAILED', `password hashing failed: ${message}`, {});
  }
}

interface Job {
  readonly id: number;
  readonly password: Uint8Array;
  readonly phc?: string;
  readonly done: (result: string | boolean) => void;
}

interface Answer {
  readonly id: number;
  readonly result?: string | boolean;
  readonly error?: string;
}

interface Thread {
  readonly worker: Worker;
  job: Job | undefined;
}

const longestPassword = 255;
const largestThreads = 4;

/**
 * Argon2id in threads (version 19, 19456 KiB, 2 passes, 1 lane, 16-byte salt, 32-byte output). At
 * most as many run at once as there are threads; more wait in line and are never refused. Threads
 * start with the first use and never keep the process alive.
 */
export class Argon2Hashing implements PasswordHashing {
  readonly #size: number;
  readonly #threads: Thread[] = [];
  readonly #waiting: Job[] = [];
  #nextId = 1;
  #closed = false;

  constructor(threads = Math.min(largestThreads, Math.max(1, availableParallelism() - 1))) {
    this.#size = threads;
  }

  hash(password: Uint8Array, done: (phc: string) => void): void {
    this.#add({ id: this.#nextId++, password, done: (result) => done(String(result)) });
  }

  verify(password: Uint8Array, phc: string, done: (matches: boolean) => void): void {
    this.#add({ id: this.#nextId++, password, phc, done: (result) => done(result === true) });
  }

  /** Stops the threads; jobs that wait are dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #add(job: Job): void {
    if (this.#closed) return;
    if (job.password.length > longestPassword) {
      throw new HashingError('the password is longer than 255 bytes');
    }
    this.#waiting.push(job);
    this.#assign();
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const idle = this.#threads.find(({ job }) => job === undefined) ?? this.#start();
      if (idle === undefined) return;
      const job = this.#waiting.shift();
      idle.job = job;
      idle.worker.postMessage({ id: job?.id, password: job?.password, phc: job?.phc });
    }
  }

  #start(): Thread | undefined {
    if (this.#threads.length >= this.#size) return undefined;
    const worker = new Worker(argon2WorkerSource, {
      eval: true,
      workerData: { library: libraryPath() },
      // Nothing of the parent's flags (loaders, inspectors) matters to this program.
      execArgv: [],
    });
    const thread: Thread = { worker, job: undefined };
    worker.unref();
    worker.on('message', (answer: Answer) => this.#finish(thread, answer));
    worker.on('error', (error) => this.#lose(thread, error));
    this.#threads.push(thread);
    return thread;
  }

  #finish(thread: Thread, answer: Answer): void {
    const { job } = thread;
    thread.job = undefined;
    if (job === undefined || job.id !== answer.id) return;
    if (answer.result === undefined) throw new HashingError(answer.error ?? 'no answer');
    this.#assign();
    job.done(answer.result);
  }

  /** A thread died: its job is given to another one. */
  #lose(thread: Thread, error: unknown): void {
    const index = this.#threads.indexOf(thread);
    if (index >= 0) this.#threads.splice(index, 1);
    if (thread.job !== undefined) this.#waiting.unshift(thread.job);
    thread.job = undefined;
    if (this.#closed) return;
    if (!(error instanceof Error) || !('code' in error)) throw new HashingError(String(error));
    this.#assign();
  }
}

/** The library's file, found from here because a program from text has no place of its own. */
function libraryPath(): string {
  return createRequire(import.meta.url).resolve('hash-wasm/dist/argon2.umd.min.js');
}
