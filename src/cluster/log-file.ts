import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';

const rotateBytes = 16 * 1024 * 1024;
const kept = 3;

/** A log of JSON lines that is rotated at 16 MiB; three old files are kept as `.1` to `.3`. */
export class LogFile {
  readonly #path: string;
  #bytes: number;
  #lines: string[] = [];

  constructor(path: string) {
    this.#path = path;
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Adds a line; it is written with the others of this turn of the event loop. */
  add(line: string): void {
    if (this.#lines.push(line) === 1) setImmediate(() => this.flush());
  }

  /** Writes what was added. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#bytes += Buffer.byteLength(text);
    try {
      appendFileSync(this.#path, text, { mode: 0o600 });
      if (this.#bytes >= rotateBytes) this.#rotate();
    } catch {
      // A log that cannot be written must not stop what it tells about.
    }
  }

  #rotate(): void {
    this.#bytes = 0;
    rmSync(`${this.#path}.${kept}`, { force: true });
    for (let i = kept - 1; i >= 1; i--) {
      const from = `${this.#path}.${i}`;
      if (statSync(from, { throwIfNoEntry: false }) !== undefined) {
        renameSync(from, `${this.#path}.${i + 1}`);
      }
    }
    renameSync(this.#path, `${this.#path}.1`);
  }
}
