import { formError } from '../errors.js';
import { ByteRun } from './byte-run.js';
import type { FormParser, FormSink } from './form.js';

type State =
  | 'value'
  | 'first-item'
  | 'item'
  | 'number'
  | 'after-item'
  | 'first-key'
  | 'key'
  | 'in-string'
  | 'colon'
  | 'member'
  | 'after-member';

/**
 * Bytes as JSON: an array of numbers, or what Node.js prints for a Buffer. Several such values may
 * follow each other and are joined.
 */
export class JsonBytesParser implements FormParser {
  readonly #out: ByteRun;
  #state: State = 'value';
  #inObject = false;
  #number = 0;
  #text = '';
  #key = '';
  #textIsKey = false;
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
      }
      this.#char(String.fromCharCode(code));
    }
    this.#out.flush();
  }

  end(): void {
    if (this.#state === 'number' || this.#state !== 'value') {
      this.#fail('the text ends inside a value');
    }
    this.#out.flush();
  }

  #char(char: string): void {
    if (this.#state === 'in-string') {
      this.#stringChar(char);
      return;
    }
    if (this.#state === 'number') {
      if (char >= '0' && char <= '9') {
        this.#number = this.#number * 10 + Number(char);
        if (this.#number > 255) this.#fail('a byte is at most 255');
        return;
      }
      this.#out.add(this.#number);
      this.#state = 'after-item';
    }
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return;
    if (this.#inObject && this.#objectChar(char)) return;
    this.#arrayChar(char);
  }

  #arrayChar(char: string): void {
    const state = this.#state;
    if (state === 'value') {
      if (char === ',') return;
      if (char === '[') this.#state = 'first-item';
      else if (char === '{') {
        this.#inObject = true;
        this.#state = 'first-key';
      } else this.#fail('expected [ or {"type":"Buffer","data":[…]}');
    } else if ((state === 'first-item' || state === 'after-item') && char === ']') {
      this.#state = this.#inObject ? 'after-member' : 'value';
    } else if (state === 'after-item' && char === ',') {
      this.#state = 'item';
    } else if ((state === 'first-item' || state === 'item') && char >= '0' && char <= '9') {
      this.#number = Number(char);
      this.#state = 'number';
    } else this.#fail(`unexpected "${char}", a byte is a number from 0 to 255`);
  }

  /** True when the character belonged to the object around the data. */
  #objectChar(char: string): boolean {
    const state = this.#state;
    if ((state === 'first-key' || state === 'key') && char === '"') this.#beginString(true);
    else if (state === 'colon' && char === ':') this.#state = 'member';
    else if (state === 'member' && this.#key === 'data' && char === '[') {
      this.#state = 'first-item';
    } else if (state === 'member' && this.#key === 'type' && char === '"') {
      this.#beginString(false);
    } else if (state === 'after-member' && char === ',') this.#state = 'key';
    else if ((state === 'after-member' || state === 'first-key') && char === '}') {
      this.#inObject = false;
      this.#state = 'value';
    } else if (state === 'first-item' || state === 'item' || state === 'after-item') return false;
    else this.#fail(`unexpected "${char}" in the object around the bytes`);
    return true;
  }

  #beginString(isKey: boolean): void {
    this.#textIsKey = isKey;
    this.#text = '';
    this.#state = 'in-string';
  }

  #stringChar(char: string): void {
    if (char !== '"') {
      this.#text += char;
      if (this.#text.length > 16) this.#fail('expected the members "type" and "data"');
      return;
    }
    if (!this.#textIsKey) {
      if (this.#text !== 'Buffer') this.#fail('"type" must be "Buffer"');
      this.#state = 'after-member';
      return;
    }
    if (this.#text !== 'type' && this.#text !== 'data') {
      this.#fail('expected the members "type" and "data"');
    }
    this.#key = this.#text;
    this.#state = 'colon';
  }

  #fail(problem: string): never {
    throw formError('json', { line: this.#line, column: Math.max(1, this.#column) }, problem);
  }
}
