import { formError, type TextPosition } from '../errors.js';
import { ByteRun } from './byte-run.js';
import type { FormParser, FormSink, Side } from './form.js';
import { LineReader } from './lines.js';

const token = /[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|"(?:[^"\\]|\\.)*"|\S/g;
const stringPart = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))|([^\\])/gs;
const peer = /^peer([01])_\d+$/;
const simpleEscapes: Readonly<Record<string, number>> = {
  ...{ n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11 },
};

/**
 * Byte arrays and strings of C source: what stands between braces, or string literals. Names
 * `peer0_…` and `peer1_…` (the followed stream of Wireshark) tell the two sides apart.
 */
export class CSourceParser implements FormParser {
  readonly #out: ByteRun;
  readonly #lines: LineReader;
  readonly #form: string;
  #depth = 0;
  #inComment = false;
  #side: Side = undefined;

  constructor(sink: FormSink, form = 'c') {
    this.#out = new ByteRun(sink);
    this.#form = form;
    this.#lines = new LineReader(form, (line, number) => this.#line(line, number));
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
    this.#out.flush();
  }

  end(): void {
    this.#lines.end();
    this.#out.flush();
  }

  #line(line: string, number: number): void {
    const code = this.#withoutComments(line);
    for (const match of code.matchAll(token)) {
      const position = { line: number, column: match.index + 1 };
      const text = match[0];
      const named = peer.exec(text);
      if (named !== null) this.#side = named[1] === '0' ? 0 : 1;
      else if (text === '{') this.#open();
      else if (text === '}') this.#depth = Math.max(0, this.#depth - 1);
      else if (text.startsWith('"')) this.#literal(text);
      else if (this.#depth > 0) this.#element(text, position);
    }
  }

  #open(): void {
    this.#depth += 1;
    this.#out.setSide(this.#side);
  }

  #element(text: string, position: TextPosition): void {
    if (text === ',') return;
    const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
    if (!(value >= 0 && value <= 255)) {
      throw formError(this.#form, position, `"${text}" is not a byte`);
    }
    this.#out.add(value);
  }

  #literal(text: string): void {
    this.#out.setSide(this.#side);
    for (const [, hex, octal, simple, plain] of text.slice(1, -1).matchAll(stringPart)) {
      if (hex !== undefined) this.#out.add(Number.parseInt(hex, 16));
      else if (octal !== undefined) this.#out.add(Number.parseInt(octal, 8) & 255);
      else if (plain !== undefined) this.#out.add(plain.charCodeAt(0));
      else if (simple !== undefined) {
        this.#out.add(simpleEscapes[simple] ?? simple.charCodeAt(0));
      }
    }
  }

  /**
   * The line with comments blanked. A comment that shows bytes as text can contain the end mark,
   * hence it runs to the last one of the line unless another comment begins in between.
   */
  #withoutComments(line: string): string {
    let code = line;
    if (this.#inComment) {
      const end = code.indexOf('*/');
      if (end < 0) return '';
      this.#inComment = false;
      code = ' '.repeat(end + 2) + code.slice(end + 2);
    }
    for (let start = code.indexOf('/*'); start >= 0; start = code.indexOf('/*', start + 1)) {
      const first = code.indexOf('*/', start + 2);
      if (first < 0) {
        this.#inComment = true;
        return code.slice(0, start);
      }
      const next = code.indexOf('/*', first + 2);
      const end = next < 0 ? code.lastIndexOf('*/') : first;
      code = code.slice(0, start) + ' '.repeat(end + 2 - start) + code.slice(end + 2);
    }
    const lineComment = code.indexOf('//');
    return lineComment < 0 ? code : code.slice(0, lineComment);
  }
}
