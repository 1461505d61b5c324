import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs';

/** A new file of mode 0600 that is written at any place, at once. Errors are those of the system. */
export class PlacedFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
    // One that was there keeps its mode otherwise.
    fchmodSync(this.#file, 0o600);
  }

  /** Writes bytes, which are not kept. */
  put(at: number, bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) {
      from += writeSync(this.#file, bytes, from, bytes.length - from, at + from);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
