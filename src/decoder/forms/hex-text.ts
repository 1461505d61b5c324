import { formError, type TextPosition } from '../errors.js';
import { ByteRun } from './byte-run.js';
import type { FormParser, FormSink } from './form.js';

const separator = 16;
const prefix = 17;
const backslash = 18;
const bad = 255;

const classes = new Uint8Array(256).fill(bad);
for (let digit = 0; digit < 10; digit++) classes[0x30 + digit] = digit;
for (let digit = 10; digit < 16; digit++) {
  classes[0x41 + digit - 10] = digit;
  classes[0x61 + digit - 10] = digit;
}
for (const char of ' \t\r\n:-,"') classes[char.charCodeAt(0)] = separator;
for (const char of 'xX') classes[char.charCodeAt(0)] = prefix;
classes[0x5c] = backslash;

/**
 * Plain hexadecimal text in any case: `0e00`, `0e:00`, `0e-00`, `0x0e, 0x00`, `\x0e\x00`, also in
 * quotes. A group with an odd number of digits is an error, except a single digit after `0x`.
 */
export class HexTextParser implements FormParser {
  readonly #out: ByteRun;
  readonly #form: string;
  #high = -1;
  #digits = 0;
  #prefixed = false;
  #escaped = false;
  #line = 1;
  #lineStart = 0;
  #offset = 0;

  constructor(sink: FormSink, form = 'hex') {
    this.#out = new ByteRun(sink);
    this.#form = form;
  }

  push(chunk: Uint8Array): void {
    for (let i = 0; i < chunk.length; i++, this.#offset++) {
      const code = chunk[i] ?? 0;
      const kind = classes[code] ?? bad;
      if (kind < 16) this.#digit(kind);
      else if (kind === separator) {
        this.#endGroup();
        if (code === 0x0a) {
          this.#line += 1;
          this.#lineStart = this.#offset + 1;
        }
      } else this.#mark(kind, code);
    }
    this.#out.flush();
  }

  end(): void {
    this.#endGroup();
    this.#out.flush();
  }

  #digit(value: number): void {
    this.#digits += 1;
    this.#escaped = false;
    if (this.#high < 0) {
      this.#high = value;
      return;
    }
    this.#out.add((this.#high << 4) | value);
    this.#high = -1;
  }

  #mark(kind: number, code: number): void {
    if (kind === backslash) {
      this.#endGroup();
      this.#escaped = true;
      return;
    }
    const afterZero = this.#digits === 1 && this.#high === 0;
    // In an unbroken `0x0e0x00` the zero of the next prefix stands where a digit could.
    const afterByte = this.#high === 0 && this.#prefixed;
    if (kind === prefix && (this.#escaped || afterZero || afterByte)) {
      this.#high = -1;
      this.#digits = 0;
      this.#prefixed = !this.#escaped;
      this.#escaped = false;
      return;
    }
    const shown = code > 0x20 && code < 0x7f ? `"${String.fromCharCode(code)}"` : `byte ${code}`;
    throw formError(this.#form, this.#here(0), `${shown} is not a hexadecimal digit`);
  }

  #endGroup(): void {
    if (this.#high >= 0) {
      if (!(this.#prefixed && this.#digits === 1)) {
        throw formError(this.#form, this.#here(-1), 'a digit without its pair (odd digit count)');
      }
      this.#out.add(this.#high);
    }
    this.#high = -1;
    this.#digits = 0;
    this.#prefixed = false;
    this.#escaped = false;
  }

  #here(shift: number): TextPosition {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1 + shift };
  }
}
