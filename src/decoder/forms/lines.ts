import { formError } from '../errors.js';

const longest = 1 << 20;

/**
 * Cuts text into lines. Characters stand for bytes one to one (Latin-1), so columns are byte
 * positions whatever the gutter of a dump holds.
 */
export class LineReader {
  readonly #form: string;
  readonly #onLine: (line: string, number: number) => void;
  #rest = '';
  #number = 0;

  constructor(form: string, onLine: (line: string, number: number) => void) {
    this.#form = form;
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    let end = chunk.indexOf(0x0a);
    while (end >= 0) {
      this.#line(this.#rest + latin1(chunk, start, end));
      this.#rest = '';
      start = end + 1;
      end = chunk.indexOf(0x0a, start);
    }
    this.#rest += latin1(chunk, start, chunk.length);
    if (this.#rest.length > longest) {
      throw formError(
        this.#form,
        { line: this.#number + 1, column: longest },
        'the line is longer than 1 MiB',
      );
    }
  }

  end(): void {
    if (this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
  }

  #line(line: string): void {
    this.#number += 1;
    this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line, this.#number);
  }
}

/** Bytes as text, one character per byte. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)));
  }
  return text;
}
