import { formError } from '../errors.js';
import { ByteRun } from './byte-run.js';
import type { FormParser, FormSink } from './form.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Int8Array(256).fill(-1);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
values[0x2d] = 62;
values[0x5f] = 63;

/** Base64, ordinary or URL-safe, with or without padding and line breaks. */
export class Base64Parser implements FormParser {
  readonly #out: ByteRun;
  #bits = 0;
  #count = 0;
  #padded = 0;
  #line = 1;
  #column = 0;

  constructor(sink: FormSink) {
    this.#out = new ByteRun(sink);
  }

  push(chunk: Uint8Array): void {
    for (const code of chunk) {
      this.#column += 1;
      if (code === 0x0a) {
        this.#line += 1;
        this.#column = 0;
      } else if (code !== 0x20 && code !== 0x0d && code !== 0x09) this.#char(code);
    }
    this.#out.flush();
  }

  end(): void {
    this.#finishGroup();
    this.#out.flush();
  }

  #char(code: number): void {
    if (code === 0x3d) {
      this.#padded += 1;
      if (this.#count + this.#padded === 4) this.#finishGroup();
      else if (this.#count < 2) this.#fail('padding without data before it');
      return;
    }
    const value = values[code] ?? -1;
    if (value < 0) this.#fail(`"${String.fromCharCode(code)}" is not a base64 character`);
    if (this.#padded > 0) this.#fail('data inside the padding');
    this.#bits = (this.#bits << 6) | value;
    this.#count += 1;
    if (this.#count < 4) return;
    this.#out.add((this.#bits >> 16) & 255);
    this.#out.add((this.#bits >> 8) & 255);
    this.#out.add(this.#bits & 255);
    this.#bits = 0;
    this.#count = 0;
  }

  /** A group of two or three characters, padded or at the end. */
  #finishGroup(): void {
    if (this.#count === 1) this.#fail('one character is left over');
    if (this.#count === 2) this.#out.add((this.#bits >> 4) & 255);
    if (this.#count === 3) {
      this.#out.add((this.#bits >> 10) & 255);
      this.#out.add((this.#bits >> 2) & 255);
    }
    this.#bits = 0;
    this.#count = 0;
    this.#padded = 0;
  }

  #fail(problem: string): never {
    throw formError('base64', { line: this.#line, column: Math.max(1, this.#column) }, problem);
  }
}
