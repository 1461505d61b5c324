import { close, fchmodSync, openSync, write } from 'node:fs';

/**
 * A new file of mode 0600 that is written at any place, in the background and in order. Of what waits
 * for one place only the newest is written, so that no more waits than the file has room for.
 */
export class PlacedFile {
  readonly #file: number;
  readonly #failed: (error: unknown) => void;
  readonly #waiting = new Map<number, Uint8Array>();
  #isBusy = false;
  #hasFailed = false;
  #whenIdle: (() => void) | undefined;

  /**
   * Makes the file; errors are those of the system.
   * @param failed called once, with why a write failed; nothing is written after it
   */
  constructor(path: string, failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#file = openSync(path, 'w', 0o600);
    // One that was there keeps its mode otherwise.
    fchmodSync(this.#file, 0o600);
  }

  /** Writes bytes, which are copied. */
  put(at: number, bytes: Uint8Array): void {
    if (this.#hasFailed) return;
    this.#waiting.delete(at);
    this.#waiting.set(at, bytes.slice());
    this.#next();
  }

  /** Resolves once everything is written and the file is closed. */
  async close(): Promise<void> {
    if (this.#isBusy) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await new Promise<void>((resolve) => close(this.#file, () => resolve()));
  }

  #next(): void {
    if (this.#isBusy) return;
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#whenIdle?.();
      return;
    }
    const [at, bytes] = first;
    this.#waiting.delete(at);
    this.#isBusy = true;
    this.#write(bytes, 0, at);
  }

  #write(bytes: Uint8Array, from: number, at: number): void {
    write(this.#file, bytes, from, bytes.length - from, at, (error, count) => {
      if (error === null && from + count < bytes.length) {
        this.#write(bytes, from + count, at + count);
        return;
      }
      this.#isBusy = false;
      if (error !== null) this.#fail(error);
      this.#next();
    });
  }

  #fail(error: unknown): void {
    this.#waiting.clear();
    this.#hasFailed = true;
    this.#failed(error);
  }
}
