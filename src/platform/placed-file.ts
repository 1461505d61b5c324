import { close, fchmodSync, openSync, write } from 'node:fs';

/** Bytes of a buffer at least, and how many are kept: new memory costs more than the copy into it. */
const bufferBytes = 64 * 1024;
const spareMax = 64;

/**
 * A new file of mode 0600 that is written at any place, in the background and in order. Of what waits
 * for one place only the newest is written, so that no more waits than the file has room for.
 */
export class PlacedFile {
  readonly #file: number;
  readonly #failed: (error: unknown) => void;
  readonly #waiting = new Map<number, Uint8Array>();
  readonly #spare: ArrayBuffer[] = [];
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
    const superseded = this.#waiting.get(at);
    if (superseded !== undefined) this.#drop(superseded);
    this.#waiting.delete(at);
    this.#waiting.set(at, this.#copy(bytes));
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
      this.#drop(bytes);
      if (error !== null) this.#fail(error);
      this.#next();
    });
  }

  #copy(bytes: Uint8Array): Uint8Array {
    const spare = this.#spare.pop();
    const isRoomy = spare !== undefined && spare.byteLength >= bytes.length;
    const buffer = isRoomy ? spare : new ArrayBuffer(Math.max(bufferBytes, bytes.length));
    const copy = new Uint8Array(buffer, 0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** Bytes that nobody needs any more. */
  #drop({ buffer }: Uint8Array): void {
    if (this.#spare.length < spareMax && buffer instanceof ArrayBuffer) this.#spare.push(buffer);
  }

  #fail(error: unknown): void {
    this.#waiting.clear();
    this.#hasFailed = true;
    this.#failed(error);
  }
}
